import { canonicalJson } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import type { BlobStore, WriteOptions } from './blob-store';

/** What every stored JSON document has in common. */
export interface Versioned {
  readonly formatVersion: 1;
}

export interface StoredDocument<T> {
  readonly value: T;
  readonly etag: string;
}

/** Every lost round means that somebody else won one, so that this many writers may meet. */
const maxRounds = 100;

/** The document, or DR_BODY_CORRUPT when it is not JSON, DR_BLOB_FORMAT when a version is not ours to read. */
export function parseDocument<T extends Versioned>(path: string, bytes: Buffer): T {
  let value: Partial<Versioned> | null;
  try {
    value = JSON.parse(bytes.toString()) as Partial<Versioned> | null;
  } catch {
    // The parser's message would quote the document.
    throw new DrError('DR_BODY_CORRUPT', `cannot read ${path}: it is not JSON`);
  }
  if (value?.formatVersion === 1) return value as T;
  const version = JSON.stringify(value?.formatVersion) as string | undefined;
  throw new DrError('DR_BLOB_FORMAT', `cannot read ${path}: unknown formatVersion ${version ?? 'none'}`);
}

/** A document as it was before it was stored. */
export function withoutVersion<T extends Versioned>(document: T): Omit<T, 'formatVersion'> {
  const fields = Object.entries(document).filter(([name]) => name !== 'formatVersion');
  return Object.fromEntries(fields) as Omit<T, 'formatVersion'>;
}

export async function readDocument<T extends Versioned>(
  store: BlobStore,
  path: string,
  options?: { readonly fresh?: boolean },
): Promise<StoredDocument<T> | undefined> {
  const blob = await store.read(path, options);
  return blob && { value: parseDocument<T>(path, blob.bytes), etag: blob.etag };
}

export function writeDocument<T extends Versioned>(
  store: BlobStore,
  path: string,
  value: T,
  options: WriteOptions = {},
): Promise<string> {
  return store.write(path, JSON.stringify(value), { contentType: 'application/json', ...options });
}

/**
 * Compare and swap: reads, decides, puts; decides again when somebody else was faster. `decide` returns undefined to leave it as it is.
 * A write of ours whose answer got lost is recognised by `own`, or by being equal, and counts as done.
 */
export async function updateDocument<T extends Versioned>(
  store: BlobStore,
  path: string,
  decide: (current: T | undefined) => T | undefined,
  own: (stored: T) => boolean = () => false,
): Promise<T | undefined> {
  let lost: T | undefined;
  for (let round = 0; round < maxRounds; round += 1) {
    // Decisions need the truth, and a copy that lags could never be swapped.
    const stored = await readDocument<T>(store, path, { fresh: true });
    if (stored && lost && (own(stored.value) || isSame(stored.value, lost))) return stored.value;
    const next = decide(stored?.value);
    if (next === undefined) return stored?.value;
    try {
      await writeDocument(store, path, next, stored ? { ifMatch: stored.etag } : { ifNoneMatch: '*' });
      return next;
    } catch (error) {
      if (!hasCode(error, 'DR_BLOB_CONFLICT')) throw error;
      lost = error.details['unanswered'] === true ? next : undefined;
    }
  }
  throw new DrError('DR_BLOB_CONFLICT', `cannot write ${path}: others were faster ${maxRounds} times`);
}

function isSame(left: object, right: object): boolean {
  return canonicalJson(left) === canonicalJson(right);
}

/** Writes what never changes. The first writer wins. */
export async function writeOnce(
  store: BlobStore,
  path: string,
  bytes: Buffer | string,
  options: WriteOptions = {},
): Promise<'written' | 'alreadyThere'> {
  try {
    await store.write(path, bytes, { ...options, ifNoneMatch: '*' });
    return 'written';
  } catch (error) {
    if (hasCode(error, 'DR_BLOB_CONFLICT')) return 'alreadyThere';
    throw error;
  }
}
