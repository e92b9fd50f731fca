import { inspect } from 'node:util';
import { StorageSharedKeyCredential } from '@azure/storage-blob';
import { startTestBlobs, type TestBlobs } from '../support/blob-stores';
import { faultOnce, type BlobFault } from '../support/blob-proxy';

let blobs: TestBlobs;
beforeAll(async () => {
  blobs = await startTestBlobs();
});
afterAll(() => blobs.close());
beforeEach(() => {
  for (const endpoint of [blobs.proxy.primary, blobs.proxy.secondary]) {
    endpoint.fault = () => undefined;
    endpoint.seen.length = 0;
  }
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(items);
}

describe('one container', () => {
  it('reads what was written, with its etag', async () => {
    const { state } = blobs.stores;

    const etag = await state.write('round/trip.bin', Buffer.from([0, 255, 10]));
    const blob = await state.read('round/trip.bin');

    expect(blob).toEqual({ bytes: Buffer.from([0, 255, 10]), etag });
  });

  it('reads an empty blob, and a range of another', async () => {
    const { state } = blobs.stores;
    await state.write('empty', '');
    await state.write('digits', '0123456789');

    expect((await state.read('empty'))?.bytes.length).toBe(0);
    expect((await state.readRange('digits', 3, 4)).toString()).toBe('3456');
  });

  it('tells missing from broken', async () => {
    const { state } = blobs.stores;
    await state.write('short', 'abc');

    await expect(state.read('nowhere')).resolves.toBeUndefined();
    await expect(state.readRange('nowhere', 0, 1)).rejects.toMatchObject({ code: 'DR_BLOB_MISSING' });
    await expect(state.readRange('short', 10, 1)).rejects.toMatchObject({ code: 'DR_BODY_CORRUPT' });
    await expect(state.delete('nowhere')).resolves.toBeUndefined();
  });

  it('refuses a write whose precondition does not hold', async () => {
    const { state } = blobs.stores;
    const first = await state.write('cas', '1', { ifNoneMatch: '*' });
    await state.write('cas', '2', { ifMatch: first });

    await expect(state.write('cas', '3', { ifMatch: first })).rejects.toMatchObject({
      code: 'DR_BLOB_CONFLICT',
    });
    await expect(state.write('cas', '3', { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'DR_BLOB_CONFLICT',
    });
    await state.delete('cas');
    await expect(state.write('cas', '3', { ifMatch: first })).rejects.toMatchObject({
      code: 'DR_BLOB_CONFLICT',
    });
  });

  it('lists page by page, with metadata when asked', async () => {
    const { state } = blobs.viaProxy({ listPageSize: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await state.write(`many/${name}`, name, { metadata: { restored: '3' } });
    }

    const plain = await all(state.list('many/'));
    const [first] = await all(state.list('many/a', { metadata: true }));

    expect(plain.map(({ path, metadata }) => [path, metadata])).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((name) => [`many/${name}`, {}]),
    );
    expect(first).toMatchObject({ bytes: 1, metadata: { restored: '3' } });
    expect(Date.parse(first?.lastModified ?? '')).toBeGreaterThan(0);
  });

  it('lists the folders one level below', async () => {
    const { state } = blobs.viaProxy({ listPageSize: 1 });
    for (const path of ['tree/a/1', 'tree/a/2', 'tree/b/c/3', 'tree/file']) await state.write(path, '');

    expect(await all(state.listFolders('tree/'))).toEqual(['a', 'b']);
  });

  it('creates its container again without complaint', async () => {
    await blobs.stores.state.write('kept', 'kept');

    await blobs.stores.state.ensure();

    expect((await blobs.stores.state.read('kept'))?.bytes.toString()).toBe('kept');
  });
});

describe('when the primary endpoint is down', () => {
  it.each<BlobFault>(['hang', 'reset', 'unavailable', 'cutOff', 'stall'])(
    'reads from the secondary: %s',
    async (fault) => {
      const { state } = blobs.viaProxy({ tryTimeoutMs: 400 });
      await state.write('read-me', 'a body of some length');
      blobs.proxy.primary.fault = () => fault;

      const blob = await state.read('read-me');

      expect(blob?.bytes.toString()).toBe('a body of some length');
    },
  );

  it('lists and reads ranges from the secondary', async () => {
    const { state } = blobs.viaProxy();
    await state.write('listed/1', '0123456789');
    blobs.proxy.primary.fault = () => 'reset';

    expect((await all(state.list('listed/'))).map(({ path }) => path)).toEqual(['listed/1']);
    expect((await state.readRange('listed/1', 2, 3)).toString()).toBe('234');
  });

  it('asks a primary that hangs once in 30 s, and returns to it when it answers', async () => {
    const { state } = blobs.viaProxy({ tryTimeoutMs: 800 });
    const { primary, secondary } = blobs.proxy;
    await state.write('often', 'x');
    primary.fault = () => 'hang';
    primary.seen.length = 0;

    for (let read = 0; read < 20; read += 1) await state.read('often');
    expect([primary.seen.length, secondary.seen.length]).toEqual([1, 20]);

    blobs.clock.nowMs += 30_000;
    await Promise.all([state.read('often'), state.read('often'), state.read('often')]);
    expect(primary.seen).toHaveLength(2);

    primary.fault = () => undefined;
    blobs.clock.nowMs += 30_000;
    await state.read('often');
    secondary.seen.length = 0;
    await state.read('often');
    expect(secondary.seen).toHaveLength(0);
  });

  it('opens after three quick failures, for both containers', async () => {
    const { state, snapshots } = blobs.viaProxy();
    const { primary } = blobs.proxy;
    await state.write('quick', 'x');
    await snapshots.write('quick', 'x');
    primary.fault = () => 'unavailable';
    primary.seen.length = 0;

    for (let read = 0; read < 5; read += 1) await state.read('quick');
    await snapshots.read('quick');

    expect(primary.seen).toHaveLength(3);
    expect(blobs.logged.at(-1)).toContain('the primary blob endpoint does not answer');
  });

  it('does not believe a 404 of the secondary, which may lag', async () => {
    const { state } = blobs.viaProxy({ tryTimeoutMs: 800 });
    await state.write('new', 'just written');
    blobs.proxy.secondary.fault = () => 'missing';

    blobs.proxy.primary.fault = faultOnce('hang');
    expect((await state.read('new'))?.bytes.toString()).toBe('just written');

    blobs.proxy.primary.fault = faultOnce('reset');
    expect(await state.read('never-written')).toBeUndefined();

    blobs.proxy.primary.fault = () => 'reset';
    await expect(state.read('new')).rejects.toMatchObject({ code: 'DR_BLOB_UNAVAILABLE', retryable: true });
  });

  it('never asks the secondary for what has to be fresh, and never writes to it', async () => {
    const { state } = blobs.viaProxy();
    await state.write('fresh', 'x');
    blobs.proxy.primary.fault = () => 'unavailable';

    await expect(state.read('fresh', { fresh: true })).rejects.toMatchObject({ code: 'DR_BLOB_UNAVAILABLE' });
    await expect(state.write('fresh', 'y')).rejects.toMatchObject({ code: 'DR_BLOB_UNAVAILABLE' });
    await expect(state.delete('fresh')).rejects.toMatchObject({ code: 'DR_BLOB_UNAVAILABLE' });
    expect(blobs.proxy.secondary.seen).toHaveLength(0);
  });

  it('tries a write and a read again when there is no secondary', async () => {
    const { state } = blobs.viaProxy({ url: blobs.proxy.primary.url, secondaryUrl: undefined as never });
    blobs.proxy.primary.fault = faultOnce('reset', undefined, 2);
    await state.write('again', 'x');
    blobs.proxy.primary.fault = faultOnce('unavailable', undefined, 2);

    expect((await state.read('again'))?.bytes.toString()).toBe('x');
  });
});

describe('errors', () => {
  it('names what was attempted, and no credential', async () => {
    const { state } = blobs.viaProxy();
    blobs.proxy.primary.fault = () => 'unavailable';

    const error: unknown = await state.write('pairs/a/claim.json', 'x').catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      message: 'cannot write dr-state/pairs/a/claim.json: 503 ServerBusy',
      details: { status: 503 },
    });
    expect(inspect(error)).not.toMatch(/SharedKey|Signature|sig=/i);
  });

  it.each<{ fault: BlobFault; came: RegExp }>([
    { fault: 'hang', came: /: no answer within 50 ms$/ },
    { fault: 'reset', came: /: .*(socket hang up|ECONNRESET)/ },
    { fault: 'unavailable', came: /: 503 ServerBusy$/ },
  ])('says what came back: $fault', async ({ fault, came }) => {
    const { state } = blobs.viaProxy(fault === 'hang' ? { tryTimeoutMs: 50 } : {});
    blobs.proxy.primary.fault = () => fault;

    await expect(state.read('x', { fresh: true })).rejects.toThrow(came);
  });

  it('says that the app may not read there', async () => {
    const wrongKey = Buffer.from('not the key').toString('base64');
    const credential = new StorageSharedKeyCredential(blobs.azurite.account, wrongKey);
    const { state } = blobs.viaProxy({ credential });

    const error: unknown = await state.read('x').catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'DR_BLOB_FORBIDDEN', retryable: false });
    expect(inspect(error)).not.toMatch(/SharedKey|Signature|string to sign/i);
  });
});
