import { adapterOf } from '../adapters/registry';
import type { Manifest } from '../domain/snapshot';
import { baseOf } from './export-base';
import type { UnitListing } from './exporter';
import type { RunContext } from './run-context';
import { rowOf, type Unit } from './units';

const hourMs = 3_600_000;

/** True for a unit whose listing takes compute at the source. */
export function isCostly({ kinds }: Unit): boolean {
  return kinds.every((kind) => adapterOf(kind).costly !== undefined);
}

/** The listing of a costly unit that the last snapshot has, while it is recent and whole. */
export async function recentListing(
  context: RunContext,
  manifest: Manifest | undefined,
  unit: Unit,
): Promise<UnitListing | undefined> {
  const [kind = ''] = unit.kinds;
  if (!isCostly(unit) || unit.kinds.length !== 1) return undefined;
  const listedAt = rowOf(manifest, kind, unit.partition)?.listedAt;
  const hours = adapterOf(kind).costly?.everyHours(context.pair) ?? 0;
  if (listedAt === undefined || context.now() - Date.parse(listedAt) >= hours * hourMs) return undefined;
  const { lines, damaged } = await baseOf(context, manifest, kind, unit.partition);
  const ready = [...lines.values()];
  if (damaged.length > 0 || ready.some(({ failed }) => failed !== undefined)) return undefined;
  return {
    formatVersion: 1,
    ready,
    todo: [],
    before: { [kind]: { count: ready.length, gone: 0 } },
    requests: { calls: 0, writes: 0, throttled: 0 },
    listedAt,
  };
}
