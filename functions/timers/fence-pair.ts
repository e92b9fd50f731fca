import type { PairConfig } from '../../shared/config/schema';
import { markFenced } from '../../shared/engine/cutover';
import { fenceSource } from '../../shared/engine/fence';
import { readLateAwake } from '../../shared/storage/late-awake';
import { readState } from '../../shared/storage/pair-state';
import type { Services } from '../app/services';

/** Quiets the side that the last cutover left behind, now that it answers, in slices as long as that makes progress. */
export async function fencePair(
  { runtime, contexts }: Services,
  pair: PairConfig,
  runId: string,
): Promise<void> {
  const log = runtime.log.with({ pair: pair.name, runId });
  let quieted = 0;
  for (;;) {
    const fence = await fenceSource(await contexts.openUnclaimed(runId));
    quieted += fence.quieted;
    if (fence.incomplete === undefined) break;
    if (fence.quieted > 0) continue;
    log.warn('a side that came back is not quiet yet', {
      quieted,
      left: fence.left.length,
      why: fence.incomplete,
    });
    return;
  }
  await markFenced(await contexts.openUnclaimed(runId));
  const { tenure } = await readState(runtime.state, pair.name, new Date(runtime.now()).toISOString());
  const late = await readLateAwake(runtime.state, pair.name, tenure - 1);
  log.warn('a side that came back was quieted', { quieted, awakeUnknown: late.map(({ key }) => key) });
}
