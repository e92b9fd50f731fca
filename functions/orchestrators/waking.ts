import type { OrchestrationContext } from 'durable-functions';
import { eachWave, type Round } from './lane';
import { call, callChild, pause, resultOfError, RunFailed, RunStopped, throwResult } from './steps';
import type { ChildResult, Steps } from './steps';

/** Between two rounds of waking (ms). */
const roundPauseMs = 300_000;
/** A day of rounds: after that, what still sleeps is a person's work, and the report names it. */
const lastRound = 288;
/** Rounds that change nothing although the target answers: what is left then does not heal by itself. */
const maxIdleRounds = 3;

interface WakingWork {
  readonly runId: string;
  /** From 1. */
  readonly round: number;
  readonly idleRounds: number;
  /** Work items that the round before left; absent when it did not come so far. */
  readonly left?: number;
}

/**
 * Wakes exactly what was awake, tier by tier. Once the active role has moved there is no way back: what cannot be woken now,
 * because the target or the storage does not answer, is tried again in later rounds.
 */
export function* wakeTarget(context: OrchestrationContext, runId: string): Steps<void> {
  const first: WakingWork = { runId, round: 1, idleRounds: 0 };
  const result = yield* callChild(context, 'waking', { id: `${runId}:waking`, input: first });
  throwResult(result as ChildResult);
}

/** One round, then itself again while something is left. Never throws. */
export function* waking(context: OrchestrationContext): Steps<ChildResult> {
  const work = context.df.getInput<WakingWork>();
  const { runId, round } = work;
  const isLast = round === lastRound || work.idleRounds === maxIdleRounds;
  let next: Pick<WakingWork, 'idleRounds' | 'left'>;
  try {
    const { left, alive } = yield* wakeRound(context, runId, { number: round, isLast });
    if (left === 0) return {};
    next = { left, idleRounds: left < (work.left ?? Infinity) ? 0 : work.idleRounds + Number(alive) };
  } catch (error) {
    if (isLast || error instanceof RunStopped) return resultOfError(error);
    next = { ...work, idleRounds: work.idleRounds + Number(error instanceof RunFailed) };
  }
  yield* pause(context, roundPauseMs);
  context.df.continueAsNew({ runId, ...next, round: round + 1 });
  return {};
}

/** How many work items are left, and whether the target answered when the round began. */
function* wakeRound(
  context: OrchestrationContext,
  runId: string,
  round: Round,
): Steps<{ readonly left: number; readonly alive: boolean }> {
  const { waves, msPerItem, alive } = yield* call(context, 'layWake', { runId });
  const work = { runId, phase: 'cuttingOver', activity: 'wakeItem', msPerItem, round } as const;
  const left = yield* eachWave(context, waves, work);
  if (left === 0) yield* call(context, 'finishCutover', { runId });
  return { left, alive };
}
