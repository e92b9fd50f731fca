import { writeFileSync } from 'node:fs';
import { StorageSharedKeyCredential } from '@azure/storage-blob';
import { type LocalWorld } from '../shared/local-world';
import { makeLog } from '../shared/log';
import { openBlobStores } from '../shared/storage/blob-store';
import { type Azurite, startAzurite } from './azurite';
import { type StateFolder } from './state-folder';

/** The storage account of the app with its two containers, as the deployment makes them in Azure. */
export async function startStorage(folder: StateFolder): Promise<Azurite> {
  const azurite = await startAzurite(folder.isKept ? { folder: folder.file('blobs') } : {});
  const stores = openBlobStores({
    url: azurite.url,
    credential: new StorageSharedKeyCredential(azurite.account, azurite.key),
    now: Date.now,
    log: makeLog(() => undefined),
  });
  await Promise.all([stores.state.ensure(), stores.snapshots.ensure()]);
  return azurite;
}

/** Writes the file that tells the unchanged app where the endpoints of the local world are. Returns its path. */
export function writeEndpoints(folder: StateFolder, endpoints: LocalWorld): string {
  const file = folder.file('endpoints.json');
  writeFileSync(file, JSON.stringify(endpoints, null, 2), { mode: 0o600 });
  return file;
}
