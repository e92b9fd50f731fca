import type { AssetKey } from '../../shared/domain/asset';
import { DrError } from '../../shared/domain/errors';
import { noActions, type Plan, type PlanEntry } from '../../shared/domain/plan';
import type { Outcome, OutcomeVerb, RunRequest } from '../../shared/domain/run';
import { paths } from '../../shared/storage/layout';
import {
  createRequest,
  listRuns,
  readItemResult,
  readPlanChunk,
  readPlanHead,
  readReport,
  readReportHtml,
  readRequest,
  readRunConfig,
  readSettledChunk,
  readSummary,
  streamItemResults,
  streamPlan,
  tallyResults,
  writeItemResult,
  writePlanChunk,
  writePlanHead,
  writeReport,
  writeRunConfig,
  writeSettledChunk,
  type ItemResult,
} from '../../shared/storage/runs';
import { startTestBlobs, type TestBlobs } from '../support/blob-stores';

let blobs: TestBlobs;
let runId: string;
let runs = 0;
beforeAll(async () => {
  blobs = await startTestBlobs();
});
afterAll(() => blobs.close());
beforeEach(() => {
  runId = `pair-20261101T000000Z-${String((runs += 1)).padStart(6, '0')}`;
  blobs.proxy.primary.seen.length = 0;
});

function codeThrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof DrError ? error.code : error;
  }
}

function requestOf(reason: string): RunRequest {
  return {
    formatVersion: 1,
    runId,
    kind: 'failover',
    pair: 'pair',
    source: 'primary',
    mode: 'unplanned',
    dryRun: false,
    reason,
    fence: 'attempt',
    startedBy: 'probe',
    requestedAt: '2026-11-01T00:00:00Z',
    epoch: 1,
  };
}

function entryOf(name: string): PlanEntry {
  const key: AssetKey = `job/${name}`;
  return { key, name, partition: '', action: 'create', reason: 'new', needs: [] };
}

function planOf(waves: Plan['waves']): Plan {
  const counts = noActions();
  return {
    formatVersion: 1,
    planVersion: 1,
    runId,
    snapshot: 's1',
    counts,
    byKind: {},
    waves,
    hash: '',
    trusted: [],
  };
}

function resultOf(wave: number, item: number, verbs: readonly OutcomeVerb[]): ItemResult {
  const outcomes = verbs.map((outcome, n): Outcome => ({ key: `job/${n}`, name: '', outcome, reason: '' }));
  const requests = { calls: 3, writes: 2, throttled: 1 };
  return { formatVersion: 1, runId, phase: 'restoring', wave, chunk: 0, item, outcomes, left: [], requests };
}

describe('a run', () => {
  it('is created once, and again by the same request only', async () => {
    const { state } = blobs.stores;
    await createRequest(state, requestOf('outage'));
    await createRequest(state, requestOf('outage'));

    expect(await readRequest(state, runId)).toEqual(requestOf('outage'));
    await expect(createRequest(state, requestOf('other'))).rejects.toMatchObject({
      code: 'DR_BLOB_CONFLICT',
    });
  });

  it('keeps its configuration and its report as they were', async () => {
    const { state } = blobs.stores;
    await writeRunConfig(state, runId, { pairs: [{ name: 'pair' }] });
    await writeReport(state, runId, { steps: [] }, '<p>ünïcode</p>');

    expect(await readRunConfig(state, runId)).toEqual({ pairs: [{ name: 'pair' }] });
    expect(await readReport(state, runId)).toEqual({ steps: [] });
    expect(await readReportHtml(state, runId)).toBe('<p>ünïcode</p>');
  });

  it('has nothing where nothing was written', async () => {
    const { state } = blobs.stores;

    expect(await readRequest(state, runId)).toBeUndefined();
    expect(await readRunConfig(state, runId)).toBeUndefined();
    expect(await readPlanHead(state, runId)).toBeUndefined();
    expect(await readItemResult(state, runId, 'restoring', 0, 0, 0)).toBeUndefined();
    expect(await readSummary(state, runId)).toBeUndefined();
    expect(await readReport(state, runId)).toBeUndefined();
    expect(await readReportHtml(state, runId)).toBeUndefined();
    await expect(readPlanChunk(state, runId, 0, 0)).rejects.toMatchObject({ code: 'DR_BLOB_MISSING' });
  });

  it.each(['../../config', '..', 'a/b', 'a?b', '', ' '])('does not exist under the id %j', (id) => {
    expect(codeThrownBy(() => paths.request(id))).toBe('DR_RUN_UNKNOWN');
    expect(codeThrownBy(() => paths.claim(id))).toBe('DR_PAIR_UNKNOWN');
  });
});

describe('a plan', () => {
  it('is streamed wave by wave, work first', async () => {
    const { state } = blobs.stores;
    const plan = planOf([
      { wave: 0, kinds: ['user'], chunkItems: [1, 1], settledChunks: 1 },
      { wave: 1, kinds: ['job'], chunkItems: [], settledChunks: 1 },
    ]);
    await writePlanHead(state, plan);
    await writePlanChunk(state, runId, 0, 0, [entryOf('a'), entryOf('b')]);
    await writePlanChunk(state, runId, 0, 1, [entryOf('c\nd')]);
    await writeSettledChunk(state, runId, 0, 0, [entryOf('e')]);
    await writeSettledChunk(state, runId, 1, 0, [entryOf('f')]);

    const stored = (await readPlanHead(state, runId))!;
    const entries = await Array.fromAsync(streamPlan(state, stored));

    expect(stored).toEqual(plan);
    expect(entries.map(({ name }) => name)).toEqual(['a', 'b', 'c\nd', 'e', 'f']);
    expect(await readSettledChunk(state, runId, 1, 0)).toEqual([entryOf('f')]);
  });

  it('of another version is not carried out', async () => {
    await writePlanHead(blobs.stores.state, { ...planOf([]), planVersion: 99 });

    await expect(readPlanHead(blobs.stores.state, runId)).rejects.toMatchObject({ code: 'DR_PLAN_VERSION' });
  });

  it('with a chunk that is gone says which', async () => {
    const plan = planOf([{ wave: 0, kinds: [], chunkItems: [1], settledChunks: 0 }]);

    await expect(Array.fromAsync(streamPlan(blobs.stores.state, plan))).rejects.toMatchObject({
      code: 'DR_BLOB_MISSING',
      message: expect.stringContaining(`runs/${runId}/plan/0/0.ndjson`),
    });
  });
});

describe('results', () => {
  it('are added up from the listing, without reading them', async () => {
    const { state } = blobs.viaProxy();
    await writeItemResult(state, resultOf(0, 0, ['restored', 'restored', 'failed']));
    await writeItemResult(state, resultOf(1, 0, ['blocked', 'unchanged', 'skipped', 'conflict']));
    await writeItemResult(state, { ...resultOf(0, 0, ['failed']), phase: 'verifying' });
    blobs.proxy.primary.seen.length = 0;

    const tally = await tallyResults(state, runId, 'restoring');

    expect(tally).toEqual({
      ...{ restored: 2, unchanged: 1, skipped: 1, conflict: 1, blocked: 1, failed: 1 },
      ...{ calls: 6, writes: 4, throttled: 2 },
    });
    expect(blobs.proxy.primary.seen).toHaveLength(1);
  });

  it('replace those of an earlier try', async () => {
    const { state } = blobs.stores;
    await writeItemResult(state, resultOf(0, 0, ['failed']));
    await writeItemResult(state, resultOf(0, 0, ['restored']));

    expect(await readItemResult(state, runId, 'restoring', 0, 0, 0)).toEqual(resultOf(0, 0, ['restored']));
    expect(await tallyResults(state, runId, 'restoring')).toMatchObject({ restored: 1, failed: 0 });
  });

  it('are streamed for a phase, or for one wave that is not its namesake', async () => {
    const { state } = blobs.stores;
    for (const wave of [1, 10]) await writeItemResult(state, resultOf(wave, 0, ['restored']));

    const whole = await Array.fromAsync(streamItemResults(state, runId, 'restoring'));
    const first = await Array.fromAsync(streamItemResults(state, runId, 'restoring', 1));

    expect(whole.map(({ wave }) => wave).toSorted()).toEqual([1, 10]);
    expect(first).toEqual([resultOf(1, 0, ['restored'])]);
  });
});

describe('the list of runs', () => {
  it('has the newest first, of one pair or of all', async () => {
    const { state } = blobs.stores;
    const long = 'a-pair-whose-name-is-longer-than-that';
    const ids = [
      'list-20261101T000000Z-aaaaaa',
      'list-20261103T000000Z-bbbbbb',
      'list-two-20261102T000000Z-cccccc',
      `${long.slice(0, 24)}-20261104T000000Z-dddddd`,
    ];
    for (const id of ids) await state.write(paths.request(id), '{}');

    expect(await listRuns(state, 'list', 10)).toEqual([ids[1], ids[0]]);
    expect(await listRuns(state, 'list', 1)).toEqual([ids[1]]);
    expect(await listRuns(state, long, 10)).toEqual([ids[3]]);
    expect((await listRuns(state, undefined, 4)).slice(0, 4)).toEqual([ids[3], ids[1], ids[2], ids[0]]);
  });
});
