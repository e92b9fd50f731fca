import { adapters, laterKinds } from '../adapters/registry';
import { parseKey, type AssetKey } from '../domain/asset';
import type { KindTally, MissingThing, Named } from '../domain/report-input';
import { noOutcomes, type Outcome, type OutcomeCounts } from '../domain/run';
import { exceptionFinder } from '../domain/result';
import { readPlanHead, streamItemResults } from '../storage/runs';
import { ledger } from './ledger';
import { isoNow, type RunContext } from './run-context';

/** What a run did, added up from its books. */
export interface Tally {
  readonly counts: OutcomeCounts;
  /** How many of the failed, blocked and conflicting ones exceptions cover. */
  readonly excepted: number;
  readonly kinds: readonly KindTally[];
  /** All but the unchanged ones; of those that went well only the first few thousand. */
  readonly outcomes: readonly Outcome[];
  readonly retire: readonly Named[];
  readonly missing: readonly MissingThing[];
}

/** Outcomes that went well and are kept for the report; the others are all kept. */
const maxGood = 5_000;

interface Sums {
  readonly counts: OutcomeCounts;
  readonly byKind: Map<string, { counts: OutcomeCounts; planned: number }>;
  readonly outcomes: Outcome[];
  excepted: number;
  good: number;
}

/** Adds up every entry of the plan with what became of it, and what the export could not get. */
export async function tallyRun(context: RunContext): Promise<Tally> {
  const exceptionOf = exceptionFinder(context.pair.exceptions, isoNow(context));
  const sums: Sums = { counts: noOutcomes(), byKind: new Map(), outcomes: [], excepted: 0, good: 0 };
  const retire: Named[] = [];
  const neededBy = new Map<AssetKey, AssetKey[]>();
  const lost = await exportFailures(context);
  if ((await readPlanHead(context.state, context.request.runId)) !== undefined) {
    for await (const { entry, outcome } of ledger(context)) {
      if (entry.action === 'retire') retire.push({ key: entry.key, name: entry.name, reason: entry.reason });
      else add(sums, parseKey(entry.key).kind, lost.get(entry.key) ?? outcome, exceptionOf);
      lost.delete(entry.key);
      if (entry.action !== 'blocked') continue;
      for (const need of entry.needs) {
        if (laterKinds.has(parseKey(need).kind))
          neededBy.set(need, [...(neededBy.get(need) ?? []), entry.key]);
      }
    }
  }
  for (const [key, outcome] of lost) add(sums, parseKey(key).kind, outcome, exceptionOf);
  return {
    counts: sums.counts,
    excepted: sums.excepted,
    kinds: kindTallies(sums),
    outcomes: sums.outcomes,
    retire,
    missing: [...neededBy].map(([key, by]) => ({ key, neededBy: by })),
  };
}

function add(
  sums: Sums,
  kind: string,
  outcome: Outcome | undefined,
  exceptionOf: (key: AssetKey) => unknown,
): void {
  const own = sums.byKind.get(kind) ?? { counts: noOutcomes(), planned: 0 };
  sums.byKind.set(kind, own);
  own.planned += 1;
  if (outcome === undefined) return;
  own.counts[outcome.outcome] += 1;
  sums.counts[outcome.outcome] += 1;
  if (outcome.outcome === 'failed' || outcome.outcome === 'blocked' || outcome.outcome === 'conflict') {
    if (exceptionOf(outcome.key) !== undefined) sums.excepted += 1;
    sums.outcomes.push(outcome);
  } else if (outcome.outcome !== 'unchanged' && sums.good < maxGood) {
    sums.good += 1;
    sums.outcomes.push(outcome);
  }
}

function kindTallies(sums: Sums): KindTally[] {
  return adapters.map(({ kind, step }) => {
    const own = sums.byKind.get(kind) ?? { counts: noOutcomes(), planned: 0 };
    return { kind, step, counts: own.counts, planned: own.planned };
  });
}

/** Assets whose body could not be exported by this run: they have failed, whatever was restored from an older snapshot. */
async function exportFailures(context: RunContext): Promise<Map<AssetKey, Outcome>> {
  const failures = new Map<AssetKey, Outcome>();
  for await (const { outcomes } of streamItemResults(context.state, context.request.runId, 'syncing')) {
    for (const outcome of outcomes) failures.set(outcome.key, outcome);
  }
  return failures;
}
