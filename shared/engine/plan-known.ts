import { adapterOf, adapters } from '../adapters/registry';
import { parseKey } from '../domain/asset';
import type { LinkPartition } from '../domain/link';
import type { IndexLine } from '../domain/snapshot';
import { readLinks } from '../storage/links';
import { lostReason, readableLines } from './snapshot-damage';
import { manifestOf } from './plan-units';
import type { RunContext } from './run-context';
import { rowOf, type Unit } from './units';

/** A tree partition is trusted from its links, not listed, while they were verified by a listing within this time. */
const trustMs = 26 * 3600 * 1000;

/** A part of an index that cannot be read, and why. */
export interface Lost {
  readonly sha: string;
  readonly reason: string;
}

/** What the snapshot has of one kind. */
export interface KnownLines {
  readonly lines: readonly IndexLine[];
  readonly lost: readonly Lost[];
  /** The source does not have this kind: what is missing in the lines is not gone. */
  readonly notApplicable?: string;
}

/** What is known about a unit before the target is looked at, by kind. */
export interface Known {
  readonly lines: ReadonlyMap<string, KnownLines>;
  readonly links: ReadonlyMap<string, LinkPartition>;
}

export async function readKnown(context: RunContext, { kinds, partition }: Unit): Promise<Known> {
  const manifest = await manifestOf(context);
  const lines = new Map<string, KnownLines>();
  const links = new Map<string, LinkPartition>();
  for (const kind of kinds) {
    const lost: Lost[] = [];
    const row = rowOf(manifest, kind, partition);
    const shas = row?.indexShas ?? [];
    const readable = readableLines(context, shas, (sha, error) => {
      lost.push({ sha, reason: lostReason(error) });
    });
    const notApplicable = row?.notApplicable;
    lines.set(kind, {
      lines: await Array.fromAsync(readable),
      lost,
      ...(notApplicable !== undefined && { notApplicable }),
    });
    const stored = await readLinks(context.state, context.pair.name, kind, partition);
    links.set(kind, stored ?? { kind, partition, links: [] });
  }
  return { lines, links };
}

/** True for kinds that only a machine can list: what the links say of the target is taken to be true. */
export function isCostly({ kinds }: Unit): boolean {
  return kinds.every((kind) => adapterOf(kind).costly !== undefined);
}

/** Since when every kind of a tree unit is known to be at the target as linked; undefined = list it. */
export function trustedSince(context: RunContext, unit: Unit, { lines, links }: Known): string | undefined {
  if (isCostly(unit)) return [...links.values()][0]?.verifiedAt;
  const isTree = !adapters.some(({ kind }) => kind === unit.partition);
  if (!isTree || context.request.kind !== 'failover') return undefined;
  let oldest: string | undefined;
  for (const [kind, part] of links) {
    const linked = new Set(part.links.map((link) => link[context.source]));
    const unlinked = (lines.get(kind)?.lines ?? []).some(
      ({ key, skip }) => skip === undefined && !linked.has(parseKey(key).id),
    );
    if (unlinked || part.verifiedAt === undefined) return undefined;
    if (oldest === undefined || part.verifiedAt < oldest) oldest = part.verifiedAt;
  }
  return oldest !== undefined && context.now() - Date.parse(oldest) < trustMs ? oldest : undefined;
}
