import type { OrchestrationContext } from 'durable-functions';
import type { Decision, RunStatus } from '../../shared/domain/run';
import { makePlan, restoreTarget } from './restore';
import { runToReport, type EarlyEnd, type RunInfo } from './run';
import { call, enter, waitForDecision, type Steps } from './steps';
import { wakeTarget } from './waking';

/** Whether a person is asked, whether only a person may answer, and else why nobody is. */
interface Question {
  readonly ask: boolean;
  readonly personOnly: boolean;
  readonly why: string;
}

/** Brings the target to the state of a snapshot, wave by wave, then makes it the active side. */
export function* failover(context: OrchestrationContext): Steps<RunStatus> {
  return yield* runToReport(context, failOver);
}

function* failOver(context: OrchestrationContext, run: RunInfo): Steps<EarlyEnd | undefined> {
  const waves = yield* makePlan(context, run);
  if (run.dryRun) {
    yield* call(context, 'judgeReadiness', { runId: run.runId });
    yield* call(context, 'checkPair', { runId: run.runId });
    return undefined;
  }
  yield* restoreTarget(context, run, waves);
  const readiness = yield* call(context, 'judgeReadiness', { runId: run.runId });
  const decision = yield* decide(context, run, readiness);
  if (decision.verb !== 'approve' && decision.verb !== 'proceed') return earlyEnd(decision);
  return yield* cutOver(context, run, decision);
}

/** Asks for approval of the cutover when policy says so. Nobody answering means hold and ask again, unless policy says cancel. */
function* decide(
  context: OrchestrationContext,
  { runId }: RunInfo,
  { ask, personOnly, why }: Question,
): Steps<Decision> {
  if (!ask) return { verb: 'proceed', who: 'policy', why };
  yield* enter(context, runId, 'approving');
  for (let point = 1; ; point += 1) {
    const opened = yield* call(context, 'openDecision', { runId, point, personOnly });
    const { decided, timeoutMinutes, onTimeout } = opened;
    const decision = decided ?? (yield* waitForDecision(context, point, timeoutMinutes));
    if (decision !== undefined) return decision;
    if (onTimeout === 'cancel') return yield* call(context, 'expireDecision', { runId, point });
  }
}

function earlyEnd({ verb, who, why }: Decision): EarlyEnd {
  const words = {
    approve: 'approved',
    reject: 'rejected',
    cancel: 'cancelled',
    timeout: 'not approved',
    proceed: 'approved',
  };
  return {
    cancelled: true,
    reason: `the cutover was ${words[verb]} by ${who}: ${why}; nothing was switched`,
  };
}

/** Quiets the source as far as it can be reached, moves the active role, and wakes exactly what was awake, tier by tier. */
function* cutOver(
  context: OrchestrationContext,
  run: RunInfo,
  decision: Decision,
): Steps<EarlyEnd | undefined> {
  const { runId } = run;
  yield* enter(context, runId, 'cuttingOver');
  yield* call(context, 'beginCutover', { runId, decision });
  const fence =
    run.fence === 'skip'
      ? { quieted: 0, incomplete: 'skipped by request' }
      : yield* fenceSource(context, run);
  if (fence.incomplete !== undefined && run.fence === 'require') {
    const paused =
      fence.quieted === 0 ? '' : `, and ${fence.quieted} that were awake stay paused at the source`;
    return {
      cancelled: false,
      reason: `the fence is not complete: ${fence.incomplete}; nothing was switched${paused}`,
    };
  }
  yield* call(context, 'switchActive', { runId, fenced: fence.incomplete === undefined });
  yield* wakeTarget(context, runId);
  yield* enter(context, runId, 'reporting');
  return undefined;
}

/** Quiets in slices of one activity's time, as long as that makes progress. */
function* fenceSource(
  context: OrchestrationContext,
  { runId }: RunInfo,
): Steps<{ readonly quieted: number; readonly incomplete?: string }> {
  for (let quieted = 0; ;) {
    const fence = yield* call(context, 'fenceSource', { runId });
    quieted += fence.quieted;
    if (fence.incomplete === undefined) return { quieted };
    if (fence.quieted === 0) return { quieted, incomplete: fence.incomplete };
  }
}
