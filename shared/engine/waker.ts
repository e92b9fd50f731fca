import { adapterOf } from '../adapters/registry';
import { keyOf, parseKey, type AssetKey } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import type { PlanEntry, Wave } from '../domain/plan';
import type { AwakeEntry } from '../domain/state';
import { readAwake } from '../storage/pair-state';
import { readBodies } from '../storage/packs';
import { writePlanChunk, type ItemResult } from '../storage/runs';
import { endingTenure, triggeredAdapters } from './awake';
import { makeDesired } from './desired';
import { idMap, idMaps } from './id-map';
import { assetOf, refOf } from './plan-compare';
import { chunkItems } from './plan-waves';
import { readReadiness } from './readiness-judge';
import type { RunContext } from './run-context';
import { readOutOfScope } from './scope-book';
import { linesById } from './snapshot-bodies';
import { bodyOrLost } from './snapshot-damage';
import { doItem, outcomeOf, type Attempt, type ItemRef } from './work-item';

/** Waves of waking lie beyond those of restoring: tier t is wave `wakeWaves + t`. */
const wakeWaves = 1_000_000;
/** The tier of what has none: it wakes last. */
const lastTier = 100;
/** Of what the others need awake. */
const firstTier = -1;
const era = 'waking';

/** Lays out what has to be woken, tier by tier, from the sealed record. One asset is one work item. */
export async function layWake(context: RunContext): Promise<Wave[]> {
  const sealed = (await readAwake(context.state, context.pair.name, await endingTenure(context))) ?? [];
  const leftAlone = await readOutOfScope(context);
  const record = sealed.filter(({ key }) => !leftAlone.has(key));
  const entries = await entriesOf(context, record);
  const tiers = Map.groupBy(record, ({ key, tier = lastTier }) =>
    adapterOf(parseKey(key).kind).wakesFirst === true ? firstTier : tier,
  );
  const waves: Wave[] = [];
  for (const [tier, awake] of [...tiers].sort(([a], [b]) => a - b)) {
    const wave = wakeWaves + tier;
    const sizes: number[] = [];
    for (let start = 0; start < awake.length; start += chunkItems) {
      const chunk = awake.slice(start, start + chunkItems).flatMap(({ key }) => entries.get(key) ?? []);
      const numbered = chunk.map((entry, item) => ({ ...entry, item }));
      await writePlanChunk(
        context.state,
        context.request.runId,
        wave,
        sizes.push(numbered.length) - 1,
        numbered,
      );
    }
    waves.push({
      wave,
      kinds: [...new Set(awake.map(({ key }) => parseKey(key).kind))],
      chunkItems: sizes,
      settledChunks: 0,
    });
  }
  return waves;
}

async function entriesOf(
  context: RunContext,
  record: readonly AwakeEntry[],
): Promise<Map<AssetKey, PlanEntry>> {
  const entries = new Map<AssetKey, PlanEntry>();
  const awake = new Map(record.map((entry) => [entry.key, entry]));
  for (const { kind } of triggeredAdapters()) {
    const ids = await idMap(context, era, kind);
    const lines = await linesById(context, kind);
    for (const [id, line] of lines) {
      const key = keyOf(kind, id);
      const entry = awake.get(key);
      if (entry === undefined) continue;
      const target = ids.get(id);
      entries.set(key, {
        key,
        name: entry.name,
        partition: kind,
        action: 'update',
        reason: entry.triggers.join(', '),
        needs: line.needs ?? [],
        line,
        ...(target === undefined ? {} : { target }),
      });
    }
  }
  return entries;
}

/** Wakes the assets of one work item: exactly the triggers that were awake, and only what would run. */
export function wakeItem(context: RunContext, ref: ItemRef): Promise<ItemResult> {
  return doItem(context, ref, async (entries) => {
    const readiness = await context.cache.once(`${ref.runId}:readiness`, () =>
      readReadiness(context, ref.runId),
    );
    const asleep = new Map(
      (readiness?.jobs ?? []).flatMap(({ key, state, reasons }) =>
        state === 'notRunnable' ? [[key, reasons]] : [],
      ),
    );
    const lines = entries.flatMap(({ line }) => (line?.bodySha === undefined ? [] : [line]));
    const bodies = await readBodies(context.snapshots, context.pair.name, lines.map(refOf));
    const resolve = await idMaps(
      context,
      era,
      entries.flatMap(({ needs }) => needs),
    );
    return (entry) => wakeOne(context, entry, bodies.get(entry.key), asleep.get(entry.key), resolve);
  });
}

async function wakeOne(
  context: RunContext,
  entry: PlanEntry,
  body: object | undefined,
  notRunnable: readonly string[] | undefined,
  resolve: (kind: string, id: string) => string | undefined,
): Promise<Attempt> {
  const { target, line } = entry;
  const { triggers } = adapterOf(parseKey(entry.key).kind);
  if (line?.skip !== undefined) return { outcome: outcomeOf(entry, 'skipped', `stays asleep: ${line.skip}`) };
  if (target === undefined || line === undefined || triggers === undefined) {
    return { outcome: outcomeOf(entry, 'blocked', 'stays asleep: it is not at the target') };
  }
  if (notRunnable !== undefined) {
    return {
      outcome: outcomeOf(entry, 'skipped', `stays asleep: it would not run: ${notRunnable.join('; ')}`),
    };
  }
  try {
    const adapter = adapterOf(parseKey(entry.key).kind);
    const read = bodyOrLost(body);
    if ('lost' in read) return { outcome: outcomeOf(entry, 'failed', `stays asleep: ${read.lost}`) };
    const { awake } = await makeDesired(context, era, adapter, assetOf(line, read.body), resolve);
    await triggers.wake(context.to, target, awake, triggers.awake(read.body));
    return { outcome: { ...outcomeOf(entry, 'restored', `woken: ${entry.reason}`), target } };
  } catch (error) {
    if (!(error instanceof DrError) || hasCode(error, 'DR_CLAIM_LOST', 'DR_RUN_CANCELLED')) throw error;
    return error.retryable
      ? { left: error.message }
      : { outcome: outcomeOf(entry, 'failed', `stays asleep: ${error.message}`) };
  }
}
