import { readDocument, updateDocument, writeDocument, writeOnce } from '../../shared/storage/documents';
import { faultOnce } from '../support/blob-proxy';
import { startTestBlobs, type TestBlobs } from '../support/blob-stores';

interface Counter {
  readonly formatVersion: 1;
  readonly count: number;
  readonly by?: string;
}

let blobs: TestBlobs;
beforeAll(async () => {
  blobs = await startTestBlobs();
});
afterAll(() => blobs.close());
beforeEach(() => {
  blobs.proxy.primary.fault = () => undefined;
});

const isPut = ({ method }: { method: string }): boolean => method === 'PUT';

describe('documents', () => {
  it('come back as they were, or not at all', async () => {
    const { state } = blobs.stores;
    await writeDocument(state, 'doc', { formatVersion: 1, name: 'größe', nested: { list: [1, null] } });

    expect((await readDocument(state, 'doc'))?.value).toEqual({
      formatVersion: 1,
      name: 'größe',
      nested: { list: [1, null] },
    });
    expect(await readDocument(state, 'no-doc')).toBeUndefined();
  });

  it.each([
    { name: 'a newer version', text: '{"formatVersion":2}', code: 'DR_BLOB_FORMAT' },
    { name: 'no version', text: '{}', code: 'DR_BLOB_FORMAT' },
    { name: 'null', text: 'null', code: 'DR_BLOB_FORMAT' },
    { name: 'half of it', text: '{"formatVersion":', code: 'DR_BODY_CORRUPT' },
  ])('are refused: $name', async ({ text, code }) => {
    await blobs.stores.state.write('odd', text);

    await expect(readDocument(blobs.stores.state, 'odd')).rejects.toMatchObject({ code });
  });
});

describe('compare and swap', () => {
  it('loses no update of writers at the same moment', async () => {
    const { state } = blobs.stores;

    await Promise.all(
      Array.from({ length: 20 }, (_none, writer) =>
        updateDocument<Counter>(state, 'counter', (current) => ({
          formatVersion: 1,
          count: (current?.count ?? 0) + 1,
          by: `writer ${writer}`,
        })),
      ),
    );

    expect((await readDocument<Counter>(state, 'counter'))?.value.count).toBe(20);
  });

  it('counts equal documents of two writers as two', async () => {
    const { state } = blobs.stores;
    const increment = (current?: Counter): Counter => ({
      formatVersion: 1,
      count: (current?.count ?? 0) + 1,
    });

    await Promise.all([
      updateDocument<Counter>(state, 'twins', increment),
      updateDocument<Counter>(state, 'twins', increment),
    ]);

    expect((await readDocument<Counter>(state, 'twins'))?.value.count).toBe(2);
  });

  it('leaves it when the decision is to leave it', async () => {
    const { state } = blobs.stores;
    await writeDocument(state, 'left', { formatVersion: 1, count: 7 });

    const stored = await updateDocument<Counter>(state, 'left', () => undefined);

    expect(stored).toEqual({ formatVersion: 1, count: 7 });
  });

  it('recognises its own write whose answer got lost', async () => {
    const { state } = blobs.viaProxy();
    await writeDocument(state, 'lost', { formatVersion: 1, count: 1 });
    blobs.proxy.primary.fault = faultOnce('resetAfterwards', isPut);

    const stored = await updateDocument<Counter>(state, 'lost', (current) => ({
      formatVersion: 1,
      count: (current?.count ?? 0) + 1,
    }));

    expect(stored?.count).toBe(2);
    expect((await readDocument<Counter>(state, 'lost'))?.value.count).toBe(2);
  });

  it('recognises its own first write after silence', async () => {
    const { state } = blobs.viaProxy({ tryTimeoutMs: 400 });
    let tries = 0;
    blobs.proxy.primary.fault = (request) => (isPut(request) && ++tries === 1 ? 'hangAfterwards' : undefined);

    const stored = await updateDocument<Counter>(
      state,
      'first',
      (current) => current ?? { formatVersion: 1, count: 1, by: 'me' },
      ({ by }) => by === 'me',
    );

    expect(stored).toEqual({ formatVersion: 1, count: 1, by: 'me' });
  });

  it('is not misled by a copy that lags', async () => {
    const { state } = blobs.viaProxy();
    await writeDocument(state, 'lagging', { formatVersion: 1, count: 1 });
    blobs.proxy.primary.fault = () => 'unavailable';

    const update = updateDocument<Counter>(state, 'lagging', () => undefined);

    await expect(update).rejects.toMatchObject({ code: 'DR_BLOB_UNAVAILABLE' });
  });
});

describe('writing once', () => {
  it('lets the first writer win', async () => {
    const { state } = blobs.stores;

    const written = await Promise.all(['a', 'b', 'c'].map((text) => writeOnce(state, 'once', text)));

    expect(written.toSorted()).toEqual(['alreadyThere', 'alreadyThere', 'written']);
    expect(await writeOnce(state, 'once', 'd')).toBe('alreadyThere');
  });

  it('is satisfied when its own write had no answer', async () => {
    const { state } = blobs.viaProxy();
    blobs.proxy.primary.fault = faultOnce('resetAfterwards', isPut);

    await expect(writeOnce(state, 'once-lost', 'mine')).resolves.toBe('alreadyThere');
    expect((await state.read('once-lost'))?.bytes.toString()).toBe('mine');
  });
});
