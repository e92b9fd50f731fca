import { type Problem } from './diagnostics';
import { type Answer, type Decision, type End, type HistoryEvent } from './protocol';
import { type Outcome } from './replay';

const warnPayloadBytes = 45 * 1024;
const maxPayloadBytes = 1024 * 1024;
const maxStatusKb = 16;
const maxActions = 100_000;
const warnHistoryEvents = 2_000;

/** The open tasks of the SDK's executor: private, so nothing is taken for granted. */
interface SdkTask {
  readonly actionObj?:
    string | { readonly actionType?: number; readonly functionName?: string; readonly isCanceled?: boolean };
}

interface SdkContext {
  readonly df?: {
    readonly taskOrchestratorExecutor?: { readonly openTasks?: Readonly<Record<string, SdkTask>> };
  };
}

/**
 * The protocol carries no task ids: SDK and extension count on their own. Compares what both hold open after an unfinished turn and so
 * finds a divergence at the turn where it happens.
 */
export function checkSequence(context: unknown, { open, comparableBelow }: Outcome): Problem[] {
  const tasks = (context as SdkContext | undefined)?.df?.taskOrchestratorExecutor?.openTasks;
  if (tasks === undefined) return [];
  const faults: string[] = [];
  for (const [id, decision] of open) {
    const task = tasks[id];
    const name = task && describeTask(task);
    if (name === undefined)
      faults.push(`id ${id}: the host runs ${describe(decision)}, the SDK awaits nothing`);
    else if (name !== 'retry' && name !== describe(decision)) {
      faults.push(`id ${id}: the host runs ${describe(decision)}, the SDK awaits ${name}`);
    }
  }
  for (const [id, task] of Object.entries(tasks)) {
    if (!(Number(id) < comparableBelow) || open.has(Number(id)) || isCanceled(task)) continue;
    faults.push(`id ${id}: the SDK awaits ${describeTask(task)}, the host runs nothing`);
  }
  return faults.length === 0
    ? []
    : [{ code: 'sequence', message: faults.slice(0, 4).join('; '), fatal: false }];
}

function describe(decision: Decision): string {
  return decision.kind === 'timer' ? 'a timer' : decision.name;
}

function describeTask({ actionObj }: SdkTask): string {
  if (typeof actionObj === 'string') return 'retry';
  return (
    actionObj?.functionName ??
    (actionObj?.actionType === 5 ? 'a timer' : `action ${actionObj?.actionType ?? '?'}`)
  );
}

function isCanceled({ actionObj }: SdkTask): boolean {
  return typeof actionObj === 'object' && actionObj.isCanceled === true;
}

/** The action list as texts that can be compared from turn to turn; a timer may be cancelled later. */
export function actionTexts(answer: Answer): string[] {
  const keep = (key: string, value: unknown): unknown => (key === 'isCanceled' ? undefined : value);
  return (answer.actions[0] ?? []).map((action) => JSON.stringify(action, keep));
}

/** The list may only grow: an entry that changes shows orchestrator code that is not deterministic. */
export function checkStability(before: readonly string[], now: readonly string[]): Problem[] {
  const at = before.findIndex((text, index) => now[index] !== text);
  if (at < 0) return [];
  const texts = [before[at], now[at]].map((text) => (text ?? 'nothing').slice(0, 300));
  const message = `action ${at} changed between replays: ${texts.join(' -> ')}`;
  return [{ code: 'unstable-actions', message, fatal: false }];
}

export function checkPayloads(
  events: readonly HistoryEvent[],
  decisions: readonly Decision[],
  end: End | undefined,
): Problem[] {
  const texts: [string, string | null | undefined][] = [
    ...events.map((event): [string, typeof event.Input] => [
      `event ${event.EventType}`,
      event.Result ?? event.Input,
    ]),
    ...decisions.map((each): [string, string | null] => [
      `input of ${describe(each)}`,
      'input' in each ? each.input : null,
    ]),
    ['output', end?.output],
  ];
  return texts.flatMap(([what, text]) => {
    const bytes = text === null || text === undefined ? 0 : Buffer.byteLength(text);
    if (bytes <= warnPayloadBytes) return [];
    const fatal = bytes > maxPayloadBytes;
    return [
      {
        code: fatal ? 'payload-size' : 'payload-large',
        message: `${what} has ${bytes} bytes`,
        fatal,
      } as const,
    ];
  });
}

/** 16 KB as UTF-16; the kilobytes are truncated, as in the extension. */
export function checkStatus(customStatus: string | null): Problem[] {
  const sizeKb = Math.trunc(((customStatus?.length ?? 0) * 2) / 1024);
  if (sizeKb <= maxStatusKb) return [];
  const message = `The UTF-16 size of the JSON-serialized payload must not exceed ${maxStatusKb} KB. The current payload size is ${sizeKb} KB.`;
  return [{ code: 'status-size', message, fatal: true }];
}

export function checkCounts(answer: Answer, eventsBefore: number, eventsNow: number): Problem[] {
  const actions = answer.actions[0]?.length ?? 0;
  const problems: Problem[] = [];
  if (actions > maxActions)
    problems.push({ code: 'action-count', message: `${actions} actions`, fatal: true });
  if (eventsBefore <= warnHistoryEvents && eventsNow > warnHistoryEvents) {
    problems.push({ code: 'history-large', message: `${eventsNow} events in the history`, fatal: false });
  }
  return problems;
}
