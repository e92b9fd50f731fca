import { parseKey, type AssetKey } from '../domain/asset';
import type { Action, PlanEntry } from '../domain/plan';
import { laterKinds } from '../adapters/registry';

/** What is known about an asset that others may need. */
export interface Known {
  readonly action: Action;
  readonly reason: string;
  readonly needs: readonly AssetKey[];
  /** It was at the target when both sides last agreed. */
  readonly linked: boolean;
}

/** The entry with what its needs mean for it: blocked with the whole chain, or changed because an id changes. */
export function resolveNeeds(
  entry: PlanEntry,
  known: ReadonlyMap<AssetKey, Known>,
  cycles: ReadonlyMap<AssetKey, readonly AssetKey[]>,
): PlanEntry {
  const going = entry.action === 'create' || entry.action === 'update' || entry.action === 'unchanged';
  if (!going) return entry;
  const cycle = cycles.get(entry.key);
  if (cycle !== undefined && entry.action !== 'unchanged') {
    return { ...entry, action: 'blocked', reason: `it is part of a cycle: ${cycle.join(' -> ')}` };
  }
  for (const need of entry.needs) {
    const why = whyMissing(need, known, cycles, new Set([entry.key]));
    if (why !== undefined && entry.action !== 'unchanged')
      return { ...entry, action: 'blocked', reason: `needs ${why}` };
    if (entry.action === 'unchanged' && known.get(need)?.action === 'create') {
      return { ...entry, action: 'update', reason: `${need} is created again: its id changes` };
    }
  }
  return entry;
}

/** Why an asset will not be at the target, as a chain down to the first cause; undefined when it will. */
function whyMissing(
  need: AssetKey,
  known: ReadonlyMap<AssetKey, Known>,
  cycles: ReadonlyMap<AssetKey, readonly AssetKey[]>,
  seen: Set<AssetKey>,
): string | undefined {
  if (seen.has(need)) return undefined;
  seen.add(need);
  const it = known.get(need);
  if (it === undefined) {
    return laterKinds.has(parseKey(need).kind)
      ? `${need}: this kind is not carried yet`
      : `${need}: the snapshot does not have it`;
  }
  // In an older state, perhaps, but it is there and its id is known.
  if (it.linked && it.action !== 'create') return undefined;
  if (it.action === 'blocked' || it.action === 'conflict' || it.action === 'skip') {
    return `${need}: ${it.action}: ${it.reason}`;
  }
  if (it.action === 'unchanged') return undefined;
  const cycle = cycles.get(need);
  if (cycle !== undefined) return `${need}: it is part of a cycle: ${cycle.join(' -> ')}`;
  for (const further of it.needs) {
    const why = whyMissing(further, known, cycles, seen);
    if (why !== undefined) return `${need}, which needs ${why}`;
  }
  return undefined;
}
