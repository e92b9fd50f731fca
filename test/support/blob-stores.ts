import { StorageSharedKeyCredential } from '@azure/storage-blob';
import { startAzurite, type Azurite } from '../../local/azurite';
import { makeLog } from '../../shared/log';
import { openBlobStores, type BlobStoreOptions, type BlobStores } from '../../shared/storage/blob-store';
import { startBlobProxy, type BlobProxy } from './blob-proxy';

/** So long that only what hangs on purpose runs into it; tests of that set their own. */
const tryTimeoutMs = 10_000;

/** Blobs in memory behind a proxy, and a clock that the test moves. */
export interface TestBlobs {
  readonly azurite: Azurite;
  readonly proxy: BlobProxy;
  /** Straight to the service: what is really stored. */
  readonly stores: BlobStores;
  /** Everything that was logged, by every store. */
  readonly logged: string[];
  readonly clock: { nowMs: number };
  /** New stores that go through the proxy: as in a new process. */
  viaProxy(options?: Partial<BlobStoreOptions>): BlobStores;
  close(): Promise<void>;
}

export async function startTestBlobs(): Promise<TestBlobs> {
  const azurite = await startAzurite();
  const proxy = await startBlobProxy(azurite.url);
  const logged: string[] = [];
  const clock = { nowMs: Date.parse('2026-11-01T00:00:00Z') };
  const common = {
    credential: new StorageSharedKeyCredential(azurite.account, azurite.key),
    now: () => clock.nowMs,
    log: makeLog((_level, line) => logged.push(line)),
    sleep: () => Promise.resolve(),
    tryTimeoutMs,
  };
  const stores = openBlobStores({ ...common, url: azurite.url });
  await Promise.all([stores.state.ensure(), stores.snapshots.ensure()]);
  return {
    azurite,
    proxy,
    stores,
    logged,
    clock,
    viaProxy: (options) =>
      openBlobStores({ ...common, url: proxy.primary.url, secondaryUrl: proxy.secondary.url, ...options }),
    async close() {
      await proxy.close();
      await azurite.close();
    },
  };
}
