import { pairSchema } from '../../shared/config/schema';
import { startRun, type RunWish } from '../../shared/engine/starter';
import type { BlobStore } from '../../shared/storage/blob-store';
import { readClaim } from '../../shared/storage/claims';
import { updateState } from '../../shared/storage/pair-state';
import { readRunConfig } from '../../shared/storage/runs';
import { startTestBlobs, type TestBlobs } from '../support/blob-stores';

let blobs: TestBlobs;
beforeAll(async () => {
  blobs = await startTestBlobs();
});
afterAll(() => blobs.close());

function wish(name: string, more: Partial<RunWish> = {}): RunWish {
  const side = (region: string, number: string) => ({
    region,
    url: `https://adb-${number}.1.azuredatabricks.net`,
  });
  const pair = pairSchema.parse({
    name,
    primary: side('eastus2', '1111111111111111'),
    secondary: side('centralus', '2222222222222222'),
  });
  const asked = { mode: 'unplanned', dryRun: false, reason: 'test', startedBy: 'test' } as const;
  return { pair, kind: 'failover', ...asked, ...more };
}

function start(state: BlobStore, asked: RunWish) {
  const { pair } = asked;
  return startRun(
    { state, settings: { hub: 'Hub' }, now: () => blobs.clock.nowMs, newRunId: () => `${pair.name}-run` },
    asked,
  );
}

/** Another run ends, and moves the active role, right before this one gets the claim. */
function switchingBeforeClaim(pair: string): BlobStore {
  const { state } = blobs.stores;
  return {
    ...bound(state),
    async write(path, bytes, options) {
      if (path.endsWith('claim.json'))
        await updateState(state, pair, '', (now) => ({ ...now, active: 'secondary', tenure: 2 }));
      return state.write(path, bytes, options);
    },
  };
}

function bound(store: BlobStore): BlobStore {
  return {
    read: (path, options) => store.read(path, options),
    readRange: (path, offset, length) => store.readRange(path, offset, length),
    write: (path, bytes, options) => store.write(path, bytes, options),
    list: (prefix, options) => store.list(prefix, options),
    listFolders: (prefix) => store.listFolders(prefix),
    delete: (path) => store.delete(path),
    ensure: () => store.ensure(),
  };
}

describe('starting a run', () => {
  it('copies from the side that is active once the pair is claimed', async () => {
    const started = await start(switchingBeforeClaim('moved'), wish('moved'));

    expect(started).toMatchObject({ request: { source: 'secondary' } });
  });

  it('gives the claim back when another side became active than was expected', async () => {
    const asked = wish('expected', { expectActive: 'primary' });

    await expect(start(switchingBeforeClaim('expected'), asked)).rejects.toMatchObject({
      code: 'DR_CLAIM_LOST',
    });
    expect(await readClaim(blobs.stores.state, 'expected')).toMatchObject({ released: true });
  });

  it('is the same run when its starter begins again, with what it was first asked for', async () => {
    const first = await start(blobs.stores.state, wish('again', { runId: 'again-1' }));
    const other = wish('again', { runId: 'again-1', reason: 'an alert has come since' });
    const pair = { ...other.pair, mode: 'observe' } as const;

    const again = await start(blobs.stores.state, { ...other, pair });

    expect(again).toEqual(first);
    expect(await readRunConfig(blobs.stores.state, 'again-1')).toMatchObject({ pair: { mode: 'protect' } });
  });
});
