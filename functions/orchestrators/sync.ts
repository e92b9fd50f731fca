import type { OrchestrationContext } from 'durable-functions';
import type { RunStatus } from '../../shared/domain/run';
import { runToReport, type RunInfo } from './run';
import { call, enter, type Steps } from './steps';
import { eachUnit } from './units';

/** Copies the active side into a sealed snapshot. */
export function* sync(context: OrchestrationContext): Steps<RunStatus> {
  return yield* runToReport(context, syncSource);
}

/** The export of every partition, then the seal: the manifest is written last, so a torn snapshot is never restored. */
export function* syncSource(context: OrchestrationContext, { runId }: RunInfo): Steps<undefined> {
  yield* enter(context, runId, 'syncing');
  const { units } = yield* call(context, 'listUnits', { runId });
  yield* eachUnit(context, runId, 'exportPartition', units);
  yield* call(context, 'sealSnapshot', { runId });
  return undefined;
}
