import { type Cron, nextTime, parseCron } from './cron';
import { hashOf, invalid, isJson, type Json, jsonIn, numberIn, requiredText, rowsIn, textIn } from './fields';
import { isZone } from './zone';

export type TriggerKind = 'schedule' | 'periodic' | 'file_arrival' | 'table_update' | 'model' | 'continuous';

/** A trigger that is not paused. */
export interface AwakeTrigger {
  readonly kind: TriggerKind;
  readonly settings: Json;
  /** When it fires next; a continuous one fires whenever nothing runs. */
  dueMs?: number;
  /** How often it has fired. */
  fired: number;
}

const eventKinds = ['file_arrival', 'table_update', 'model'] as const;
const unitMs: Readonly<Record<string, number>> = {
  HOURS: 3_600_000,
  DAYS: 86_400_000,
  WEEKS: 7 * 86_400_000,
};
/** Emulated: something arrives about every 20 s. */
const eventsFromMs = 15_000;
const eventsSpreadMs = 10_000;

/** Refuses triggers that the workspace would refuse; a job has at most one of the three fields. */
export function checkTriggers(settings: Json): void {
  const given = ['schedule', 'trigger', 'continuous'].filter((field) => settings[field] !== undefined);
  const many = rowsIn(settings, 'triggers').length > 0;
  if (given.length > 1 || (many && given.length > 0))
    throw invalid(
      `Only one of schedule, trigger, continuous, triggers can be set, not ${given.join(' and ')}.`,
    );
  for (const field of given) checkPauseStatus(jsonIn(settings, field));
  if (settings['schedule'] !== undefined) cronOf(jsonIn(settings, 'schedule'));
  if (settings['trigger'] !== undefined) checkTrigger(jsonIn(settings, 'trigger'));
}

function checkPauseStatus(trigger: Json): void {
  const status = textIn(trigger, 'pause_status');
  if (status !== undefined && status !== 'PAUSED' && status !== 'UNPAUSED')
    throw invalid(`pause_status must be PAUSED or UNPAUSED, was ${status}`);
}

function cronOf(schedule: Json): { cron: Cron; zone: string } {
  const expression = requiredText(schedule, 'quartz_cron_expression');
  const zone = requiredText(schedule, 'timezone_id');
  const cron = parseCron(expression);
  if (!cron) throw invalid(`Invalid quartz_cron_expression: '${expression}'.`);
  if (!isZone(zone)) throw invalid(`Invalid timezone_id: '${zone}'.`);
  return { cron, zone };
}

function checkTrigger(trigger: Json): void {
  const kinds = [...eventKinds, 'periodic'].filter((kind) => trigger[kind] !== undefined);
  if (kinds.length !== 1)
    throw invalid('A trigger must have exactly one of file_arrival, table_update, periodic, model');
  if (trigger['file_arrival'] !== undefined) requiredText(jsonIn(trigger, 'file_arrival'), 'url');
  if (trigger['periodic'] !== undefined) periodMs(jsonIn(trigger, 'periodic'));
}

function periodMs(periodic: Json): number {
  const interval = numberIn(periodic, 'interval') ?? 0;
  const unit = unitMs[textIn(periodic, 'unit') ?? ''];
  if (interval < 1 || unit === undefined)
    throw invalid('periodic needs an interval of at least 1 and a unit');
  return interval * unit;
}

/** The pause_status that the workspace fills in: a trigger is awake unless told otherwise. */
export function withPauseStatus(settings: Json): Json {
  const filled: Json = { ...settings };
  for (const field of ['schedule', 'trigger', 'continuous']) {
    if (settings[field] === undefined) continue;
    const trigger = jsonIn(settings, field);
    filled[field] = { ...trigger, pause_status: pauseStatus(trigger) };
  }
  return filled;
}

function pauseStatus(trigger: Json): string {
  return textIn(trigger, 'pause_status') ?? 'UNPAUSED';
}

/** The triggers of a job that can make it run. */
export function awakeTriggers(settings: Json): AwakeTrigger[] {
  const entries = [settings, ...rowsIn(settings, 'triggers')];
  return entries.flatMap((entry) => {
    if (pauseStatus(entry) === 'PAUSED') return [];
    const top = (['schedule', 'continuous'] as const).filter((kind) => isAwake(entry[kind]));
    const holder = entry === settings ? entry['trigger'] : entry;
    const nested = isAwake(holder)
      ? [...eventKinds, 'periodic' as const].filter((kind) => isJson(holder[kind]))
      : [];
    return [
      ...top.map((kind) => ({ kind, settings: jsonIn(entry, kind), fired: 0 })),
      ...nested.map((kind) => ({ kind, settings: isJson(holder) ? jsonIn(holder, kind) : {}, fired: 0 })),
    ];
  });
}

function isAwake(trigger: unknown): trigger is Json {
  return isJson(trigger) && pauseStatus(trigger) === 'UNPAUSED';
}

/** When a trigger of a job fires for the next time. */
export function planTrigger(trigger: AwakeTrigger, jobId: number, nowMs: number): void {
  const due = dueOf(trigger, jobId, nowMs);
  if (due === undefined) delete trigger.dueMs;
  else trigger.dueMs = due;
}

function dueOf({ kind, settings, fired }: AwakeTrigger, jobId: number, nowMs: number): number | undefined {
  switch (kind) {
    case 'continuous':
      return undefined;
    case 'periodic':
      return nowMs + periodMs(settings);
    case 'schedule': {
      const { cron, zone } = cronOf(settings);
      return nextTime(cron, zone, nowMs);
    }
    case 'file_arrival':
    case 'table_update':
    case 'model': {
      const arrivesMs = eventsFromMs + (hashOf(`${jobId}/${fired}`) % eventsSpreadMs);
      const apartMs = 1_000 * (numberIn(settings, 'min_time_between_triggers_seconds') ?? 0);
      return nowMs + Math.max(arrivesMs, apartMs);
    }
  }
}
