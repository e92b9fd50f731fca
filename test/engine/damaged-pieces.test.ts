import { randomBytes } from 'node:crypto';
import { sha256 } from '../../shared/domain/asset';
import { readDamage, writeDamage } from '../../shared/storage/damage';
import { paths } from '../../shared/storage/layout';
import { readIndex, readLatest, readManifest } from '../../shared/storage/snapshots';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';

const key = 'dbfs-file/dbfs:/FileStore/jars/big.jar';

describe('a piece of a large file that is damaged in the storage', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    const dbfs = '/api/2.0/dbfs';
    const path = '/FileStore/jars/big.jar';
    const { handle } = rig.primary.call('POST', `${dbfs}/create`, { path }).json as { handle: number };
    for (let block = 0; block < 3; block += 1) {
      const data = randomBytes(700_000).toString('base64');
      rig.primary.call('POST', `${dbfs}/add-block`, { handle, data });
    }
    rig.primary.call('POST', `${dbfs}/close`, { handle });
    await rig.run('refresh');
  }, 60_000);
  afterAll(() => rig.close());

  async function pieces(): Promise<readonly string[]> {
    const latest = await readLatest(rig.runtime, rig.pair.name);
    const { rows } = await readManifest(rig.runtime, rig.pair.name, latest?.id ?? '');
    const shas = rows.filter(({ kind }) => kind === 'dbfs-file').flatMap(({ indexShas }) => indexShas);
    const lines = await readIndex(rig.runtime.snapshots, rig.pair.name, shas);
    return lines.find((line) => line.key === key)?.pieces ?? [];
  }

  it('is stored again by the next refresh, and known for damaged no more', async () => {
    const [sha = ''] = await pieces();
    const path = paths.pack(rig.pair.name, sha);
    await rig.runtime.snapshots.write(path, 'what is this');
    const damage = { what: 'pack', name: sha, fault: 'damaged', since: '2026-01-01T00:00:00.000Z' } as const;
    await writeDamage(rig.runtime.state, rig.pair.name, [damage]);

    await rig.run('refresh');

    const blob = await rig.runtime.snapshots.read(path);
    expect(sha256(blob?.bytes ?? '')).toBe(sha);
    expect(await readDamage(rig.runtime.state, rig.pair.name)).toEqual([]);
  }, 60_000);
});
