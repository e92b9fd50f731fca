import type { AssetKey } from '../domain/asset';
import type { IndexLine, Manifest } from '../domain/snapshot';
import { readDamage } from '../storage/damage';
import type { RunContext } from './run-context';
import { readableLines } from './snapshot-damage';
import { rowOf } from './units';

/** What the last snapshot has of one kind and partition. */
export interface Base {
  readonly lines: ReadonlyMap<AssetKey, IndexLine>;
  /** Indexes that cannot be read: what they had is fetched again, and they are written anew. */
  readonly damaged: readonly string[];
}

export async function baseOf(
  context: RunContext,
  manifest: Manifest | undefined,
  kind: string,
  partition: string,
): Promise<Base> {
  const damaged: string[] = [];
  const shas = rowOf(manifest, kind, partition)?.indexShas ?? [];
  const lines = new Map<AssetKey, IndexLine>();
  for await (const line of readableLines(context, shas, (sha) => damaged.push(sha)))
    lines.set(line.key, line);
  return { lines, damaged };
}

/** Packs that are damaged or missing: bodies in them are fetched and stored again, whatever their versions say. */
export function damagedPacks(context: RunContext): Promise<ReadonlySet<string>> {
  const { cache, state, pair, request } = context;
  return cache.once(`${request.runId}:damage`, async () => {
    const damaged = await readDamage(state, pair.name);
    return new Set(damaged.filter(({ what }) => what === 'pack').map(({ name }) => name));
  });
}
