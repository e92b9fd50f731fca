import { sha256 } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { Latest, Manifest } from '../domain/snapshot';
import type { BlobStores } from './blob-store';
import { parseDocument, readDocument, updateDocument } from './documents';
import { paths } from './layout';
import { readLatest, writeManifest } from './snapshots';

/** The newest snapshot of a pair that nobody has accepted yet. */
export interface Suspect {
  readonly formatVersion: 1;
  readonly id: string;
  readonly sealedAt: string;
  /** Kinds and figures. */
  readonly reasons: readonly string[];
}

/** Seals a suspect snapshot: it can be named, and the latest stays the latest. */
export async function sealSuspect(stores: BlobStores, manifest: Manifest): Promise<Suspect> {
  const { id, sealedAt, suspect: reasons = [] } = (await writeManifest(stores.snapshots, manifest)).manifest;
  const suspect: Suspect = { formatVersion: 1, id, sealedAt, reasons };
  await updateDocument<Suspect>(stores.state, paths.suspect(manifest.pair), (current) =>
    current !== undefined && current.sealedAt >= sealedAt ? undefined : suspect,
  );
  return suspect;
}

/** The snapshot that waits for a person, if the latest good one is older. */
export async function readSuspect(stores: BlobStores, pair: string): Promise<Suspect | undefined> {
  const suspect = (await readDocument<Suspect>(stores.state, paths.suspect(pair)))?.value;
  if (suspect === undefined) return undefined;
  const latest = await readLatest(stores, pair);
  return latest !== undefined && latest.sealedAt >= suspect.sealedAt ? undefined : suspect;
}

/** A person accepts a snapshot: it becomes the latest, unless there is a newer one. Throws DR_SNAPSHOT_MISSING. */
export async function acceptSnapshot(stores: BlobStores, pair: string, id: string): Promise<void> {
  const path = paths.manifest(pair, id);
  const blob = await stores.snapshots.read(path);
  if (blob === undefined) throw new DrError('DR_SNAPSHOT_MISSING', `cannot read ${path}: it is not there`);
  const { sealedAt, startedAt, count } = parseDocument<Manifest>(path, blob.bytes);
  const manifestSha = sha256(blob.bytes);
  const accepted: Latest = { formatVersion: 1, id, manifestSha, sealedAt, startedAt, count };
  await updateDocument<Latest>(stores.state, paths.latest(pair), (current) =>
    current !== undefined && current.sealedAt >= sealedAt ? undefined : accepted,
  );
}
