import { canonicalJson } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { BlobStore } from './blob-store';
import { parseDocument, type Versioned } from './documents';

export const ndjsonType = { contentType: 'application/x-ndjson' } as const;

/** One JSON value a line. Equal values give equal text. */
export function makeLines(values: readonly object[]): string {
  return values.map((value) => `${canonicalJson(value)}\n`).join('');
}

/** The values of {@link makeLines}, or DR_BODY_CORRUPT. */
export function parseLines<T>(path: string, bytes: Buffer): T[] {
  try {
    return bytes
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  } catch {
    // The parser's message would quote the line.
    throw new DrError('DR_BODY_CORRUPT', `cannot read ${path}: it is not NDJSON`);
  }
}

/** A list whose first line says what it is. */
export interface HeadedLines<H extends Versioned, T> {
  readonly head: H;
  readonly lines: T[];
}

export function makeHeadedLines(head: Versioned, values: readonly object[]): string {
  return makeLines([head, ...values]);
}

export function parseHeadedLines<H extends Versioned, T>(path: string, bytes: Buffer): HeadedLines<H, T> {
  const end = bytes.indexOf('\n');
  const head = parseDocument<H>(path, bytes.subarray(0, end));
  return { head, lines: parseLines<T>(path, bytes.subarray(end)) };
}

/** The lines of a blob that must be there: DR_BLOB_MISSING. */
export async function readLines<T>(store: BlobStore, path: string): Promise<T[]> {
  const blob = await store.read(path);
  if (blob === undefined) throw new DrError('DR_BLOB_MISSING', `cannot read ${path}: it is not there`);
  return parseLines<T>(path, blob.bytes);
}
