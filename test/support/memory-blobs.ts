import { DrError } from '../../shared/domain/errors';
import type { BlobItem, BlobStore, BlobStores, WriteOptions } from '../../shared/storage/blob-store';

interface Kept {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly lastModified: string;
}

/**
 * The two containers in memory, for tests that run whole estates again and again: through Azurite, four fifths of their time
 * would be spent on its HTTP. `memory-blobs.test.ts` holds it to what the real store does. `now`: by which clock blobs age.
 */
export function makeMemoryBlobs(now: () => number = () => Date.now()): BlobStores {
  return { state: makeContainer(now), snapshots: makeContainer(now) };
}

function makeContainer(now: () => number): BlobStore {
  const blobs = new Map<string, Kept>();
  let writes = 0;

  function check(path: string, { ifMatch, ifNoneMatch }: WriteOptions): void {
    const there = blobs.get(path);
    const isHeld = ifMatch === undefined || there?.etag === ifMatch;
    if (isHeld && (ifNoneMatch === undefined || there === undefined)) return;
    throw new DrError('DR_BLOB_CONFLICT', `cannot write ${path}: it is not as it was`);
  }
  function pathsUnder(prefix: string): string[] {
    return [...blobs.keys()].filter((path) => path.startsWith(prefix)).sort();
  }
  return {
    async read(path) {
      const kept = await Promise.resolve(blobs.get(path));
      return kept && { bytes: Buffer.from(kept.bytes), etag: kept.etag };
    },
    async readRange(path, offset, length) {
      const kept = await Promise.resolve(blobs.get(path));
      if (kept === undefined) throw new DrError('DR_BLOB_MISSING', `cannot read ${path}: it is not there`);
      return Buffer.from(kept.bytes.subarray(offset, offset + length));
    },
    async write(path, content, options = {}) {
      await Promise.resolve();
      check(path, options);
      const kept = {
        bytes: Buffer.from(content),
        etag: `"${(writes += 1)}"`,
        metadata: options.metadata ?? {},
        lastModified: new Date(now()).toISOString(),
      };
      blobs.set(path, kept);
      return kept.etag;
    },
    async *list(prefix, { metadata = false } = {}) {
      for (const path of await Promise.resolve(pathsUnder(prefix))) {
        const kept = blobs.get(path);
        if (kept !== undefined) yield itemOf(path, kept, metadata);
      }
    },
    async *listFolders(prefix) {
      const below = (await Promise.resolve(pathsUnder(prefix))).map((path) => path.slice(prefix.length));
      yield* new Set(
        below.filter((rest) => rest.includes('/')).map((rest) => rest.slice(0, rest.indexOf('/'))),
      );
    },
    async delete(path, { unmodifiedSince = '' } = {}) {
      const kept = await Promise.resolve(blobs.get(path));
      if (kept !== undefined && unmodifiedSince !== '' && kept.lastModified > unmodifiedSince)
        throw new DrError('DR_BLOB_CONFLICT', `cannot delete ${path}: it was written since`);
      blobs.delete(path);
    },
    ensure: () => Promise.resolve(),
  };
}

function itemOf(path: string, { bytes, metadata, lastModified }: Kept, isWanted: boolean): BlobItem {
  return { path, bytes: bytes.length, metadata: isWanted ? metadata : {}, lastModified };
}
