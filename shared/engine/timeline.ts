import { phases, type Phase } from '../domain/run';
import type { PhaseTiming } from '../domain/report-input';
import { readStage, writeStage } from '../storage/stages';
import { isoNow, type RunContext } from './run-context';

interface Timeline {
  readonly formatVersion: 1;
  /** When each phase was first entered. */
  readonly entered: Readonly<Partial<Record<Phase, string>>>;
}

const stage = 'timeline';

/** Notes that a phase begins. The first time counts: a repetition changes nothing. */
export async function enterPhase(context: RunContext, phase: Phase): Promise<void> {
  const before = await readEntered(context, context.request.runId);
  if (before[phase] !== undefined) return;
  const timeline: Timeline = { formatVersion: 1, entered: { ...before, [phase]: isoNow(context) } };
  await writeStage(context.state, context.request.runId, stage, timeline);
}

/** When each phase of a run was entered. */
export async function readEntered(
  context: Pick<RunContext, 'state'>,
  runId: string,
): Promise<Timeline['entered']> {
  return (await readStage<Timeline | undefined>(context.state, runId, stage, true))?.entered ?? {};
}

/** The phases that a run went through, each up to the next one. */
export async function timingsOf(context: RunContext, endedAt: string): Promise<PhaseTiming[]> {
  const entered = await readEntered(context, context.request.runId);
  const known = phases.flatMap((phase) => {
    const startedAt = entered[phase];
    return startedAt === undefined ? [] : [{ phase, startedAt }];
  });
  return known.map((one, number) => ({ ...one, endedAt: known[number + 1]?.startedAt ?? endedAt }));
}
