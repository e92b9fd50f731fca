import { gzipSync } from 'node:zlib';
import { hashBody, sha256, type AssetKey } from '../../shared/domain/asset';
import { paths } from '../../shared/storage/layout';
import { makePack, readBodies, writePack, type Pack, type PackedRef } from '../../shared/storage/packs';
import { startTestBlobs, type TestBlobs } from '../support/blob-stores';

let blobs: TestBlobs;
beforeAll(async () => {
  blobs = await startTestBlobs();
});
afterAll(() => blobs.close());
beforeEach(() => {
  blobs.proxy.primary.fault = () => undefined;
  blobs.proxy.secondary.fault = () => undefined;
  blobs.proxy.primary.seen.length = 0;
});

/** Bodies that do not compress, so that distances in a pack are real. */
function noise(name: string, length: number): object {
  let text = '';
  for (let n = 0; text.length < length; n += 1) text += sha256(`${name}${n}`);
  return { name, content: text.slice(0, length) };
}

function bodiesOf(name: string, count: number, length = 100): { key: AssetKey; body: object }[] {
  return Array.from({ length: count }, (_none, n) => ({
    key: `notebook/${name}/${n}` as AssetKey,
    body: noise(`${name}${n}`, length),
  }));
}

function refsOf(pack: Pack): PackedRef[] {
  return pack.rows.map((row) => ({ ...row, pack: pack.sha }));
}

async function store(name: string, count: number, length?: number) {
  const bodies = bodiesOf(name, count, length);
  const pack = makePack(bodies);
  await writePack(blobs.stores.snapshots, 'pair', pack);
  return { bodies, pack, refs: refsOf(pack) };
}

describe('packs', () => {
  it('are the same for the same bodies, whatever the order of their fields', () => {
    const one = makePack([{ key: 'job/1', body: { a: 1, b: { c: [2], d: undefined } } }]);
    const other = makePack([{ key: 'job/1', body: { b: { c: [2] }, a: 1 } }]);

    expect(other.sha).toBe(one.sha);
    expect(sha256(one.bytes)).toBe(one.sha);
    expect(one.rows[0]?.bodySha).toBe(hashBody({ a: 1, b: { c: [2] } }));
  });

  it('give every body back, and are stored once', async () => {
    const { bodies, pack, refs } = await store('whole', 50);
    await writePack(blobs.stores.snapshots, 'pair', pack);

    const read = await readBodies(blobs.stores.snapshots, 'pair', refs.toReversed());

    expect(Object.fromEntries(read)).toEqual(Object.fromEntries(bodies.map(({ key, body }) => [key, body])));
  });

  it('are read with one request for neighbours, and without what is not asked for', async () => {
    const { refs } = await store('ranges', 5, 400_000);
    const { snapshots } = blobs.viaProxy();

    const read = await readBodies(snapshots, 'pair', [refs[0]!, refs[1]!, refs[4]!]);

    expect([...read.keys()]).toEqual([refs[0], refs[1], refs[4]].map((ref) => ref?.key));
    expect(blobs.proxy.primary.seen).toHaveLength(2);
  });

  it('serve two assets that share one body', async () => {
    const { refs } = await store('shared', 1);
    const twin: PackedRef = { ...refs[0]!, key: 'notebook/twin' };

    const read = await readBodies(blobs.stores.snapshots, 'pair', [refs[0]!, twin]);

    expect(read.get('notebook/twin')).toEqual(read.get(refs[0]!.key));
  });
});

describe('a damaged pack', () => {
  it('loses the damaged body, and no other', async () => {
    const { bodies, pack, refs } = await store('flipped', 3, 500);
    const damaged = Buffer.from(pack.bytes);
    damaged.fill(0, refs[1]!.offset + 20, refs[1]!.offset + 60);
    await blobs.stores.snapshots.write(paths.pack('pair', pack.sha), damaged);

    const read = await readBodies(blobs.stores.snapshots, 'pair', refs);

    expect(read.get(refs[0]!.key)).toEqual(bodies[0]?.body);
    expect(read.get(refs[1]!.key)).toMatchObject({ code: 'DR_BODY_CORRUPT', retryable: false });
    expect(read.get(refs[2]!.key)).toEqual(bodies[2]?.body);
  });

  it('loses what was cut off', async () => {
    const { bodies, pack, refs } = await store('cut', 4, 400_000);
    await blobs.stores.snapshots.write(
      paths.pack('pair', pack.sha),
      pack.bytes.subarray(0, refs[1]!.offset + 9),
    );

    const read = await readBodies(blobs.stores.snapshots, 'pair', [refs[0]!, refs[1]!, refs[3]!]);

    expect(read.get(refs[0]!.key)).toEqual(bodies[0]?.body);
    expect(read.get(refs[1]!.key)).toMatchObject({ code: 'DR_BODY_CORRUPT' });
    expect(read.get(refs[3]!.key)).toMatchObject({ code: 'DR_BODY_CORRUPT' });
  });

  it('is told from one that is not there', async () => {
    const { bodies, refs } = await store('there', 1);
    const gone: PackedRef = { ...refs[0]!, key: 'notebook/gone', pack: sha256('gone') };

    const read = await readBodies(blobs.stores.snapshots, 'pair', [gone, refs[0]!]);

    expect(read.get('notebook/gone')).toMatchObject({ code: 'DR_BLOB_MISSING' });
    expect(read.get(refs[0]!.key)).toEqual(bodies[0]?.body);
  });

  it('is not believed when another body lies where one should be', async () => {
    const { refs } = await store('swapped', 2);
    const wrong: PackedRef = { ...refs[0]!, offset: refs[1]!.offset, length: refs[1]!.length };

    const read = await readBodies(blobs.stores.snapshots, 'pair', [wrong]);

    expect(read.get(wrong.key)).toMatchObject({ code: 'DR_BODY_CORRUPT' });
  });

  it('cannot fill the memory', async () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 ** 2));
    await blobs.stores.snapshots.write(paths.pack('pair', sha256('bomb')), bomb);
    const ref = { bodySha: sha256('bomb'), pack: sha256('bomb'), offset: 0, length: bomb.length };

    const read = await readBodies(blobs.stores.snapshots, 'pair', [{ ...ref, key: 'notebook/bomb' }]);

    expect(read.get('notebook/bomb')).toMatchObject({ code: 'DR_BODY_CORRUPT' });
  });
});

describe('a primary endpoint that is down', () => {
  it('costs the bodies that the copy does not have yet, and no other', async () => {
    const old = await store('old', 1);
    const fresh = await store('fresh', 1);
    blobs.proxy.primary.fault = () => 'reset';
    blobs.proxy.secondary.fault = ({ path }) => (path.includes(fresh.pack.sha) ? 'missing' : undefined);

    const read = await readBodies(blobs.viaProxy().snapshots, 'pair', [...old.refs, ...fresh.refs]);

    expect(read.get(old.refs[0]!.key)).toEqual(old.bodies[0]?.body);
    expect(read.get(fresh.refs[0]!.key)).toMatchObject({ code: 'DR_BLOB_UNAVAILABLE', retryable: true });
  });

  it('is worth another try when nothing can be read', async () => {
    const { refs } = await store('none', 1);
    blobs.proxy.primary.fault = () => 'reset';
    blobs.proxy.secondary.fault = () => 'unavailable';

    await expect(readBodies(blobs.viaProxy().snapshots, 'pair', refs)).rejects.toMatchObject({
      code: 'DR_BLOB_UNAVAILABLE',
    });
  });
});
