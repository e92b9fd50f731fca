import { adapterOf, adapters } from '../adapters/registry';
import { parseKey } from '../domain/asset';
import { kindLevels } from '../domain/graph';
import type { Link } from '../domain/link';
import type { PlanEntry, Wave } from '../domain/plan';
import type { Outcome } from '../domain/run';
import { readLinks, writeLinks } from '../storage/links';
import { readState } from '../storage/pair-state';
import { readPlanChunk, streamPlan, writePlanChunk } from '../storage/runs';
import { readStage, writeStage } from '../storage/stages';
import { outcomesOf, planOf } from './ledger';
import { chunkItems } from './plan-waves';
import { isoNow, type RunContext } from './run-context';

/** Waves of retiring lie beyond those of restoring and of waking. */
const retireWaves = 2_000_000;
/** Room for the depths of a tree between two kinds. */
const slots = 1000;
const stage = 'retiring/waves';

interface StoredWaves {
  readonly formatVersion: 1;
  readonly waves: readonly Wave[];
}

/**
 * Lays out what is to be put asleep or removed, what needs others first. Nothing is while the last cutover is not final: the side
 * that was left holds what a way back needs.
 */
export async function layRetire(context: RunContext): Promise<readonly Wave[]> {
  const waves = (await mayRetire(context)) ? await layWaves(context) : [];
  await writeStage<StoredWaves>(context.state, context.request.runId, stage, { formatVersion: 1, waves });
  return waves;
}

async function mayRetire(context: RunContext): Promise<boolean> {
  const { request, state, pair, source } = context;
  if (request.kind !== 'refresh' || request.dryRun || request.scope !== undefined) return false;
  if ((await planOf(context)).counts.retire === 0) return false;
  const now = await readState(state, pair.name, isoNow(context));
  return now.committed && now.cutover === 'none' && now.active === source;
}

async function layWaves(context: RunContext): Promise<Wave[]> {
  const order = removalOrder();
  const byWave = new Map<number, PlanEntry[]>();
  for await (const entry of streamPlan(context.state, await planOf(context))) {
    if (entry.retire !== true) continue;
    const wave = retireWaves + (order.get(parseKey(entry.key).kind) ?? 0) * slots + rankOf(entry);
    const entries = byWave.get(wave) ?? [];
    entries.push(entry);
    byWave.set(wave, entries);
  }
  const waves: Wave[] = [];
  for (const [wave, entries] of [...byWave].sort(([a], [b]) => a - b))
    waves.push(await writeWave(context, wave, entries));
  return waves;
}

/** The kinds by their levels, the last first: what refers to others goes before them. */
function removalOrder(): Map<string, number> {
  const kinds = kindLevels(adapters).flat().toReversed();
  return new Map(kinds.map((kind, number) => [kind, number]));
}

/** In a kind whose assets hold each other (folders), the deepest first. */
function rankOf({ key }: PlanEntry): number {
  const { kind, id } = parseKey(key);
  const holdsItself = adapterOf(kind).references.some(({ to, by }) => to === kind && by === 'path');
  return holdsItself ? slots - 1 - Math.min(id.split('/').length, slots - 1) : 0;
}

async function writeWave(context: RunContext, wave: number, entries: readonly PlanEntry[]): Promise<Wave> {
  const { kind } = parseKey(entries[0]?.key ?? '');
  const size = adapterOf(kind).batchSize ?? 1;
  const sizes: number[] = [];
  for (let start = 0; start < entries.length; start += size * chunkItems) {
    const chunk = entries
      .slice(start, start + size * chunkItems)
      .map((entry, place) => ({ ...entry, item: Math.floor(place / size) }));
    const number = sizes.push(Math.ceil(chunk.length / size)) - 1;
    await writePlanChunk(context.state, context.request.runId, wave, number, chunk);
  }
  return { wave, kinds: [kind], chunkItems: sizes, settledChunks: 0 };
}

/** Closes a wave: forgets the links of what was removed, and remembers how the others were left. Repeatable. */
export async function sealRetired(context: RunContext, wave: number): Promise<void> {
  const { runId } = context.request;
  const { waves } = await readStage<StoredWaves>(context.state, runId, stage);
  const done = new Map<string, { entry: PlanEntry; outcome: Outcome }[]>();
  for (const [chunk, items] of (waves.find((one) => one.wave === wave)?.chunkItems ?? []).entries()) {
    const outcomes = await outcomesOf(context, 'retiring', wave, chunk, items);
    for (const entry of await readPlanChunk(context.state, runId, wave, chunk)) {
      const outcome = outcomes.get(entry.key);
      if (outcome?.removed !== true && outcome?.targetSha === undefined) continue;
      done.set(entry.partition, [...(done.get(entry.partition) ?? []), { entry, outcome }]);
    }
  }
  for (const [partition, changed] of done) await sealPart(context, partition, changed);
}

async function sealPart(
  context: RunContext,
  partition: string,
  changed: readonly { readonly entry: PlanEntry; readonly outcome: Outcome }[],
): Promise<void> {
  const { kind } = parseKey(changed[0]?.entry.key ?? '');
  const stored = await readLinks(context.state, context.pair.name, kind, partition);
  if (stored === undefined) return;
  const outcomes = new Map(changed.map(({ entry, outcome }) => [parseKey(entry.key).id, outcome]));
  const links = stored.links.flatMap((link): Link[] => {
    const outcome = outcomes.get(link[context.source]);
    if (outcome?.removed === true) return [];
    // Without a base: should the source have it again, it has changed there.
    return outcome?.targetSha === undefined
      ? [link]
      : [{ ...link, base: '', mapSha: '', targetSha: outcome.targetSha }];
  });
  await context.holdsClaim();
  await writeLinks(context.state, context.pair.name, { ...stored, links });
}
