import type { PairConfig } from '../../shared/config/schema';
import { markFenced } from '../../shared/engine/cutover';
import { fenceSource } from '../../shared/engine/fence';
import { listFirings } from '../../shared/engine/firings';
import type { Services } from '../app/services';

/** Keys that one log line names. */
const maxNamed = 50;

/** Quiets the side that the last cutover left behind, now that it answers, in slices as long as that makes progress. */
export async function fencePair(
  { runtime, contexts }: Services,
  pair: PairConfig,
  runId: string,
): Promise<void> {
  const log = runtime.log.with({ pair: pair.name, runId });
  let quieted = 0;
  for (;;) {
    const fence = await fenceSource(await contexts.openFence(runId));
    quieted += fence.quieted;
    if (fence.incomplete === undefined) break;
    if (fence.quieted > 0) continue;
    const { left, incomplete: why } = fence;
    log.warn('a side that came back is not quiet yet', { quieted, left: left.length, why });
    return;
  }
  const context = await contexts.openUnclaimed(runId);
  const { late, running } = await listFirings(context);
  await markFenced(context);
  log.warn('a side that came back was quieted', { quieted, late: late.slice(0, maxNamed) });
  if (running.length > 0) {
    const runs = running.slice(0, maxNamed);
    log.warn('work still runs at a side that is not active', { assets: running.length, runs });
  }
}
