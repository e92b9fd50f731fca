import type { Adapter } from '../adapters/adapter';
import { adapters } from '../adapters/registry';
import type { Workspace } from '../databricks/workspace';
import type { Manifest, ManifestRow } from '../domain/snapshot';

/** A partition and the kinds that live in it: what is listed together, so that a walk of a home is made once. */
export interface Unit {
  readonly partition: string;
  /** In the order in which they are listed: a kind comes after those it is derived from. */
  readonly kinds: readonly string[];
}

/** The adapters with those that are derived from others' stubs last. */
export function listingOrder(): readonly Adapter[] {
  return [
    ...adapters.filter((adapter) => adapter.of === undefined),
    ...adapters.filter((a) => a.of !== undefined),
  ];
}

/** Every unit of a workspace, config kinds first. */
export async function unitsOf(from: Workspace): Promise<Unit[]> {
  const kindsByPartition = new Map<string, string[]>();
  for (const adapter of listingOrder()) {
    const partitions = adapter.partitions === undefined ? [adapter.kind] : await adapter.partitions(from);
    for (const partition of partitions) {
      kindsByPartition.set(partition, [...(kindsByPartition.get(partition) ?? []), adapter.kind]);
    }
  }
  return [...kindsByPartition].map(([partition, kinds]) => ({ partition, kinds }));
}

/** The units of a snapshot, and those of `gone` partitions that it no longer has. */
export function unitsOfManifest(manifest: Manifest, gone: readonly Unit[]): Unit[] {
  const order = listingOrder().map(({ kind }) => kind);
  const kindsByPartition = new Map<string, Set<string>>();
  const add = (partition: string, kind: string): void => {
    kindsByPartition.set(partition, (kindsByPartition.get(partition) ?? new Set()).add(kind));
  };
  for (const row of manifest.rows) add(row.partition, row.kind);
  for (const { partition, kinds } of gone) for (const kind of kinds) add(partition, kind);
  return [...kindsByPartition].map(([partition, kinds]) => ({
    partition,
    kinds: order.filter((kind) => kinds.has(kind)),
  }));
}

/** The row of one kind and partition of a manifest. */
export function rowOf(
  manifest: Manifest | undefined,
  kind: string,
  partition: string,
): ManifestRow | undefined {
  return manifest?.rows.find((row) => row.kind === kind && row.partition === partition);
}
