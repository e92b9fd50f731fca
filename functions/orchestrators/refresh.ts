import type { OrchestrationContext } from 'durable-functions';
import type { RunStatus } from '../../shared/domain/run';
import { makePlan, restoreTarget, retireTarget } from './restore';
import { runToReport, type RunInfo } from './run';
import { call, type Steps } from './steps';
import { syncSource } from './sync';

/** Keeps the standby a faithful, sleeping copy: sync and restore, nothing woken. */
export function* refresh(context: OrchestrationContext): Steps<RunStatus> {
  return yield* runToReport(context, syncAndRestore);
}

function* syncAndRestore(context: OrchestrationContext, run: RunInfo): Steps<undefined> {
  yield* syncSource(context, run);
  if (run.observe) return undefined;
  const waves = yield* makePlan(context, run);
  yield* restoreTarget(context, run, waves);
  yield* retireTarget(context, run);
  yield* call(context, 'judgeReadiness', { runId: run.runId });
  yield* call(context, 'checkPair', { runId: run.runId });
  return undefined;
}
