import { noOutcomes, outcomes, type OutcomeCounts, type Phase } from '../domain/run';
import type { BlobStore } from './blob-store';
import { writeDocument } from './documents';
import { paths } from './layout';

/** The address of a chunk. */
export interface ChunkAddress {
  readonly runId: string;
  readonly phase: Phase;
  readonly wave: number;
  readonly chunk: number;
}

/** Stores what has become of a chunk so far, in the metadata: whoever asks for progress lists these, not every work item. */
export async function writeChunkTally(
  state: BlobStore,
  { runId, phase, wave, chunk }: ChunkAddress,
  counts: OutcomeCounts,
): Promise<void> {
  const metadata = Object.fromEntries(outcomes.map((verb) => [verb, String(counts[verb])]));
  const path = paths.chunkTally(runId, phase, wave, chunk);
  await writeDocument(state, path, { formatVersion: 1, counts }, { metadata });
}

/** What has become of all chunks of a phase so far. */
export async function sumChunkTallies(state: BlobStore, runId: string, phase: Phase): Promise<OutcomeCounts> {
  const sum = noOutcomes();
  for await (const { metadata } of state.list(paths.chunkTallies(runId, phase), { metadata: true })) {
    for (const verb of outcomes) sum[verb] += Number(metadata[verb] ?? 0);
  }
  return sum;
}
