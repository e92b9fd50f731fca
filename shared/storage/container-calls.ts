import type {
  ContainerClient,
  ContainerListBlobFlatSegmentResponse,
  ContainerListBlobHierarchySegmentResponse,
} from '@azure/storage-blob';
import { statusOf } from './blob-error';
import type { BlobItem, DeleteOptions, StoredBlob, WriteOptions } from './blob-store';

/** Where in a listing to go on. */
export interface Paging {
  readonly maxPageSize: number;
  readonly continuationToken?: string;
}

export async function download(
  container: ContainerClient,
  path: string,
  [offset, length]: readonly [offset: number, length?: number],
  signal: AbortSignal,
  alive: () => void,
): Promise<StoredBlob> {
  const answer = await container.getBlobClient(path).download(offset, length, { abortSignal: signal });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.readableStreamBody ?? []) {
    chunks.push(chunk as Uint8Array);
    alive();
  }
  return { bytes: Buffer.concat(chunks), etag: answer.etag ?? '' };
}

export async function upload(
  container: ContainerClient,
  path: string,
  bytes: Buffer,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<string> {
  const { contentType = 'application/octet-stream', metadata, ifMatch, ifNoneMatch } = options;
  const answer = await container.getBlockBlobClient(path).upload(bytes, bytes.length, {
    abortSignal: signal,
    blobHTTPHeaders: { blobContentType: contentType },
    conditions: { ...(ifMatch ? { ifMatch } : {}), ...(ifNoneMatch ? { ifNoneMatch } : {}) },
    ...(metadata ? { metadata: { ...metadata } } : {}),
  });
  return answer.etag ?? '';
}

export async function remove(
  container: ContainerClient,
  path: string,
  { unmodifiedSince }: DeleteOptions,
  abortSignal: AbortSignal,
): Promise<void> {
  try {
    const conditions = unmodifiedSince === undefined ? {} : { ifUnmodifiedSince: new Date(unmodifiedSince) };
    await container.getBlobClient(path).delete({ abortSignal, conditions });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/** Looks first: a role on the container alone may not create it. */
export async function createContainer(container: ContainerClient, abortSignal: AbortSignal): Promise<void> {
  if (await container.exists({ abortSignal })) return;
  await container.createIfNotExists({ abortSignal });
}

/** One page of a listing, and where the next one begins. */
export interface Page<T> {
  readonly found: readonly T[];
  readonly next?: string;
}

export async function listFlat(
  container: ContainerClient,
  prefix: string,
  includeMetadata: boolean,
  paging: Paging,
  abortSignal: AbortSignal,
): Promise<Page<BlobItem>> {
  const pages = container.listBlobsFlat({ prefix, includeMetadata, abortSignal }).byPage(paging);
  const page = (await pages.next()).value as ContainerListBlobFlatSegmentResponse;
  const found = page.segment.blobItems.map(({ name, properties, metadata }) => ({
    path: name,
    bytes: properties.contentLength ?? 0,
    metadata: metadata ?? {},
    lastModified: properties.lastModified.toISOString(),
  }));
  return { found, ...nextOf(page) };
}

/** The names one level below the prefix. */
export async function listLevel(
  container: ContainerClient,
  prefix: string,
  paging: Paging,
  abortSignal: AbortSignal,
): Promise<Page<string>> {
  const pages = container.listBlobsByHierarchy('/', { prefix, abortSignal }).byPage(paging);
  const page = (await pages.next()).value as ContainerListBlobHierarchySegmentResponse;
  const found = (page.segment.blobPrefixes ?? []).map(({ name }) => name.slice(prefix.length, -1));
  return { found, ...nextOf(page) };
}

function nextOf(page: { readonly continuationToken?: string }): { next?: string } {
  return page.continuationToken ? { next: page.continuationToken } : {};
}
