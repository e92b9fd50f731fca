import type { AssetKey } from '../domain/asset';
import type { PlanEntry } from '../domain/plan';
import type { Outcome, Phase } from '../domain/run';
import { readItemResult, readPlanChunk, writeItemResult, type ItemResult } from '../storage/runs';
import { addRequests } from './requests';
import type { RunContext } from './run-context';

/** The address of one work item: all that passes through the history. */
export interface ItemRef {
  readonly runId: string;
  readonly phase: Phase;
  readonly wave: number;
  readonly chunk: number;
  readonly item: number;
}

/** What came of one asset: an outcome, or a reason why the next pass should try again. */
export type Attempt = { readonly outcome: Outcome } | { readonly left: string };

/** The entries of a chunk, read once a process. */
export function planChunk(context: RunContext, wave: number, chunk: number): Promise<PlanEntry[]> {
  const { runId } = context.request;
  return context.cache.once(`${runId}:chunk:${wave}:${chunk}`, () =>
    readPlanChunk(context.state, runId, wave, chunk),
  );
}

/** Gets at hand what the work on some entries takes, and gives the work. */
type Prepare = (entries: readonly PlanEntry[]) => Promise<(entry: PlanEntry) => Promise<Attempt>>;

/**
 * Does one work item: hands every entry that has no outcome of this phase yet to `work`, and stores what came of them.
 * May run any number of times. After the deadline nothing new is begun: it comes back as left.
 */
export async function doItem(context: RunContext, ref: ItemRef, prepare: Prepare): Promise<ItemResult> {
  // A message may be delivered again while the work on it still goes on: two at a time would both find nothing, and both create.
  const name = `${ref.runId}:doing:${ref.phase}:${ref.wave}:${ref.chunk}:${ref.item}`;
  try {
    return await context.cache.once(name, () => doItemAlone(context, ref, prepare));
  } finally {
    context.cache.forget(name);
  }
}

async function doItemAlone(context: RunContext, ref: ItemRef, prepare: Prepare): Promise<ItemResult> {
  const before = await readItemResult(context.state, ref.runId, ref.phase, ref.wave, ref.chunk, ref.item);
  const done = new Map<AssetKey, Outcome>((before?.outcomes ?? []).map((outcome) => [outcome.key, outcome]));
  const entries = (await planChunk(context, ref.wave, ref.chunk)).filter(({ item }) => item === ref.item);
  const open = entries.filter(({ key }) => !done.has(key));
  const reasons: Record<AssetKey, string> = {};
  const resultNow = (): ItemResult => ({
    formatVersion: 1,
    ...ref,
    outcomes: entries.flatMap(({ key }) => done.get(key) ?? []),
    left: entries.flatMap(({ key }) => (done.has(key) ? [] : [key])),
    reasons,
    requests: addRequests(before?.requests, context.to.counts),
  });
  if (open.length === 0 && before !== undefined) return resultNow();
  try {
    if (open.length > 0) await doOpen(context, open, await prepare(open), done, reasons);
  } finally {
    // Also when the run was stopped in the middle: what was done is done, and ours.
    await writeItemResult(context.state, resultNow());
  }
  return resultNow();
}

/** Notes what came of each entry as soon as it is known, so that it is known also when one of them ends the work. */
async function doOpen(
  context: RunContext,
  open: readonly PlanEntry[],
  work: (entry: PlanEntry) => Promise<Attempt>,
  done: Map<AssetKey, Outcome>,
  reasons: Record<AssetKey, string>,
): Promise<void> {
  async function doOne(entry: PlanEntry): Promise<void> {
    const attempt =
      context.now() < context.deadlineMs ? await work(entry) : { left: 'no time was left for it' };
    if ('outcome' in attempt) done.set(entry.key, attempt.outcome);
    else reasons[entry.key] = attempt.left;
  }
  const ordered = open.filter(({ line }) => line?.order !== undefined);
  await context.to.each(
    open.filter((entry) => !ordered.includes(entry)),
    doOne,
  );
  for (const entry of ordered.toSorted((a, b) => orderOf(a) - orderOf(b))) await doOne(entry);
}

function orderOf({ line }: PlanEntry): number {
  return line?.order ?? 0;
}

/** The head of an outcome. */
export function outcomeOf(entry: PlanEntry, outcome: Outcome['outcome'], reason: string): Outcome {
  return { key: entry.key, name: entry.name, outcome, reason };
}
