import { startTestBlobs, type TestBlobs } from '../support/blob-stores';
import { makeMemoryBlobs } from '../support/memory-blobs';
import type { BlobStore } from '../../shared/storage/blob-store';

/** What the tests of the engine take for granted of blobs, of those in memory as of the real ones. */
describe.each(['memory', 'azurite'])('blobs in %s', (kind) => {
  let blobs: TestBlobs | undefined;
  let store: BlobStore;
  beforeAll(async () => {
    if (kind === 'azurite') blobs = await startTestBlobs();
    store = (blobs?.stores ?? makeMemoryBlobs()).state;
  });
  afterAll(() => blobs?.close());

  it('are read back whole and in parts, or not there', async () => {
    await store.write('parts/a', 'abcdef');

    expect((await store.read('parts/a'))?.bytes.toString()).toBe('abcdef');
    expect((await store.readRange('parts/a', 2, 3)).toString()).toBe('cde');
    expect(await store.read('parts/b')).toBeUndefined();
    await expect(store.readRange('parts/b', 0, 1)).rejects.toMatchObject({ code: 'DR_BLOB_MISSING' });
  });

  it('are swapped only by who has seen the last version', async () => {
    const first = await store.write('swap', '1', { ifNoneMatch: '*' });
    const second = await store.write('swap', '2', { ifMatch: first });

    expect((await store.read('swap'))?.etag).toBe(second);
    for (const options of [{ ifNoneMatch: '*' }, { ifMatch: first }] as const)
      await expect(store.write('swap', '3', options)).rejects.toMatchObject({ code: 'DR_BLOB_CONFLICT' });
    await expect(store.write('none', '3', { ifMatch: first })).rejects.toMatchObject({
      code: 'DR_BLOB_CONFLICT',
    });
    expect((await store.read('swap'))?.bytes.toString()).toBe('2');
  });

  it('are deleted only when nobody wrote them since a moment that is given', async () => {
    await store.write('aged', 'x');

    const before = { unmodifiedSince: '2020-01-01T00:00:00.000Z' };
    await expect(store.delete('aged', before)).rejects.toMatchObject({ code: 'DR_BLOB_CONFLICT' });
    await store.delete('none', before);
    expect(await store.read('aged')).toBeDefined();
    await store.delete('aged', { unmodifiedSince: '2099-01-01T00:00:00.000Z' });
    expect(await store.read('aged')).toBeUndefined();
  });

  it('are listed in order, with what was noted beside them, until they are deleted', async () => {
    await store.write('list/b/2', 'xy', { metadata: { done: '1' } });
    await store.write('list/a/1', 'x');
    await store.write('list/c', 'x');
    await store.delete('list/c');
    await store.delete('list/d');

    const all = await Array.fromAsync(store.list('list/', { metadata: true }));
    expect(all.map(({ path, bytes, metadata }) => [path, bytes, metadata])).toEqual([
      ['list/a/1', 1, {}],
      ['list/b/2', 2, { done: '1' }],
    ]);
    expect(await Array.fromAsync(store.listFolders('list/'))).toEqual(['a', 'b']);
    expect(await Array.fromAsync(store.listFolders('list/b'))).toEqual(['']);
  });
});
