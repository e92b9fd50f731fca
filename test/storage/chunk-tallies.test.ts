import { noOutcomes } from '../../shared/domain/run';
import { sumChunkTallies, writeChunkTally } from '../../shared/storage/chunk-tallies';
import { startTestBlobs, type TestBlobs } from '../support/blob-stores';

let blobs: TestBlobs;
beforeAll(async () => {
  blobs = await startTestBlobs();
});
afterAll(() => blobs.close());

it('adds up the chunks of a phase, each by its last tally', async () => {
  const { state } = blobs.stores;
  const runId = 'analytics-20261101T000000Z-abc123';
  const chunk = { runId, phase: 'restoring', wave: 1000 } as const;

  await writeChunkTally(state, { ...chunk, chunk: 0 }, { ...noOutcomes(), restored: 3 });
  await writeChunkTally(state, { ...chunk, chunk: 0 }, { ...noOutcomes(), restored: 9, failed: 1 });
  await writeChunkTally(state, { ...chunk, chunk: 1 }, { ...noOutcomes(), restored: 5 });
  await writeChunkTally(state, { ...chunk, phase: 'verifying', chunk: 0 }, { ...noOutcomes(), restored: 7 });

  expect(await sumChunkTallies(state, runId, 'restoring')).toEqual({
    ...noOutcomes(),
    restored: 14,
    failed: 1,
  });
});
