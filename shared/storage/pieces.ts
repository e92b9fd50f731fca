import { sha256 } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { BlobStore } from './blob-store';
import { paths } from './layout';
import { writePack } from './packs';

/** Keeps pieces of content that is too large for a body: each is a pack of its own, its raw bytes under their hash. */
export function pieceKeeper(snapshots: BlobStore, pair: string): (bytes: Buffer) => Promise<string> {
  return async (bytes) => {
    const sha = sha256(bytes);
    await writePack(snapshots, pair, { sha, bytes, rows: [] });
    return sha;
  };
}

/** Reads a piece. Throws DR_BODY_CORRUPT when it is missing or not what was kept. */
export function pieceReader(snapshots: BlobStore, pair: string): (sha: string) => Promise<Buffer> {
  return async (sha) => {
    const blob = await snapshots.read(paths.pack(pair, sha));
    if (blob !== undefined && sha256(blob.bytes) === sha) return blob.bytes;
    const fault = blob === undefined ? 'it is missing' : 'it is not what was stored';
    throw new DrError('DR_BODY_CORRUPT', `cannot read piece ${sha}: ${fault}`);
  };
}
