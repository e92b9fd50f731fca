import { sha256 } from '../../shared/domain/asset';
import type { LinkPartition } from '../../shared/domain/link';
import { firstState, type AwakeEntry } from '../../shared/domain/state';
import { paths } from '../../shared/storage/layout';
import { listLinkPartitions, readLinks, writeLinks } from '../../shared/storage/links';
import {
  readAwake,
  readHealth,
  readIncident,
  readState,
  sealAwake,
  updateIncident,
  updateState,
  writeHealth,
} from '../../shared/storage/pair-state';
import { startTestBlobs, type TestBlobs } from '../support/blob-stores';

let blobs: TestBlobs;
let pair: string;
let pairs = 0;
const nowIso = '2026-11-01T00:00:00Z';
beforeAll(async () => {
  blobs = await startTestBlobs();
});
afterAll(() => blobs.close());
beforeEach(() => {
  pair = `pair-${(pairs += 1)}`;
});

function awake(name: string): AwakeEntry {
  return { key: `job/${name}`, name, triggers: ['schedule'], tier: 0 };
}

describe('the state of a pair', () => {
  it('begins with the primary active, and changes by compare and swap', async () => {
    const { state } = blobs.stores;
    expect(await readState(state, pair, nowIso)).toEqual(firstState(nowIso));

    const results = await Promise.all(
      ['run-1', 'run-2'].map((runId) =>
        updateState(state, pair, nowIso, (current) =>
          current.cutover === 'none' ? { ...current, cutover: 'fencing', runId } : undefined,
        ),
      ),
    );

    expect(results[0]).toEqual(results[1]);
    expect(await readState(state, pair, nowIso)).toEqual(results[0]);
  });

  it('stays unwritten when the decision is to leave it', async () => {
    const { state } = blobs.stores;

    expect(await updateState(state, pair, nowIso, () => undefined)).toEqual(firstState(nowIso));
    expect(await state.read(paths.state(pair))).toBeUndefined();
  });

  it('keeps health and incident', async () => {
    const { state } = blobs.stores;
    await writeHealth(state, pair, { formatVersion: 1, primary: 'down' });
    await updateIncident(state, pair, () => ({ formatVersion: 1, phase: 'suspected' }));

    expect(await readHealth(state, pair)).toEqual({ formatVersion: 1, primary: 'down' });
    expect(await readIncident(state, pair)).toEqual({ formatVersion: 1, phase: 'suspected' });
  });
});

describe('what was awake', () => {
  it('is sealed by the first writer, for each tenure', async () => {
    const { state } = blobs.stores;

    const [one, other] = await Promise.all([
      sealAwake(state, pair, 1, [awake('a'), awake('b')]),
      sealAwake(state, pair, 1, [awake('c')]),
    ]);

    expect(one).toEqual(other);
    expect(await readAwake(state, pair, 1)).toEqual(one);
    expect(await readAwake(state, pair, 2)).toBeUndefined();
    expect(await sealAwake(state, pair, 2, [])).toEqual([]);
  });

  it('of another format is refused', async () => {
    await blobs.stores.state.write(paths.awake(pair, 1), '{"formatVersion":2}\n');

    await expect(readAwake(blobs.stores.state, pair, 1)).rejects.toMatchObject({ code: 'DR_BLOB_FORMAT' });
  });
});

describe('links', () => {
  function partitionOf(partition: string): LinkPartition {
    const link = { bodySha: sha256('body'), base: sha256('base'), mapSha: sha256('map'), ours: true };
    return {
      ...{ kind: 'notebook', partition, verifiedAt: nowIso },
      links: ['b', 'ü', 'a\n'].map((id) => ({ ...link, primary: id, secondary: `${id}'` })),
    };
  }

  it('come back sorted by primary id, under names that do not show', async () => {
    const { state } = blobs.stores;
    const partition = partitionOf('/Users/grüße@contoso.com/..');
    await writeLinks(state, pair, partition);

    const read = await readLinks(state, pair, 'notebook', partition.partition);
    const stored = await Array.fromAsync(state.list(`pairs/${pair}/links/`));

    expect(read).toEqual({
      ...partition,
      links: [partition.links[2], partition.links[0], partition.links[1]],
    });
    expect(stored.map(({ path }) => path)).toEqual([
      `pairs/${pair}/links/notebook/${sha256(partition.partition)}.ndjson`,
    ]);
  });

  it('are listed by kind, an empty partition included', async () => {
    const { state } = blobs.stores;
    for (const name of ['one', 'two', 'three']) await writeLinks(state, pair, partitionOf(name));
    await writeLinks(state, pair, { kind: 'notebook', partition: 'empty', links: [] });
    await writeLinks(state, pair, { ...partitionOf('one'), kind: 'notebook-acl' });

    const listed = await Array.fromAsync(listLinkPartitions(state, pair, 'notebook'));

    expect(listed.map(({ partition }) => partition).toSorted()).toEqual(['empty', 'one', 'three', 'two']);
    expect(listed.find(({ partition }) => partition === 'empty')).toEqual({
      ...{ kind: 'notebook', partition: 'empty', links: [] },
    });
  });

  it('are not there before they were written, and not read in another format', async () => {
    const { state } = blobs.stores;
    expect(await readLinks(state, pair, 'job', '')).toBeUndefined();

    await state.write(paths.links(pair, 'job', ''), '{"formatVersion":9}\n');

    await expect(readLinks(state, pair, 'job', '')).rejects.toMatchObject({ code: 'DR_BLOB_FORMAT' });
  });
});
