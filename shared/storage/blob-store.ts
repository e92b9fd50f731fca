import { setTimeout as sleepFor } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import {
  BlobServiceClient,
  type ContainerClient,
  type StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { DrError } from '../domain/errors';
import type { Log } from '../log';
import {
  createContainer,
  download,
  listFlat,
  listLevel,
  remove,
  upload,
  type Page,
  type Paging,
} from './container-calls';
import { Replicas, type Attempt } from './replicas';

export interface StoredBlob {
  readonly bytes: Buffer;
  readonly etag: string;
}

export interface BlobItem {
  readonly path: string;
  readonly bytes: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly lastModified: string;
}

export interface WriteOptions {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Only over the version with this etag. */
  readonly ifMatch?: string;
  /** Only when nothing is there. */
  readonly ifNoneMatch?: '*';
}

export interface DeleteOptions {
  readonly unmodifiedSince?: string;
}

/** One container. Whatever fails is a DrError: DR_BLOB_UNAVAILABLE, _CONFLICT, _MISSING, _FORBIDDEN. */
export interface BlobStore {
  /** Undefined when it is missing. From the secondary endpoint when the primary is down, unless `fresh`: that copy may be old. */
  read(path: string, options?: { readonly fresh?: boolean }): Promise<StoredBlob | undefined>;
  readRange(path: string, offset: number, length: number): Promise<Buffer>;
  /** Returns the etag. A precondition that does not hold is DR_BLOB_CONFLICT. */
  write(path: string, bytes: Buffer | string, options?: WriteOptions): Promise<string>;
  list(prefix: string, options?: { readonly metadata?: boolean }): AsyncIterable<BlobItem>;
  /** The names one level below the prefix. */
  listFolders(prefix: string): AsyncIterable<string>;
  /** With `unmodifiedSince` (ISO-8601 UTC) only what has not been written since then; else DR_BLOB_CONFLICT. Missing is fine. */
  delete(path: string, options?: DeleteOptions): Promise<void>;
  /** Creates the container if it is not there. */
  ensure(): Promise<void>;
}

export interface BlobStores {
  readonly state: BlobStore;
  readonly snapshots: BlobStore;
}

export interface BlobStoreOptions {
  /** The account's endpoint, e.g. `https://acct.blob.core.windows.net`. */
  readonly url: string;
  readonly credential: TokenCredential | StorageSharedKeyCredential;
  /** The endpoint of the copy in the other region. @default `<account>-secondary` of the same cloud */
  readonly secondaryUrl?: string;
  readonly now: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
  /** How long one try waits without getting anything. @default 4000 */
  readonly tryTimeoutMs?: number;
  /** Small enough that a page is parsed in little memory, and comes within one try. @default 1000 */
  readonly listPageSize?: number;
  readonly log: Log;
}

/** The two containers of the account that the app writes to. They share what is known about its endpoints. */
export function openBlobStores(options: BlobStoreOptions): BlobStores {
  const {
    url,
    credential,
    secondaryUrl = secondaryOf(url),
    tryTimeoutMs = 4000,
    listPageSize = 1000,
  } = options;
  const replicas = new Replicas({
    primary: connect(url, credential),
    ...(secondaryUrl === undefined ? {} : { secondary: connect(secondaryUrl, credential) }),
    tryTimeoutMs,
    now: options.now,
    sleep: options.sleep ?? ((ms) => sleepFor(ms)),
    log: options.log,
  });
  return {
    state: new Container('dr-state', replicas, listPageSize),
    snapshots: new Container('dr-snapshots', replicas, listPageSize),
  };
}

/** Tries and deadlines are ours: the client's own do not end a connection that went silent. */
function connect(url: string, credential: BlobStoreOptions['credential']): BlobServiceClient {
  return new BlobServiceClient(url, credential, { retryOptions: { maxTries: 1 } });
}

function secondaryOf(url: string): string | undefined {
  const account = /^https:\/\/([a-z0-9]{3,24})(\.blob\..+)$/.exec(url);
  return account ? `https://${account[1] ?? ''}-secondary${account[2] ?? ''}` : undefined;
}

type ContainerAttempt<T> = (container: ContainerClient, signal: AbortSignal, alive: () => void) => Promise<T>;

class Container implements BlobStore {
  constructor(
    private readonly name: string,
    private readonly replicas: Replicas,
    private readonly maxPageSize: number,
  ) {}

  read(path: string, { fresh = false } = {}): Promise<StoredBlob | undefined> {
    return this.ask(path, (container, signal, alive) => download(container, path, [0], signal, alive), fresh);
  }

  async readRange(path: string, offset: number, length: number): Promise<Buffer> {
    const blob = await this.ask(path, (container, signal, alive) =>
      download(container, path, [offset, length], signal, alive),
    );
    if (blob) return blob.bytes;
    throw new DrError('DR_BLOB_MISSING', `cannot read ${this.name}/${path}: it is not there`, {
      status: 404,
    });
  }

  write(path: string, content: Buffer | string, options: WriteOptions = {}): Promise<string> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    return this.change(
      `write ${this.name}/${path}`,
      (container, signal) => upload(container, path, bytes, options, signal),
      bytes.length,
    );
  }

  list(prefix: string, { metadata = false } = {}): AsyncIterable<BlobItem> {
    return this.pages(prefix, (container, paging, signal) =>
      listFlat(container, prefix, metadata, paging, signal),
    );
  }

  listFolders(prefix: string): AsyncIterable<string> {
    return this.pages(prefix, (container, paging, signal) => listLevel(container, prefix, paging, signal));
  }

  delete(path: string, options: DeleteOptions = {}): Promise<void> {
    return this.change(`delete ${this.name}/${path}`, (container, signal) =>
      remove(container, path, options, signal),
    );
  }

  ensure(): Promise<void> {
    return this.change(`create ${this.name}`, createContainer);
  }

  private ask<T>(path: string, attempt: ContainerAttempt<T>, fresh = false): Promise<T | undefined> {
    return this.replicas.read(`read ${this.name}/${path}`, this.here(attempt), fresh);
  }

  private change<T>(attempted: string, attempt: ContainerAttempt<T>, bytes = 0): Promise<T> {
    return this.replicas.write(attempted, this.here(attempt), bytes);
  }

  private here<T>(attempt: ContainerAttempt<T>): Attempt<T> {
    return (service, signal, alive) => attempt(service.getContainerClient(this.name), signal, alive);
  }

  private async *pages<T>(
    prefix: string,
    getPage: (container: ContainerClient, paging: Paging, signal: AbortSignal) => Promise<Page<T>>,
  ): AsyncGenerator<T> {
    let paging: Paging | undefined = { maxPageSize: this.maxPageSize };
    while (paging) {
      const here: Paging = paging;
      const page: Page<T> | undefined = await this.ask(prefix, (container, signal) =>
        getPage(container, here, signal),
      );
      yield* page?.found ?? [];
      paging = page?.next === undefined ? undefined : { ...here, continuationToken: page.next };
    }
  }
}
