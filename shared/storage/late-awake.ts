import type { AwakeEntry } from '../domain/state';
import type { BlobStore } from './blob-store';
import { readDocument, updateDocument } from './documents';
import { paths } from './layout';

interface LateAwake {
  readonly formatVersion: 1;
  readonly entries: readonly AwakeEntry[];
}

/**
 * Adds what was found awake at a side that was fenced although the sealed record does not have it: it came, or was woken,
 * after the snapshot. Failback and rollback need it; entries are only ever added.
 */
export async function addLateAwake(
  state: BlobStore,
  pair: string,
  tenure: number,
  found: readonly AwakeEntry[],
): Promise<void> {
  if (found.length === 0) return;
  await updateDocument<LateAwake>(state, paths.lateAwake(pair, tenure), (current) => {
    const entries = new Map((current?.entries ?? []).map((entry) => [entry.key, entry]));
    const before = entries.size;
    for (const entry of found) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    return entries.size === before ? undefined : { formatVersion: 1, entries: [...entries.values()] };
  });
}

/** What {@link addLateAwake} has gathered. */
export async function readLateAwake(
  state: BlobStore,
  pair: string,
  tenure: number,
): Promise<readonly AwakeEntry[]> {
  return (await readDocument<LateAwake>(state, paths.lateAwake(pair, tenure)))?.value.entries ?? [];
}
