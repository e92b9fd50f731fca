import { canonicalJson, sha256, type AssetKey } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import type { BodyRef } from '../domain/snapshot';
import type { BlobStore } from './blob-store';
import { mapAhead } from './bounded';
import { gunzip, gzip } from './gzip';
import { paths } from './layout';
import { writeNamed } from './named-by-hash';

/** Sizes that the caller keeps when it makes packs: raw bytes, and number of bodies. */
export const maxPackBytes = 8 * 1024 ** 2;
export const maxPackAssets = 50;

/** An asset has at most 10 MB, as base64 in JSON 14. More is a bomb. */
const maxBodyBytes = 64 * 1024 ** 2;
/** Reading what lies between two bodies is cheaper than another request, up to this. */
const maxGapBytes = 256 * 1024;
/** Requests side by side. */
const readsAhead = 8;

/** Where a body lies inside its pack. */
export interface PackedBody {
  readonly key: AssetKey;
  readonly bodySha: string;
  readonly offset: number;
  readonly length: number;
}

export interface Pack {
  readonly sha: string;
  readonly bytes: Buffer;
  readonly rows: PackedBody[];
}

/** Bodies as gzip members back to back, each readable by itself. Same bodies in the same order: same bytes. */
export function makePack(bodies: readonly { readonly key: AssetKey; readonly body: object }[]): Pack {
  const members: Buffer[] = [];
  const rows: PackedBody[] = [];
  let offset = 0;
  for (const { key, body } of bodies) {
    const text = canonicalJson(body);
    const member = gzip(text);
    rows.push({ key, bodySha: sha256(text), offset, length: member.length });
    members.push(member);
    offset += member.length;
  }
  const bytes = Buffer.concat(members);
  return { sha: sha256(bytes), bytes, rows };
}

/** Stores a pack under its hash. */
export async function writePack(snapshots: BlobStore, pair: string, pack: Pack): Promise<void> {
  await writeNamed(snapshots, paths.pack(pair, pack.sha), pack.bytes);
}

export type PackedRef = BodyRef & { readonly key: AssetKey };

/** Neighbours in one pack that are read with one request. */
interface Span {
  readonly pack: string;
  readonly start: number;
  readonly end: number;
  readonly refs: readonly PackedRef[];
}

/**
 * The bodies, each verified against its hash. One that is missing, damaged or out of reach is the error in its place, and the others are still good;
 * throws DR_BLOB_UNAVAILABLE only when nothing at all could be read.
 */
export async function readBodies(
  snapshots: BlobStore,
  pair: string,
  refs: readonly PackedRef[],
): Promise<Map<AssetKey, object | DrError>> {
  const bodies = new Map<AssetKey, object | DrError>();
  let unreachable: DrError | undefined;
  for await (const { span, bytes } of mapAhead(spansOf(refs), readsAhead, (one) =>
    readSpan(snapshots, pair, one),
  )) {
    if (hasCode(bytes, 'DR_BLOB_UNAVAILABLE')) unreachable = bytes;
    for (const ref of span.refs) {
      bodies.set(
        ref.key,
        bytes instanceof DrError ? bytes : unpack(ref, bytes.subarray(ref.offset - span.start)),
      );
    }
  }
  const found = [...bodies.values()];
  if (unreachable && found.every((body) => hasCode(body, 'DR_BLOB_UNAVAILABLE'))) throw unreachable;
  return bodies;
}

/** Cuts the references, in the order in which they lie in their packs, where the gap is too wide. */
function spansOf(refs: readonly PackedRef[]): Span[] {
  const spans: Span[] = [];
  for (const ref of refs.toSorted((a, b) =>
    a.pack === b.pack ? a.offset - b.offset : a.pack < b.pack ? -1 : 1,
  )) {
    const last = spans.at(-1);
    const end = ref.offset + ref.length;
    if (last?.pack === ref.pack && ref.offset - last.end <= maxGapBytes) {
      spans[spans.length - 1] = { ...last, end: Math.max(last.end, end), refs: [...last.refs, ref] };
    } else {
      spans.push({ pack: ref.pack, start: ref.offset, end, refs: [ref] });
    }
  }
  return spans;
}

async function readSpan(
  snapshots: BlobStore,
  pair: string,
  span: Span,
): Promise<{ span: Span; bytes: Buffer | DrError }> {
  try {
    const path = paths.pack(pair, span.pack);
    return { span, bytes: await snapshots.readRange(path, span.start, span.end - span.start) };
  } catch (error) {
    if (error instanceof DrError) return { span, bytes: error };
    throw error;
  }
}

/** The body at the beginning of these bytes. */
function unpack(ref: PackedRef, bytes: Buffer): object | DrError {
  const what = `the body of ${ref.key} in pack ${ref.pack}`;
  try {
    const text = gunzip(what, bytes.subarray(0, ref.length), maxBodyBytes);
    if (sha256(text) === ref.bodySha) return JSON.parse(text.toString()) as object;
    return new DrError('DR_BODY_CORRUPT', `cannot unpack ${what}: it is not what was stored`);
  } catch (error) {
    if (error instanceof DrError) return error;
    throw error;
  }
}
