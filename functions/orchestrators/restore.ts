import type { OrchestrationContext } from 'durable-functions';
import type { Wave } from '../../shared/domain/plan';
import { eachWave } from './lane';
import type { RunInfo } from './run';
import { call, enter, type Steps } from './steps';
import { eachUnit } from './units';

/** Decides everything beforehand: the plan that the rest of the run only walks. */
export function* makePlan(context: OrchestrationContext, { runId }: RunInfo): Steps<readonly Wave[]> {
  yield* enter(context, runId, 'planning');
  const { units } = yield* call(context, 'listPlanUnits', { runId });
  yield* eachUnit(context, runId, 'planUnit', units);
  const { waves } = yield* call(context, 'layPlan', { runId });
  return waves;
}

/** Brings the target to the state of the plan, wave by wave, then reads it back. Everything stays asleep. */
export function* restoreTarget(
  context: OrchestrationContext,
  { runId }: RunInfo,
  waves: readonly Wave[],
): Steps<void> {
  yield* enter(context, runId, 'restoring', waves.length);
  yield* eachWave(context, waves, { runId, phase: 'restoring', activity: 'restoreItem' });
  yield* enter(context, runId, 'verifying', waves.length);
  yield* eachWave(context, waves, { runId, phase: 'verifying', activity: 'verifyItem' });
}

/** Puts asleep what is gone at the source, and removes in time what is ours of it. */
export function* retireTarget(context: OrchestrationContext, { runId }: RunInfo): Steps<void> {
  const { waves } = yield* call(context, 'layRetire', { runId });
  if (waves.length === 0) return;
  yield* enter(context, runId, 'retiring', waves.length);
  yield* eachWave(context, waves, { runId, phase: 'retiring', activity: 'retireItem' });
}
