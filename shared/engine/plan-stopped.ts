import type { AssetKey } from '../domain/asset';
import type { Action, PlanEntry } from '../domain/plan';

/** What of a unit does not arrive, and so stops what is a part of it or lies below it. */
export interface Stopped {
  /** The entry as that leaves it. One that is `linked` is at the target, though not as it should be: it stops nothing. */
  resolve(entry: PlanEntry, linked: boolean): PlanEntry;
}

export function makeStopped(): Stopped {
  const byKey = new Map<AssetKey, PlanEntry>();
  const byPath = new Map<string, PlanEntry>();
  return {
    resolve(drafted, linked) {
      const entry = blockedByFolder(blockedByOwner(drafted, byKey), byPath);
      const path = entry.line?.path;
      if (isGoing(entry.action) || linked) return entry;
      byKey.set(entry.key, entry);
      // What is left out on purpose does not keep out what lies below it.
      if (path !== undefined && entry.action !== 'skip' && !byPath.has(path)) byPath.set(path, entry);
      return entry;
    },
  };
}

/** True for what is, or will be, at the target. */
function isGoing(action: Action): boolean {
  return action === 'create' || action === 'update' || action === 'unchanged';
}

/** A part of something that does not arrive (its permissions, its libraries) is blocked with it. */
function blockedByOwner(entry: PlanEntry, stopped: ReadonlyMap<AssetKey, PlanEntry>): PlanEntry {
  const owner = entry.line?.owner;
  const why = owner === undefined ? undefined : stopped.get(owner);
  if (why === undefined || !isGoing(entry.action)) return entry;
  if (why.action === 'skip')
    return { ...entry, action: 'skip', reason: `${why.key} is not carried: ${why.reason}` };
  return blockedBy(entry, why);
}

/** What lies in a folder that does not arrive has no place to go to. */
function blockedByFolder(entry: PlanEntry, stopped: ReadonlyMap<string, PlanEntry>): PlanEntry {
  const path = entry.line?.path;
  if (path === undefined || stopped.size === 0) return entry;
  if (entry.action !== 'create' && entry.action !== 'update') return entry;
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const why = stopped.get(path.slice(0, slash));
    if (why !== undefined) return blockedBy(entry, why);
  }
  return entry;
}

function blockedBy(entry: PlanEntry, why: PlanEntry): PlanEntry {
  return { ...entry, action: 'blocked', reason: `needs ${why.key}: ${why.action}: ${why.reason}` };
}
