import type { PlanEntry } from '../domain/plan';
import { noOutcomes, outcomes, type Outcome, type Phase } from '../domain/run';
import { writeChunkTally } from '../storage/chunk-tallies';
import { readItemResult, writeItemResult, type ItemResult } from '../storage/runs';
import type { RunContext } from './run-context';
import { outcomeOf, planChunk } from './work-item';

/** The address of a chunk and how often it was tried. */
export interface ChunkRef {
  readonly runId: string;
  readonly phase: Phase;
  readonly wave: number;
  readonly chunk: number;
  readonly items: number;
  /** Nothing is tried again after this: what is left has failed. */
  readonly final: boolean;
}

export interface ChunkState {
  /** Work items that have to run again. */
  readonly left: number[];
  /** Assets that have an outcome: tells whether a pass made progress. */
  readonly done: number;
}

/** What is left of a chunk, by the outcome blobs: they are the truth, whatever became of the tasks that wrote them. */
export async function settleChunk(context: RunContext, ref: ChunkRef): Promise<ChunkState> {
  const left: number[] = [];
  const counts = noOutcomes();
  // At most ten items: a chunk is one Task.all.
  const results = await Promise.all(
    Array.from({ length: ref.items }, (_none, item) =>
      readItemResult(context.state, ref.runId, ref.phase, ref.wave, ref.chunk, item),
    ),
  );
  for (const [item, result] of results.entries()) {
    for (const { outcome } of result?.outcomes ?? []) counts[outcome] += 1;
    if (result !== undefined && result.left.length === 0) continue;
    if (ref.final) counts.failed += await giveUp(context, ref, item, result);
    else left.push(item);
  }
  await writeChunkTally(context.state, ref, counts);
  return { left, done: outcomes.reduce((sum, verb) => sum + counts[verb], 0) };
}

/** Records what was tried in vain as failed, with the last reason. Returns how many that were. */
async function giveUp(
  context: RunContext,
  ref: ChunkRef,
  item: number,
  result: ItemResult | undefined,
): Promise<number> {
  const known = new Map<string, Outcome>((result?.outcomes ?? []).map((outcome) => [outcome.key, outcome]));
  const entries = (await planChunk(context, ref.wave, ref.chunk)).filter((entry) => entry.item === item);
  const lost = entries.filter(({ key }) => !known.has(key));
  const reason = (entry: PlanEntry): string =>
    `given up after several tries: ${result?.reasons?.[entry.key] ?? 'the work on it never ended'}`;
  await writeItemResult(context.state, {
    formatVersion: 1,
    runId: ref.runId,
    phase: ref.phase,
    wave: ref.wave,
    chunk: ref.chunk,
    item,
    outcomes: entries.map((entry) => known.get(entry.key) ?? outcomeOf(entry, 'failed', reason(entry))),
    left: [],
    requests: result?.requests ?? { calls: 0, writes: 0, throttled: 0 },
  });
  return lost.length;
}
