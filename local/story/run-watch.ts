import { setTimeout as sleep } from 'node:timers/promises';
import { type RunView } from '../../functions/http/run-view';
import { type Phase } from '../../shared/domain/run';
import { duration, number, phaseTitles } from '../../shared/domain/report-words';
import { type AppClient } from '../app-client';
import { type Screen } from '../screen';
import { type Progress } from './progress';

/** What the chapters of the story share. */
export interface Telling {
  readonly app: AppClient;
  readonly screen: Screen;
  readonly progress: Progress;
}

interface PlanHead {
  readonly counts: Readonly<Record<string, number>>;
}

const pollMs = 400;
/** Phases without a line of their own: they are over in no time, or the story has its own words for them. */
const silent: readonly Phase[] = ['starting', 'approving', 'reporting'];

const doing: Readonly<Record<Phase, string>> = {
  starting: '',
  syncing: 'listing and exporting, partition by partition',
  planning: 'comparing the snapshot with what is there',
  restoring: 'creating and updating, asleep',
  verifying: 'reading back what was written',
  retiring: 'putting asleep, or removing, what is gone at the source',
  approving: 'waiting for a decision',
  cuttingOver: 'moving the active role, waking tier by tier',
  sweeping: 'removing what nothing needs, verifying what is kept',
  reporting: 'adding up',
};

/** Follows a run, a line for each phase that is over, until `isEnough`. Returns how it stands then; `known` is how it stood before. */
export async function watchRun(
  telling: Telling,
  runId: string,
  isEnough: (run: RunView) => boolean,
  known?: RunView,
): Promise<RunView> {
  const { app, progress } = telling;
  let before = known;
  let sinceMs = Date.now();
  for (;;) {
    const run = await app.get<RunView>(`/api/runs/${runId}`);
    tellChange(telling, run, before);
    if (before !== undefined && before.phase !== run.phase) {
      await tellPhase(telling, before, run, (Date.now() - sinceMs) / 1000);
      sinceMs = Date.now();
    }
    before = run;
    if (isEnough(run)) {
      progress.clear();
      return run;
    }
    showPhase(progress, run);
    await sleep(pollMs);
  }
}

export function isOver({ status }: RunView): boolean {
  return status !== 'running';
}

/** For programs: each new phase, and each time that its counts grew. */
function tellChange({ screen }: Telling, run: RunView, before: RunView | undefined): void {
  const { phase, counts } = run;
  const isNew =
    before?.phase !== phase || doneOf(before) !== doneOf(run) || before.counts.total !== counts.total;
  if (isNew) tellPhaseEvent(screen, run);
}

/** For programs: the phase that a run is in, and how far it is. */
export function tellPhaseEvent(screen: Screen, { id: runId, phase, counts }: RunView): void {
  screen.event({ event: 'phase', runId, phase, counts });
}

function showPhase(progress: Progress, run: RunView): void {
  const { phase, counts, wave, waves } = run;
  const title = phaseTitles[phase];
  if (phase === 'restoring') progress.show(title, 'assets', doneOf(run), counts.total);
  else if (phase === 'verifying' && waves > 0) progress.show(title, 'waves', wave, waves);
  else progress.show(title, doing[phase]);
}

async function tellPhase(
  { app, screen, progress }: Telling,
  { id, phase }: RunView,
  { counts }: RunView,
  seconds: number,
): Promise<void> {
  if (silent.includes(phase)) return;
  const words = await phaseWords(app, id, phase, counts);
  progress.clear();
  screen.step(phaseTitles[phase], `${words.padEnd(56)} ${screen.style('dim', duration(seconds))}`);
}

async function phaseWords(
  app: AppClient,
  runId: string,
  phase: Phase,
  counts: RunView['counts'],
): Promise<string> {
  switch (phase) {
    case 'syncing':
      return 'everything is in a sealed snapshot';
    case 'planning': {
      const plan = await app.get<PlanHead>(`/api/runs/${runId}/plan?limit=1`);
      return wordsOf(plan.counts, ['create', 'update', 'unchanged', 'skip', 'conflict', 'blocked', 'retire']);
    }
    case 'restoring':
      return wordsOf(counts, ['restored', 'unchanged', 'skipped', 'conflict', 'blocked', 'failed']);
    case 'verifying':
      return 'read back and compared';
    case 'cuttingOver':
      return 'the active role has moved, schedules are awake';
    case 'starting':
    case 'retiring':
    case 'sweeping':
    case 'approving':
    case 'reporting':
      return '';
  }
}

/** `873 create · 173 unchanged`: only what there is. */
function wordsOf(counts: Readonly<Record<string, number>>, names: readonly string[]): string {
  const parts = names.flatMap((name) => {
    const value = counts[name] ?? 0;
    return value > 0 ? [`${number(value)} ${name}`] : [];
  });
  return parts.length === 0 ? 'nothing to do' : parts.join(' · ');
}

function doneOf({ counts: { total, ...outcomes } }: RunView): number {
  return Object.values(outcomes).reduce((sum, value) => sum + value, 0);
}
