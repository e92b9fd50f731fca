import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageSharedKeyCredential } from '@azure/storage-blob';
import { startAzurite, type Azurite } from '../../local/azurite';
import { makeLog } from '../../shared/log';
import { openBlobStores, type BlobStores } from '../../shared/storage/blob-store';

function storesOf({ url, account, key }: Azurite): BlobStores {
  const credential = new StorageSharedKeyCredential(account, key);
  return openBlobStores({ url, credential, now: () => 0, log: makeLog(() => undefined) });
}

describe('the embedded blob service', () => {
  it('has its blobs again after a restart on the same folder and port', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'azurite-'));
    try {
      const first = await startAzurite({ folder });
      const before = storesOf(first);
      await before.state.ensure();
      await before.state.write('kept', 'through the restart', { metadata: { restored: '1' } });
      await first.close();

      const second = await startAzurite({ folder, port: Number(new URL(first.url).port) });
      const after = storesOf(second);
      const blob = await after.state.read('kept');
      const listed = await Array.fromAsync(after.state.list('', { metadata: true }));
      await second.close();

      expect(second.url).toBe(first.url);
      expect(blob?.bytes.toString()).toBe('through the restart');
      expect(listed).toMatchObject([{ path: 'kept', metadata: { restored: '1' } }]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has nothing in common with another one in memory', async () => {
    const [one, other] = [await startAzurite(), await startAzurite()];
    await storesOf(one).state.ensure();
    await storesOf(one).state.write('mine', 'mine');
    await storesOf(other).state.ensure();

    expect(await storesOf(other).state.read('mine')).toBeUndefined();
    await other.close();
    expect((await storesOf(one).state.read('mine'))?.bytes.toString()).toBe('mine');
    await one.close();
  });

  it('says which port is occupied', async () => {
    const first = await startAzurite();

    await expect(startAzurite({ port: Number(new URL(first.url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await first.close();
  });
});
