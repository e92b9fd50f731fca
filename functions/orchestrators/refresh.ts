import type { OrchestrationContext } from 'durable-functions';
import type { RunStatus } from '../../shared/domain/run';
import { makePlan, restoreTarget, retireTarget } from './restore';
import { runToReport, type EarlyEnd, type RunInfo } from './run';
import { call, type Steps } from './steps';
import { syncSource } from './sync';

/** Keeps the standby a faithful, sleeping copy: sync and restore, nothing woken. */
export function* refresh(context: OrchestrationContext): Steps<RunStatus> {
  return yield* runToReport(context, syncAndRestore);
}

function* syncAndRestore(context: OrchestrationContext, run: RunInfo): Steps<EarlyEnd | undefined> {
  const early = yield* getSnapshot(context, run);
  if (early !== undefined) return early;
  if (run.observe) return undefined;
  const waves = yield* makePlan(context, run);
  yield* restoreTarget(context, run, waves);
  yield* retireTarget(context, run);
  yield* call(context, 'judgeReadiness', { runId: run.runId });
  yield* call(context, 'checkPair', { runId: run.runId });
  return undefined;
}

/** The one that a person named because too much has changed in it, or else a new one. */
function* getSnapshot(context: OrchestrationContext, run: RunInfo): Steps<EarlyEnd | undefined> {
  const { runId, snapshot } = run;
  if (snapshot === null) return yield* syncSource(context, run);
  yield* call(context, 'acceptSnapshot', { runId, snapshot });
  return undefined;
}
