import type { Damage } from '../domain/retention';
import { mapAhead } from '../storage/bounded';
import { readStage, writeStage } from '../storage/stages';
import { readRetentionPlan } from './retention-plan';
import { isoNow, type RunContext } from './run-context';
import { readableLines } from './snapshot-damage';

const indexesAhead = 8;
/** Packs that one portion of a scrub verifies: at most half a gigabyte. */
export const packsPerScrub = 64;

/** What one portion of the marking found. */
interface Marks {
  readonly formatVersion: 1;
  readonly indexes: number;
  readonly packs: readonly string[];
  readonly damaged: readonly Damage[];
}

/** The packs that all kept snapshots need. */
export interface MarkedPacks {
  readonly packs: ReadonlySet<string>;
  readonly indexes: number;
  /** Indexes and manifests that could not be read: what they need is not known. */
  readonly damaged: readonly Damage[];
  readonly incomplete: boolean;
}

const stage = (at: number): string => `retention/marks-${at}`;

/** Writes down which packs these indexes refer to. Reading verifies them. */
export async function markPacks(context: RunContext, at: number, indexes: readonly string[]): Promise<void> {
  const packs = new Set<string>();
  const damaged: Damage[] = [];
  for await (const marks of mapAhead(indexes, indexesAhead, (sha) => packsOf(context, sha))) {
    for (const pack of marks.packs) packs.add(pack);
    damaged.push(...marks.damaged);
  }
  const marks: Marks = { formatVersion: 1, indexes: indexes.length, packs: [...packs], damaged };
  await writeStage(context.state, context.request.runId, stage(at), marks);
}

async function packsOf(context: RunContext, sha: string) {
  const packs = new Set<string>();
  const damaged: Damage[] = [];
  const lines = readableLines(context, [sha], (name, { code }) => {
    const fault = code === 'DR_BLOB_MISSING' ? 'missing' : 'damaged';
    damaged.push({ what: 'index', name, fault, since: isoNow(context) });
  });
  for await (const { pack, pieces = [] } of lines)
    for (const one of pack === undefined ? [] : [pack, ...pieces]) packs.add(one);
  return { packs, damaged };
}

/** What {@link markPacks} wrote down, all together. */
export function markedPacks(context: RunContext): Promise<MarkedPacks> {
  const { cache, request } = context;
  return cache.once(`${request.runId}:marked`, async () => {
    const plan = await readRetentionPlan(context);
    const packs = new Set<string>();
    const damaged: Damage[] = [...plan.damaged];
    let indexes = 0;
    for (let at = 0; indexes < plan.indexes.length; at += 1) {
      const marks = await readStage<Marks>(context.state, request.runId, stage(at));
      for (const pack of marks.packs) packs.add(pack);
      damaged.push(...marks.damaged);
      indexes += marks.indexes;
    }
    return { packs, indexes, damaged, incomplete: damaged.length > 0 };
  });
}

/** The packs whose turn it is to be verified, in one order. */
export async function scrubbedPacks(context: RunContext): Promise<readonly string[]> {
  const { slices } = await readRetentionPlan(context);
  const { packs } = await markedPacks(context);
  return [...packs].filter((sha) => slices.includes(sha.charAt(0))).sort();
}
