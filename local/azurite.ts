import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The well-known development account: its key is public. */
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const keepAliveSeconds = 5;
const maxMemoryBytes = 1024 ** 3;
/** Files written side by side. */
const maxConcurrency = 10;

export interface Azurite {
  /** `http://127.0.0.1:<port>/devstoreaccount1` */
  readonly url: string;
  readonly account: string;
  readonly key: string;
  readonly connectionString: string;
  close(): Promise<void>;
}

export interface AzuriteOptions {
  /** Blobs are kept there and are there again after the next start. @default in memory */
  readonly folder?: string;
  /** @default 0, any */
  readonly port?: number;
}

interface Server {
  start(): Promise<void>;
  close(): Promise<void>;
  getHttpServerAddress(): string;
}
type Constructor<T> = new (...args: unknown[]) => T;

/** Azurite has no types, and no entry for being embedded. */
function load<T>(module: string): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(`azurite/dist/src/${module}`) as T;
}

/** Starts the blob service of Azurite in this process. */
export async function startAzurite({ folder, port = 0 }: AzuriteOptions = {}): Promise<Azurite> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const { default: BlobServer } = load<{ default: Constructor<Server> }>('blob/BlobServer');
  const server = new BlobServer(makeConfiguration(folder, port));
  await server.start();
  const url = `${server.getHttpServerAddress()}/${account}`;
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${url};`;
  return { url, account, key, connectionString, close: () => server.close() };
}

/** Azurite's settings are positional. */
function makeConfiguration(folder: string | undefined, port: number): object {
  const { default: Configuration } = load<{ default: Constructor<object> }>('blob/BlobConfiguration');
  const at = folder ?? tmpdir();
  const none = undefined;
  return new Configuration(
    '127.0.0.1',
    port,
    keepAliveSeconds,
    join(at, 'blobs.json'),
    join(at, 'extents.json'),
    [{ locationId: 'Default', locationPath: join(at, 'extents'), maxConcurrency }],
    ...[/* access log */ false, none, /* debug log */ false, none],
    ...[/* loose */ true, /* skip API version check */ true],
    ...[/* certificate, key, password, oauth */ '', '', none, none, /* product style URL off */ false],
    ...(folder === undefined ? [/* in memory */ true, makeMemoryStore()] : []),
  );
}

/** A store of its own: the shared one would be emptied by the first server that closes. */
function makeMemoryStore(): object {
  const { MemoryExtentChunkStore } = load<{ MemoryExtentChunkStore: Constructor<object> }>(
    'common/persistence/MemoryExtentStore',
  );
  return new MemoryExtentChunkStore(maxMemoryBytes);
}
