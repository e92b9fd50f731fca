import type { OrchestrationContext } from 'durable-functions';
import type { RunStatus } from '../../shared/domain/run';
import { runToReport, type EarlyEnd, type RunInfo } from './run';
import { call, enter, type Steps } from './steps';
import { eachUnit } from './units';

/** Copies the active side into a sealed snapshot. */
export function* sync(context: OrchestrationContext): Steps<RunStatus> {
  return yield* runToReport(context, syncSource);
}

/** The export of every partition, then the seal: the manifest is written last, so a torn snapshot is never restored. */
export function* syncSource(context: OrchestrationContext, { runId }: RunInfo): Steps<EarlyEnd | undefined> {
  yield* enter(context, runId, 'syncing');
  const { units } = yield* call(context, 'listUnits', { runId });
  yield* eachUnit(context, runId, 'exportPartition', units);
  const { snapshot, suspect } = yield* call(context, 'sealSnapshot', { runId });
  if (suspect.length === 0) return undefined;
  const why = `the snapshot is suspect and was not applied: ${suspect.join('; ')}`;
  const what = `accept it by a refresh with "snapshot": ${JSON.stringify(snapshot)}, or raise maxChange`;
  return { cancelled: false, reason: `${why}; ${what}` };
}
