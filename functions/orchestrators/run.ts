import type { OrchestrationContext } from 'durable-functions';
import type { RunStatus } from '../../shared/domain/run';
import { call, enter, messageOf, RunStopped, type Steps } from './steps';
import type { RunOpening } from '../activities';

/** What an orchestrator knows about its run: small, plain, the same at every replay. */
export type RunInfo = RunOpening;

/** A body's word that it ended early, and why; nothing = it did all it was for. */
export interface EarlyEnd {
  readonly cancelled: boolean;
  readonly reason: string;
}

/** The frame of every run: opens it, does the body, and always ends with a report and a released claim. */
export function* runToReport(
  context: OrchestrationContext,
  body: (context: OrchestrationContext, run: RunInfo) => Steps<EarlyEnd | undefined>,
): Steps<RunStatus> {
  const { runId } = context.df.getInput<{ runId: string }>();
  let ending: { reached: boolean; cancelled: boolean; reason?: string } = { reached: true, cancelled: false };
  try {
    yield* enter(context, runId, 'starting');
    const run = yield* call(context, 'openRun', { runId });
    const early = yield* body(context, run);
    if (early !== undefined) ending = { reached: false, ...early };
  } catch (error) {
    ending = { reached: false, cancelled: error instanceof RunStopped, reason: messageOf(error) };
  }
  context.df.setCustomStatus({ phase: 'reporting', wave: 0, waves: 0 });
  const { status } = yield* call(context, 'writeReport', { runId, ending });
  return status;
}
