import type { AssetKey } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { Action, Plan, PlanEntry } from '../domain/plan';
import type { Outcome, OutcomeVerb, Phase } from '../domain/run';
import { mapAhead } from '../storage/bounded';
import { readItemResult, readPlanChunk, readPlanHead, readSettledChunk } from '../storage/runs';
import type { RunContext } from './run-context';

/** What became of one entry of the plan. */
export interface Settled {
  readonly entry: PlanEntry;
  /** Absent for `retire`: it is no asset of the snapshot. */
  readonly outcome?: Outcome;
}

/** Chunks that are read while an earlier one is in use: in a warm failover nearly everything is settled. */
const chunksAhead = 4;

const outcomeByAction: Readonly<Partial<Record<Action, OutcomeVerb>>> = {
  unchanged: 'unchanged',
  skip: 'skipped',
  conflict: 'conflict',
  blocked: 'blocked',
};

/** The head of the run's plan; throws when there is none. */
export async function planOf(context: Pick<RunContext, 'state' | 'request'>): Promise<Plan> {
  const plan = await readPlanHead(context.state, context.request.runId);
  if (plan === undefined)
    throw new DrError('DR_BLOB_MISSING', `cannot read the plan of ${context.request.runId}: there is none`);
  return plan;
}

/** Every entry of the plan with what became of it: the books of a run. Streams; in a dry run work is not done yet. */
export async function* ledger(context: RunContext): AsyncGenerator<Settled> {
  const { state, request } = context;
  const plan = await planOf(context);
  for (const { wave, chunkItems, settledChunks } of plan.waves) {
    for (const [chunk, items] of chunkItems.entries()) {
      const restored = await outcomesOf(context, 'restoring', wave, chunk, items);
      const verified = await outcomesOf(context, 'verifying', wave, chunk, items);
      for (const entry of await readPlanChunk(state, request.runId, wave, chunk)) {
        const outcome = verified.get(entry.key) ?? restored.get(entry.key);
        yield outcome === undefined ? { entry } : { entry, outcome: withRemarks(entry, outcome) };
      }
    }
    const settled = mapAhead(Array(settledChunks).keys(), chunksAhead, (chunk) =>
      readSettledChunk(state, request.runId, wave, chunk),
    );
    for await (const entries of settled) for (const entry of entries) yield settledAs(entry);
  }
}

function settledAs(entry: PlanEntry): Settled {
  const verb = entry.lost === true ? 'failed' : outcomeByAction[entry.action];
  if (verb === undefined) return { entry };
  const { key, name, reason, target, line } = entry;
  const more = {
    ...(target === undefined ? {} : { target }),
    ...(line?.harmless && { harmless: line.harmless }),
  };
  return { entry, outcome: withRemarks(entry, { key, name, outcome: verb, reason, ...more }) };
}

/** Says what a person has to know, and when what the target has now is an older body, because the present one could not be exported. */
function withRemarks({ line }: PlanEntry, outcome: Outcome): Outcome {
  const isThere = outcome.outcome === 'restored' || outcome.outcome === 'unchanged';
  if (!isThere || line === undefined) return outcome;
  const { failed, remarks = [] } = line;
  const aged =
    failed === undefined
      ? []
      : [`its body is an older one, the present one could not be exported: ${failed}`];
  const warnings = [...(outcome.warnings ?? []), ...remarks, ...aged];
  return warnings.length === 0 ? outcome : { ...outcome, warnings };
}

/** The outcomes of a chunk in one phase, by key. */
export async function outcomesOf(
  context: RunContext,
  phase: Phase,
  wave: number,
  chunk: number,
  items: number,
): Promise<Map<AssetKey, Outcome>> {
  const outcomes = new Map<AssetKey, Outcome>();
  // At most ten items: a chunk is one Task.all.
  const results = await Promise.all(
    Array.from({ length: items }, (_none, item) =>
      readItemResult(context.state, context.request.runId, phase, wave, chunk, item),
    ),
  );
  for (const result of results) {
    for (const outcome of result?.outcomes ?? []) outcomes.set(outcome.key, outcome);
  }
  return outcomes;
}
