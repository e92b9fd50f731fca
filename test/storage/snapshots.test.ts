import { sha256, type AssetKey } from '../../shared/domain/asset';
import type { IndexLine, Manifest } from '../../shared/domain/snapshot';
import { paths } from '../../shared/storage/layout';
import {
  readIndex,
  readLatest,
  readManifest,
  sealSnapshot,
  streamIndex,
  writeIndex,
} from '../../shared/storage/snapshots';
import { faultOnce } from '../support/blob-proxy';
import { startTestBlobs, type TestBlobs } from '../support/blob-stores';

let blobs: TestBlobs;
let pair: string;
let pairs = 0;
beforeAll(async () => {
  blobs = await startTestBlobs();
});
afterAll(() => blobs.close());
beforeEach(() => {
  pair = `pair-${(pairs += 1)}`;
  blobs.proxy.primary.fault = () => undefined;
  blobs.proxy.secondary.fault = () => undefined;
});

/** A name that no path and no file system likes. */
const oddNames = [
  'a/b',
  '..',
  'ü',
  'u\u0308',
  '💥',
  '\u202Etxt',
  ' lead',
  'q"uote',
  '%2F',
  '#?',
  '\\',
  'new\nline',
];

function linesOf(count: number): IndexLine[] {
  return Array.from({ length: count }, (_none, n) => ({
    key: `notebook/Users/${n}${oddNames[n % oddNames.length] ?? ''}` as AssetKey,
    name: oddNames[n % oddNames.length] ?? '',
    version: String(n),
  }));
}

function sorted(lines: readonly IndexLine[]): IndexLine[] {
  return lines.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function manifestOf(id: string, sealedAt: string, more: Partial<Manifest> = {}): Manifest {
  return {
    formatVersion: 1,
    id,
    pair,
    source: { side: 'primary', url: 'https://adb-1.1.azuredatabricks.net' },
    tenure: 1,
    toolVersion: '0.1.0',
    startedAt: sealedAt,
    sealedAt,
    rows: [],
    count: 3,
    ...more,
  };
}

describe('indexes', () => {
  it('come back whole, cut into blobs of at most 2,000 lines', async () => {
    const lines = linesOf(4500);
    const { snapshots } = blobs.stores;

    const shas = await writeIndex(snapshots, pair, lines);
    const read = await readIndex(snapshots, pair, shas);

    expect(shas).toHaveLength(3);
    expect(read).toEqual(sorted(lines));
    expect(await Array.fromAsync(streamIndex(snapshots, pair, shas))).toEqual(read);
  });

  it('are the same blobs for the same lines in any order', async () => {
    const lines = linesOf(30);
    const { snapshots } = blobs.stores;

    const shas = await writeIndex(snapshots, pair, lines);
    const again = await writeIndex(snapshots, pair, lines.toReversed());

    expect(again).toEqual(shas);
    expect(await Array.fromAsync(snapshots.list(`pairs/${pair}/index/`))).toHaveLength(1);
  });

  it('have none for no lines', async () => {
    expect(await writeIndex(blobs.stores.snapshots, pair, [])).toEqual([]);
    expect(await readIndex(blobs.stores.snapshots, pair, [])).toEqual([]);
  });

  it('are refused when damaged, and named when missing', async () => {
    const { snapshots } = blobs.stores;
    const [sha = ''] = await writeIndex(snapshots, pair, linesOf(10));
    const bytes = (await snapshots.read(paths.index(pair, sha)))!.bytes;
    await snapshots.write(paths.index(pair, sha), bytes.subarray(0, -4));

    await expect(readIndex(snapshots, pair, [sha])).rejects.toMatchObject({ code: 'DR_BODY_CORRUPT' });
    await expect(readIndex(snapshots, pair, [sha256('gone')])).rejects.toMatchObject({
      code: 'DR_BLOB_MISSING',
    });
  });
});

describe('sealing a snapshot', () => {
  it('makes it the latest, and readable', async () => {
    const manifest = manifestOf('s1', '2026-11-01T01:00:00Z');

    const latest = await sealSnapshot(blobs.stores, manifest);

    expect(await readLatest(blobs.stores, pair)).toEqual(latest);
    expect(latest).toMatchObject({ id: 's1', sealedAt: '2026-11-01T01:00:00Z', count: 3 });
    expect(await readManifest(blobs.stores, pair, 's1')).toEqual(manifest);
  });

  it('never goes back to an older one', async () => {
    await sealSnapshot(blobs.stores, manifestOf('newer', '2026-11-01T02:00:00Z'));

    const latest = await sealSnapshot(blobs.stores, manifestOf('older', '2026-11-01T01:00:00Z'));

    expect(latest.id).toBe('newer');
    expect((await readLatest(blobs.stores, pair))?.id).toBe('newer');
    expect((await readManifest(blobs.stores, pair, 'older')).id).toBe('older');
  });

  it('ends with the newest of many at the same moment', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_none, n) =>
        sealSnapshot(blobs.stores, manifestOf(`s${n}`, `2026-11-01T0${n}:00:00Z`)),
      ),
    );

    expect((await readLatest(blobs.stores, pair))?.id).toBe('s9');
  });

  it('keeps the first manifest when the same run seals again', async () => {
    const first = await sealSnapshot(blobs.stores, manifestOf('s1', '2026-11-01T01:00:00Z'));

    const again = await sealSnapshot(blobs.stores, manifestOf('s1', '2026-11-01T01:05:00Z'));

    expect(again).toEqual(first);
    expect((await readManifest(blobs.stores, pair, 's1')).sealedAt).toBe('2026-11-01T01:00:00Z');
  });

  it.each(['manifest.json', 'latest.json'])('is done though the answer to %s got lost', async (file) => {
    blobs.proxy.primary.fault = faultOnce(
      'resetAfterwards',
      ({ method, path }) => method === 'PUT' && path.endsWith(file),
    );

    const latest = await sealSnapshot(blobs.viaProxy(), manifestOf('s1', '2026-11-01T01:00:00Z'));

    expect(await readLatest(blobs.stores, pair)).toEqual(latest);
    expect((await readManifest(blobs.stores, pair, 's1')).id).toBe('s1');
  });
});

describe('reading a manifest', () => {
  it.each([
    { name: 'cut off', damage: (text: string) => text.slice(0, -5), code: 'DR_BODY_CORRUPT' },
    {
      name: 'changed',
      damage: (text: string) => text.replace('"count":3', '"count":2'),
      code: 'DR_BODY_CORRUPT',
    },
    { name: 'newer', damage: () => '{"formatVersion":2}', code: 'DR_BLOB_FORMAT' },
  ])('refuses one that is $name', async ({ damage, code }) => {
    const manifest = manifestOf('s1', '2026-11-01T01:00:00Z');
    await sealSnapshot(blobs.stores, manifest);
    const path = paths.manifest(pair, 's1');
    const text = (await blobs.stores.snapshots.read(path))!.bytes.toString();
    await blobs.stores.snapshots.write(path, damage(text));

    await expect(readManifest(blobs.stores, pair, 's1')).rejects.toMatchObject({ code });
  });

  it.each(['never-sealed', '../../secrets', ''])('says that there is no snapshot %j', async (id) => {
    await expect(readManifest(blobs.stores, pair, id)).rejects.toMatchObject({ code: 'DR_SNAPSHOT_MISSING' });
    expect(await readLatest(blobs.stores, pair)).toBeUndefined();
  });

  it('works from the secondary endpoint alone', async () => {
    const lines = linesOf(5);
    const indexShas = await writeIndex(blobs.stores.snapshots, pair, lines);
    const row = { kind: 'notebook', partition: 'p', indexShas, count: 5, bytes: 0 };
    await sealSnapshot(blobs.stores, manifestOf('s1', '2026-11-01T01:00:00Z', { rows: [row] }));
    blobs.proxy.primary.fault = () => 'hang';
    const stores = blobs.viaProxy({ tryTimeoutMs: 400 });

    const latest = await readLatest(stores, pair);
    const manifest = await readManifest(stores, pair, latest?.id ?? '');
    const read = await readIndex(stores.snapshots, pair, manifest.rows[0]?.indexShas ?? []);

    expect(read).toEqual(sorted(lines));
  });

  it('does not take a snapshot that the copy has only half for one that does not exist', async () => {
    await sealSnapshot(blobs.stores, manifestOf('s1', '2026-11-01T01:00:00Z'));
    blobs.proxy.primary.fault = () => 'reset';
    blobs.proxy.secondary.fault = ({ path }) => (path.endsWith('manifest.json') ? 'missing' : undefined);

    await expect(readManifest(blobs.viaProxy(), pair, 's1')).rejects.toMatchObject({
      code: 'DR_BLOB_UNAVAILABLE',
    });
  });
});
