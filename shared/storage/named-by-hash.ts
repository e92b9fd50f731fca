import { sha256 } from '../domain/asset';
import { hasCode } from '../domain/errors';
import type { BlobStore, WriteOptions } from './blob-store';
import { writeOnce } from './documents';

/**
 * Stores bytes under a path that their hash names. What is there already is written again: that heals it when it is damaged, and
 * makes it too young for a retention run that is about to remove it. Where the account keeps blobs immutable, an intact one will do.
 */
export async function writeNamed(
  store: BlobStore,
  path: string,
  bytes: Buffer,
  options: WriteOptions = {},
): Promise<void> {
  if ((await writeOnce(store, path, bytes, options)) === 'written') return;
  try {
    await store.write(path, bytes, options);
  } catch (error) {
    if (!hasCode(error, 'DR_BLOB_CONFLICT', 'DR_BLOB_FORBIDDEN')) throw error;
    const there = await store.read(path, { fresh: true });
    if (there === undefined || sha256(there.bytes) !== sha256(bytes)) throw error;
  }
}
