import { DrError } from '../domain/errors';
import { firstState, type AwakeEntry, type PairState } from '../domain/state';
import type { BlobStore } from './blob-store';
import { readDocument, updateDocument, writeDocument, writeOnce, type Versioned } from './documents';
import { paths } from './layout';
import { makeHeadedLines, ndjsonType, parseHeadedLines } from './ndjson';

export async function readState(state: BlobStore, pair: string, nowIso: string): Promise<PairState> {
  return (await readDocument<PairState>(state, paths.state(pair)))?.value ?? firstState(nowIso);
}

/** Compare and swap; `decide` returns undefined to leave it. Returns what is stored then. */
export async function updateState(
  state: BlobStore,
  pair: string,
  nowIso: string,
  decide: (current: PairState) => PairState | undefined,
): Promise<PairState> {
  const stored = await updateDocument<PairState>(state, paths.state(pair), (current) =>
    decide(current ?? firstState(nowIso)),
  );
  return stored ?? firstState(nowIso);
}

/** Writes down what is awake, before the first of it is paused. The first writer wins: returns what is stored. */
export async function sealAwake(
  state: BlobStore,
  pair: string,
  tenure: number,
  entries: readonly AwakeEntry[],
): Promise<AwakeEntry[]> {
  const path = paths.awake(pair, tenure);
  await writeOnce(state, path, makeHeadedLines({ formatVersion: 1 }, entries), ndjsonType);
  const sealed = await readAwake(state, pair, tenure);
  if (sealed) return sealed;
  throw new DrError('DR_BLOB_MISSING', `cannot read ${path}: it is not there`);
}

export async function readAwake(
  state: BlobStore,
  pair: string,
  tenure: number,
): Promise<AwakeEntry[] | undefined> {
  const path = paths.awake(pair, tenure);
  const blob = await state.read(path);
  return blob && parseHeadedLines<Versioned, AwakeEntry>(path, blob.bytes).lines;
}

/** The last probes of both sides. */
export async function readHealth<T extends Versioned>(
  state: BlobStore,
  pair: string,
): Promise<T | undefined> {
  return (await readDocument<T>(state, paths.health(pair)))?.value;
}

export async function writeHealth<T extends Versioned>(
  state: BlobStore,
  pair: string,
  health: T,
): Promise<void> {
  await writeDocument(state, paths.health(pair), health);
}

export async function readIncident<T extends Versioned>(
  state: BlobStore,
  pair: string,
): Promise<T | undefined> {
  return (await readDocument<T>(state, paths.incident(pair)))?.value;
}

/** Compare and swap; `decide` returns undefined to leave it. Returns what is stored then. */
export function updateIncident<T extends Versioned>(
  state: BlobStore,
  pair: string,
  decide: (current: T | undefined) => T | undefined,
): Promise<T | undefined> {
  return updateDocument<T>(state, paths.incident(pair), decide);
}
