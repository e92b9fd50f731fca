import { sha256 } from '../domain/asset';
import type { Damage } from '../domain/retention';
import { mapAhead } from '../storage/bounded';
import { readDocument, updateDocument } from '../storage/documents';
import { paths } from '../storage/layout';
import { isoNow, type RunContext } from './run-context';

/** Packs side by side; each has at most 8 MiB. */
const packsAhead = 4;
const dayMs = 24 * 3600 * 1000;
/** A slice is due after this, so that each is verified within a week when retention runs daily. */
const dueAfterMs = 5 * dayMs;
/** With three of sixteen slices a day all come round in six days. */
const slicesARun = 3;

/** The packs are verified in slices by the first digit of their hash. */
export const allSlices: readonly string[] = Array.from({ length: 16 }, (_none, digit) => digit.toString(16));

interface Scrubbed {
  readonly formatVersion: 1;
  /** When each slice was last verified (ISO-8601 UTC). */
  readonly slices: Readonly<Record<string, string>>;
}

/** The slices that are due, those first that were not verified for the longest time. */
export async function slicesToScrub(context: RunContext): Promise<string[]> {
  const known = (await readDocument<Scrubbed>(context.state, paths.scrub(context.pair.name)))?.value.slices;
  const last = (slice: string): string => known?.[slice] ?? '';
  const due = allSlices.filter((slice) => !(context.now() - Date.parse(last(slice)) < dueAfterMs));
  return due.toSorted((a, b) => (last(a) < last(b) ? -1 : last(a) > last(b) ? 1 : 0)).slice(0, slicesARun);
}

/** Notes that all packs of these slices were verified. */
export async function noteScrubbed(context: RunContext, slices: readonly string[]): Promise<void> {
  const at = isoNow(context);
  const now = Object.fromEntries(slices.map((slice) => [slice, at]));
  await updateDocument<Scrubbed>(context.state, paths.scrub(context.pair.name), (current) => ({
    formatVersion: 1,
    slices: { ...current?.slices, ...now },
  }));
}

/** Compares packs with the hashes that name them. Returns those that are not what they should be. */
export async function scrubPacks(context: RunContext, packs: readonly string[]): Promise<Damage[]> {
  const damaged: Damage[] = [];
  for await (const { sha, fault } of mapAhead(packs, packsAhead, (one) => verify(context, one))) {
    if (fault !== undefined) damaged.push({ what: 'pack', name: sha, fault, since: isoNow(context) });
  }
  return damaged;
}

async function verify(
  { snapshots, pair }: RunContext,
  sha: string,
): Promise<{ sha: string; fault?: Damage['fault'] }> {
  const blob = await snapshots.read(paths.pack(pair.name, sha));
  if (blob === undefined) return { sha, fault: 'missing' };
  return sha256(blob.bytes) === sha ? { sha } : { sha, fault: 'damaged' };
}
