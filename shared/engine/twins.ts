import type { Adapter } from '../adapters/adapter';
import { adapterOf } from '../adapters/registry';
import { parseKey, type Stub } from '../domain/asset';
import { diff } from '../domain/diff';
import type { Wave } from '../domain/plan';
import type { Outcome } from '../domain/run';
import { readItemResult, writeItemResult, type ItemResult } from '../storage/runs';
import { listTargetUnit } from './listing';
import { readTarget } from './plan-compare';
import { markerOf, type RunContext } from './run-context';

/** An asset that this wave created, and where its outcome lies. */
interface Created {
  readonly outcome: Outcome;
  readonly result: ItemResult;
}

/**
 * Where names are not unique, a create whose answer was lost and that showed up late in the listing may have been made twice. At the
 * end of a wave there is one copy for each marker: the one with the lowest id stays, the others, equal and made by this run, go.
 */
export async function sweepTwins(context: RunContext, { wave, kinds, chunkItems }: Wave): Promise<void> {
  for (const kind of kinds) {
    const adapter = adapterOf(kind);
    if (adapter.marker === undefined || adapter.remove === undefined) continue;
    const created = await createdIn(context, wave, kind, chunkItems);
    if (created.size > 0) await sweepKind(context, adapter, created);
  }
}

/** What the wave created of a kind, by marker. The plan had found nothing with these markers: whatever carries one is of this run. */
async function createdIn(
  context: RunContext,
  wave: number,
  kind: string,
  chunkItems: readonly number[],
): Promise<Map<string, Created>> {
  const created = new Map<string, Created>();
  const { runId } = context.request;
  for (const [chunk, items] of chunkItems.entries()) {
    for (let item = 0; item < items; item += 1) {
      const result = await readItemResult(context.state, runId, 'restoring', wave, chunk, item);
      if (result === undefined) continue;
      for (const outcome of result.outcomes)
        if (outcome.created === true && parseKey(outcome.key).kind === kind)
          created.set(markerOf(context, outcome.key), { outcome, result });
    }
  }
  return created;
}

async function sweepKind(
  context: RunContext,
  adapter: Adapter,
  created: ReadonlyMap<string, Created>,
): Promise<void> {
  context.to.forget();
  const { kind } = adapter;
  const { stubs } = await listTargetUnit(context, { partition: kind, kinds: [kind] });
  const byMarker = Map.groupBy(stubs.get(kind) ?? [], ({ marker = '' }) => marker);
  for (const [marker, twins] of byMarker) {
    const one = created.get(marker);
    if (one !== undefined && twins.length > 1) await keepLowest(context, adapter, one, twins);
  }
}

async function keepLowest(
  context: RunContext,
  adapter: Adapter,
  { outcome, result }: Created,
  twins: readonly Stub[],
): Promise<void> {
  const [kept, ...extra] = twins.toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
  const body = kept && (await readTarget(context, adapter, kept));
  if (kept === undefined || body === undefined) return;
  const removed: string[] = [];
  for (const twin of extra) {
    const other = await readTarget(context, adapter, twin);
    if (other === undefined || diff(body, other, adapter.ignore).length > 0) continue;
    await adapter.remove?.(context.to, twin.id, other);
    removed.push(twin.id);
  }
  if (removed.length === 0) return;
  context.log.warn('an asset was made twice', { key: outcome.key, kept: kept.id, removed });
  const reason = `${outcome.reason}; it was made twice, as an answer was lost: ${removed.join(', ')} is removed again`;
  const told: Outcome = { ...outcome, target: kept.id, reason };
  const outcomes = result.outcomes.map((one) => (one.key === outcome.key ? told : one));
  await writeItemResult(context.state, { ...result, outcomes });
}
