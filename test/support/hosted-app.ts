import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageSharedKeyCredential } from '@azure/storage-blob';
import { startAzurite } from '../../local/azurite';
import { SkippingClock } from '../../local/host/clock';
import { startHost, type LocalHost } from '../../local/host/host';
import { startWorkspace, type EmulatedWorkspace } from '../../local/workspace/workspace';
import { makeLog } from '../../shared/log';
import { openBlobStores, type BlobStores } from '../../shared/storage/blob-store';
import { startBlobProxy, type BlobProxy } from './blob-proxy';
import { appDir } from './local-host';

/** What came back from the app. */
export interface AppAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
  readonly json: any;
}

export interface AppRequest {
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The app itself in the local host, with blobs and two emulated workspaces. */
export interface HostedProduct {
  readonly host: LocalHost;
  readonly primary: EmulatedWorkspace;
  readonly secondary: EmulatedWorkspace;
  /** The blobs that the app works on. */
  readonly stores: BlobStores;
  /** Between the app and its blobs. */
  readonly proxy: BlobProxy;
  /** What the functions logged: level and the JSON line. */
  readonly logged: string[];
  send(method: string, path: string, request?: AppRequest): Promise<AppAnswer>;
  /** Waits for the orchestration of that id to end. */
  ended(runId: string): Promise<void>;
  /** Every blob of the app's state, with its size and the second of its last change. */
  blobs(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Any token will do for the stand-in of the identity: this is the one that it gives. */
const token = 'local';
/** Waits of up to ten minutes cost nothing; an approval waits longer. */
const maxJumpMs = 600_000;

export async function startProduct(env: Readonly<Record<string, string>> = {}): Promise<HostedProduct> {
  const azurite = await startAzurite();
  const proxy = await startBlobProxy(azurite.url);
  const primary = await startWorkspace({ name: 'primary', region: 'eastus2', token });
  const secondary = await startWorkspace({ name: 'secondary', region: 'centralus', token });
  const folder = mkdtempSync(join(tmpdir(), 'dr-triggers-'));
  const world = { storage: { account: azurite.account, key: azurite.key }, limits: 'off', probeMs: 300 };
  writeFileSync(join(folder, 'world.json'), JSON.stringify(world));
  const logged: string[] = [];
  const stores = openBlobStores({
    url: azurite.url,
    credential: new StorageSharedKeyCredential(azurite.account, azurite.key),
    now: Date.now,
    log: makeLog((_level, line) => logged.push(line)),
  });
  await stores.state.ensure();
  await stores.snapshots.ensure();
  const host = await startHost({
    appDir: appDir('product'),
    db: ':memory:',
    port: 0,
    strict: true,
    clock: new SkippingClock(maxJumpMs),
    log: ({ level, message }) => logged.push(`${level} ${message}`),
    env: {
      AzureWebJobsStorage: azurite.connectionString,
      TASKHUB_NAME: 'TestHub',
      DR_STORAGE_URL: proxy.primary.url,
      DR_HOME_REGION: 'centralus',
      DR_LOCAL: join(folder, 'world.json'),
      DR_REFRESH_SCHEDULE: '',
      DR_DRY_RUN_SCHEDULE: '',
      DR_PROBE_SCHEDULE: '',
      ...env,
    },
  });
  return {
    host,
    primary,
    secondary,
    stores,
    proxy,
    logged,
    send: (method, path, request) => send(host, method, path, request),
    async ended(runId) {
      await host.engine.whenEnded(runId);
    },
    blobs: () => listBlobs(stores),
    async close() {
      await host.stop();
      await primary.close();
      await secondary.close();
      await proxy.close();
      await azurite.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function send(
  { baseUrl }: LocalHost,
  method: string,
  path: string,
  { body, headers = {} }: AppRequest = {},
): Promise<AppAnswer> {
  const response = await fetch(`${baseUrl}/api/${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

async function listBlobs({ state }: BlobStores): Promise<string[]> {
  const blobs: string[] = [];
  for await (const { path, bytes, lastModified } of state.list(''))
    blobs.push(`${path} ${bytes} ${lastModified}`);
  return blobs;
}

/** A pair on the two workspaces; the app signs in by its identity. */
export function pairOf(
  { primary, secondary }: Pick<HostedProduct, 'primary' | 'secondary'>,
  more: object = {},
): Record<string, unknown> {
  return {
    name: 'analytics',
    primary: { region: 'eastus2', url: primary.url },
    secondary: { region: 'centralus', url: secondary.url },
    alert: { confirm: { failures: 2, of: 3, everySeconds: 1 } },
    copySecretValues: true,
    ...more,
  };
}
