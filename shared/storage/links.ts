import type { Link, LinkPartition } from '../domain/link';
import type { BlobStore } from './blob-store';
import { mapAhead } from './bounded';
import { withoutVersion, type Versioned } from './documents';
import { paths } from './layout';
import { makeHeadedLines, ndjsonType, parseHeadedLines } from './ndjson';

/** Partitions that are read while an earlier one is in use. */
const partitionsAhead = 8;

type Head = Versioned & Omit<LinkPartition, 'links'>;

export function readLinks(
  state: BlobStore,
  pair: string,
  kind: string,
  partition: string,
): Promise<LinkPartition | undefined> {
  return readLinksAt(state, paths.links(pair, kind, partition));
}

/** Replaces the links of one partition. */
export async function writeLinks(state: BlobStore, pair: string, partition: LinkPartition): Promise<void> {
  const { links, ...facts } = partition;
  const head: Head = { formatVersion: 1, ...facts };
  const sorted = links.toSorted((a, b) => (a.primary < b.primary ? -1 : a.primary > b.primary ? 1 : 0));
  const path = paths.links(pair, partition.kind, partition.partition);
  await state.write(path, makeHeadedLines(head, sorted), ndjsonType);
}

/** The links of every partition of a kind. */
export async function* listLinkPartitions(
  state: BlobStore,
  pair: string,
  kind: string,
): AsyncGenerator<LinkPartition> {
  const blobs = state.list(paths.linksOfKind(pair, kind));
  for await (const links of mapAhead(blobs, partitionsAhead, ({ path }) => readLinksAt(state, path))) {
    // Undefined: removed since it was listed.
    if (links) yield links;
  }
}

async function readLinksAt(state: BlobStore, path: string): Promise<LinkPartition | undefined> {
  const blob = await state.read(path);
  if (blob === undefined) return undefined;
  const { head, lines } = parseHeadedLines<Head, Link>(path, blob.bytes);
  return { ...withoutVersion(head), links: lines };
}
