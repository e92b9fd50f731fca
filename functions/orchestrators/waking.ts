import type { OrchestrationContext } from 'durable-functions';
import { eachWave } from './lane';
import { call, callChild, pause, resultOfError, RunStopped, throwResult } from './steps';
import type { ChildResult, Steps } from './steps';

/** Between two rounds of waking (ms). */
const roundPauseMs = 300_000;
/** A day of rounds: after that, what still sleeps is a person's work, and the report names it. */
const lastRound = 288;

interface WakingWork {
  readonly runId: string;
  /** From 1. */
  readonly round: number;
}

/**
 * Wakes exactly what was awake, tier by tier. Once the active role has moved there is no way back: what cannot be woken now,
 * because the target or the storage does not answer, is tried again in later rounds.
 */
export function* wakeTarget(context: OrchestrationContext, runId: string): Steps<void> {
  const result = yield* callChild(context, 'waking', { id: `${runId}:waking`, input: { runId, round: 1 } });
  throwResult(result as ChildResult);
}

/** One round, then itself again while something is left. Never throws. */
export function* waking(context: OrchestrationContext): Steps<ChildResult> {
  const { runId, round } = context.df.getInput<WakingWork>();
  const isLast = round === lastRound;
  let result: ChildResult = {};
  try {
    if (yield* wakeRound(context, runId, { number: round, isLast })) return {};
  } catch (error) {
    result = resultOfError(error);
    if (error instanceof RunStopped) return result;
  }
  if (isLast) return result;
  yield* pause(context, roundPauseMs);
  context.df.continueAsNew({ runId, round: round + 1 });
  return {};
}

/** True when nothing is left. */
function* wakeRound(
  context: OrchestrationContext,
  runId: string,
  round: { readonly number: number; readonly isLast: boolean },
): Steps<boolean> {
  const { waves, msPerItem } = yield* call(context, 'layWake', { runId });
  const work = { runId, phase: 'cuttingOver', activity: 'wakeItem', msPerItem, round } as const;
  if ((yield* eachWave(context, waves, work)) > 0) return false;
  yield* call(context, 'finishCutover', { runId });
  return true;
}
