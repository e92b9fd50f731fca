import { canonicalJson, sha256 } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { IndexLine, Latest, Manifest } from '../domain/snapshot';
import type { BlobStore, BlobStores } from './blob-store';
import { mapAhead } from './bounded';
import { parseDocument, readDocument, updateDocument, writeOnce } from './documents';
import { gunzip, gzip } from './gzip';
import { paths } from './layout';
import { writeNamed } from './named-by-hash';
import { makeLines, parseLines } from './ndjson';

export const maxIndexLines = 2000;
/** 2,000 lines of 32 KiB. More is a bomb. */
const maxIndexBytes = 64 * 1024 ** 2;
/** Index blobs that are fetched while an earlier one is in use: each is up to a few MB of lines. */
const indexesAhead = 3;

/**
 * Stores the lines, sorted by key, in blobs of at most 2,000 that are named by their hash: the same lines, the same blobs.
 * Returns the hashes. `known`: those that are there and good, e.g. because the snapshot before has them.
 */
export async function writeIndex(
  snapshots: BlobStore,
  pair: string,
  lines: readonly IndexLine[],
  known: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const sorted = lines.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const shas: string[] = [];
  for (let start = 0; start < sorted.length; start += maxIndexLines) {
    const bytes = gzip(makeLines(sorted.slice(start, start + maxIndexLines)));
    const sha = sha256(bytes);
    if (!known.has(sha))
      await writeNamed(snapshots, paths.index(pair, sha), bytes, { contentType: 'application/gzip' });
    shas.push(sha);
  }
  return shas;
}

/** All lines of an index. DR_BLOB_MISSING, or DR_BODY_CORRUPT when a blob is not what its name says. */
export async function readIndex(
  snapshots: BlobStore,
  pair: string,
  shas: readonly string[],
): Promise<IndexLine[]> {
  const lines: IndexLine[] = [];
  for await (const line of streamIndex(snapshots, pair, shas)) lines.push(line);
  return lines;
}

/** The lines of {@link readIndex} one by one: only a few blobs of them are in memory. */
export async function* streamIndex(
  snapshots: BlobStore,
  pair: string,
  shas: readonly string[],
): AsyncGenerator<IndexLine> {
  for await (const lines of mapAhead(shas, indexesAhead, (sha) => readIndexBlob(snapshots, pair, sha))) {
    yield* lines;
  }
}

async function readIndexBlob(snapshots: BlobStore, pair: string, sha: string): Promise<IndexLine[]> {
  const path = paths.index(pair, sha);
  const blob = await snapshots.read(path);
  if (blob === undefined) throw new DrError('DR_BLOB_MISSING', `cannot read ${path}: it is not there`);
  if (sha256(blob.bytes) !== sha) {
    throw new DrError('DR_BODY_CORRUPT', `cannot read ${path}: it is not what was stored`);
  }
  return parseLines<IndexLine>(path, gunzip(path, blob.bytes, maxIndexBytes));
}

/** Stores the manifest, unless it is there already. Returns what is stored, and its hash. */
export async function writeManifest(
  snapshots: BlobStore,
  manifest: Manifest,
): Promise<{ manifest: Manifest; sha: string }> {
  const path = paths.manifest(manifest.pair, manifest.id);
  const bytes = Buffer.from(canonicalJson(manifest));
  const written = await writeOnce(snapshots, path, bytes, { contentType: 'application/json' });
  if (written === 'written') return { manifest, sha: sha256(bytes) };
  // An earlier try of the same run: its manifest is the one that others may have seen.
  const blob = await snapshots.read(path, { fresh: true });
  if (blob === undefined) throw new DrError('DR_BLOB_MISSING', `cannot read ${path}: it is not there`);
  return { manifest: parseDocument<Manifest>(path, blob.bytes), sha: sha256(blob.bytes) };
}

/** Commits a snapshot: its manifest, then `latest.json`. Returns what is the latest then: a newer one stays. */
export async function sealSnapshot(stores: BlobStores, manifest: Manifest): Promise<Latest> {
  const { manifest: sealed, sha } = await writeManifest(stores.snapshots, manifest);
  const { id, sealedAt, startedAt, count } = sealed;
  const latest: Latest = { formatVersion: 1, id, manifestSha: sha, sealedAt, startedAt, count };
  const stored = await updateDocument<Latest>(stores.state, paths.latest(manifest.pair), (current) =>
    current && (current.id === id || current.sealedAt > sealedAt) ? undefined : latest,
  );
  return stored ?? latest;
}

/** A sealed snapshot. DR_SNAPSHOT_MISSING; DR_BODY_CORRUPT when it is damaged: that of the latest is known by its hash. */
export async function readManifest(stores: BlobStores, pair: string, id: string): Promise<Manifest> {
  const path = paths.manifest(pair, id);
  const blob = await stores.snapshots.read(path);
  if (blob === undefined) throw new DrError('DR_SNAPSHOT_MISSING', `cannot read ${path}: it is not there`);
  const manifest = parseDocument<Manifest>(path, blob.bytes);
  const latest = await readLatest(stores, pair);
  const changed = latest?.id === id && latest.manifestSha !== sha256(blob.bytes);
  if (changed || manifest.id !== id || manifest.pair !== pair) {
    throw new DrError('DR_BODY_CORRUPT', `cannot read ${path}: it is not what was stored`);
  }
  return manifest;
}

/** The last good snapshot, if there is one. */
export async function readLatest(stores: BlobStores, pair: string): Promise<Latest | undefined> {
  return (await readDocument<Latest>(stores.state, paths.latest(pair)))?.value;
}
