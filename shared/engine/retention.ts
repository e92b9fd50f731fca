import { retentionSteps, type RetentionPortion, type RetentionStep } from '../domain/retention-steps';
import { paths } from '../storage/layout';
import { markedPacks, markPacks, packsPerScrub, scrubbedPacks } from './retention-mark';
import { planRetention, readRetentionPlan } from './retention-plan';
import { notePortion, perPortion, portionsOf, readPortion, type PortionResult } from './retention-portions';
import { allSlices, scrubPacks } from './retention-scrub';
import { settleDamage } from './retention-settle';
import { findRunBlobs, findUnreferenced, removeBlobs } from './retention-sweep';
import { isoNow, type RunContext } from './run-context';

/** After so long the key of a request may be used for another one (ms). */
const requestKeyMs = 7 * 24 * 3600 * 1000;

const nothing: PortionResult = {
  formatVersion: 1,
  removed: 0,
  bytes: 0,
  refused: 0,
  damaged: [],
  remove: [],
};

/** Does one portion of a retention run, and says which one is next; undefined = all is done. Safe to repeat. */
export async function retainSome(
  context: RunContext,
  portion: RetentionPortion,
): Promise<RetentionPortion | undefined> {
  const { step, at } = portion;
  await work[step](context, portion);
  if (at + 1 < (await portionsOf(context, step))) return { step, at: at + 1 };
  const rest = retentionSteps.slice(retentionSteps.indexOf(step) + 1);
  for (const next of rest) if ((await portionsOf(context, next)) > 0) return { step: next, at: 0 };
  return undefined;
}

const work: Readonly<
  Record<RetentionStep, (context: RunContext, portion: RetentionPortion) => Promise<void>>
> = {
  plan: (context) => planRetention(context),
  mark: async (context, { at }) => {
    const { indexes } = await readRetentionPlan(context);
    await markPacks(context, at, sliceOf(indexes, at, perPortion.mark));
  },
  snapshots: async (context, portion) => {
    const ids = sliceOf((await readRetentionPlan(context)).removed, portion.at, perPortion.snapshots);
    const remove = ids.map((id) => paths.manifest(context.pair.name, id));
    await sweep(context, portion, 'snapshots', () =>
      Promise.resolve({ ...nothing, removed: ids.length, remove }),
    );
  },
  packs: (context, portion) => sweep(context, portion, 'snapshots', () => unreferenced(context, portion.at)),
  runs: async (context, portion) => {
    const ids = sliceOf((await readRetentionPlan(context)).runs, portion.at, perPortion.runs);
    await sweep(context, portion, 'state', async () => {
      const found = await findRunBlobs(context, ids);
      return { ...nothing, ...found, removed: found.remove.length === 0 ? 0 : ids.length };
    });
  },
  requestKeys: (context, portion) =>
    sweep(context, portion, 'state', async () => {
      const cutoff = new Date(context.now() - requestKeyMs).toISOString();
      const found = await findUnreferenced(context.state, paths.idempotencyKeys(), cutoff, new Set());
      return { ...nothing, bytes: found.bytes, remove: found.remove, removed: found.remove.length };
    }),
  scrub: async (context, portion) => {
    const packs = sliceOf(await scrubbedPacks(context), portion.at, packsPerScrub);
    await notePortion(context, portion, {
      ...nothing,
      verified: packs.length,
      damaged: await scrubPacks(context, packs),
    });
  },
  settle: (context) => settleDamage(context),
};

/** Packs and indexes of one slice that nothing kept refers to. While a kept one cannot be read nobody knows what it needs. */
async function unreferenced(context: RunContext, at: number): Promise<PortionResult> {
  const { snapshots, pair } = context;
  const slice = allSlices[at] ?? '';
  const { cutoff, indexes } = await readRetentionPlan(context);
  const marked = await markedPacks(context);
  const wantedPacks = new Set(
    [...marked.packs].filter((sha) => sha.startsWith(slice)).map((sha) => paths.pack(pair.name, sha)),
  );
  const wantedIndexes = new Set(indexes.map((sha) => paths.index(pair.name, sha)));
  const packs = await findUnreferenced(snapshots, paths.packs(pair.name) + slice, cutoff, wantedPacks);
  const stale = await findUnreferenced(snapshots, paths.indexes(pair.name) + slice, cutoff, wantedIndexes);
  const none = { remove: [], bytes: 0 };
  const [gonePacks, goneIndexes] = marked.incomplete ? [none, none] : [packs, stale];
  const missing = [...marked.packs].filter(
    (sha) => sha.startsWith(slice) && !packs.seen.has(paths.pack(pair.name, sha)),
  );
  return {
    ...nothing,
    removed: gonePacks.remove.length + goneIndexes.remove.length,
    packs: gonePacks.remove.length,
    indexes: goneIndexes.remove.length,
    bytes: gonePacks.bytes + goneIndexes.bytes,
    remove: [...gonePacks.remove, ...goneIndexes.remove],
    damaged: missing.map((name) => ({ what: 'pack', name, fault: 'missing', since: isoNow(context) })),
  };
}

/** Writes down what is to be removed, then removes it. */
async function sweep(
  context: RunContext,
  portion: RetentionPortion,
  store: 'state' | 'snapshots',
  find: () => Promise<PortionResult>,
): Promise<void> {
  const known = await readPortion(context, portion);
  const found = known ?? (await find());
  if (known === undefined) await notePortion(context, portion, found);
  const { cutoff } = await readRetentionPlan(context);
  // What was written since refers to nothing yet, or is wanted again. Manifests and books of runs never change.
  const options =
    portion.step === 'packs' || portion.step === 'requestKeys' ? { unmodifiedSince: cutoff } : {};
  const refused = await removeBlobs(context, context[store], found.remove, options);
  if (refused !== found.refused) await notePortion(context, portion, { ...found, refused });
}

function sliceOf<T>(all: readonly T[], at: number, size: number): readonly T[] {
  return all.slice(at * size, (at + 1) * size);
}
