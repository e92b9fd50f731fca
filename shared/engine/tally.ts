import { adapterOf, adapters, laterKinds } from '../adapters/registry';
import { parseKey, steps, type AssetKey, type Step } from '../domain/asset';
import type { PlanEntry } from '../domain/plan';
import type { KindTally, MissingThing, RetiredThing } from '../domain/report-input';
import {
  noOutcomes,
  outcomes,
  type Outcome,
  type OutcomeCounts,
  type OutcomeVerb,
  type Phase,
} from '../domain/run';
import { exceptionFinder } from '../domain/result';
import { readPlanHead, streamItemResults } from '../storage/runs';
import { makeFactBook, type EntryFacts } from './fact-book';
import { ledger } from './ledger';
import { readReadiness } from './readiness-judge';
import { syncedCounts } from './snapshot-sealer';
import { isoNow, type RunContext } from './run-context';

/** What a run did, added up from its books. */
export interface Tally {
  readonly counts: OutcomeCounts;
  /** How many of the failed, blocked and conflicting ones exceptions cover. */
  readonly excepted: number;
  readonly kinds: readonly KindTally[];
  /** All but the unchanged ones; of those that went well only the first few thousand. */
  readonly outcomes: readonly Outcome[];
  readonly retire: readonly RetiredThing[];
  readonly missing: readonly MissingThing[];
  readonly facts: EntryFacts;
}

/** Outcomes of each verb that went well and are kept for the report; the others are all kept. */
const maxGood = 5_000;

interface Sums {
  readonly counts: OutcomeCounts;
  readonly byKind: Map<string, { counts: OutcomeCounts; planned: number }>;
  readonly outcomes: Outcome[];
  excepted: number;
  readonly good: Map<OutcomeVerb, number>;
}

/** Adds up every entry of the plan with what became of it, and what the export could not get. */
export async function tallyRun(context: RunContext): Promise<Tally> {
  const exceptionOf = exceptionFinder(context.pair.exceptions, isoNow(context));
  const sums: Sums = { counts: noOutcomes(), byKind: new Map(), outcomes: [], excepted: 0, good: new Map() };
  const book = makeFactBook(context);
  const retire: RetiredThing[] = [];
  const retired = await phaseOutcomes(context, 'retiring');
  const neededBy = new Map<AssetKey, readonly AssetKey[]>();
  const { needers = {}, paths } = (await readReadiness(context, context.request.runId)) ?? {};
  const lost = await phaseOutcomes(context, 'syncing');
  if ((await readPlanHead(context.state, context.request.runId)) !== undefined) {
    for await (const { entry, outcome } of ledger(context)) {
      book.note(entry);
      if (entry.action === 'retire') retire.push(retiredThing(entry, retired.get(entry.key)));
      else {
        const settled = lost.get(entry.key) ?? outcome ?? openOutcome(context, entry);
        // What covers a job covers its permissions.
        const owner = entry.line?.owner ?? entry.key;
        add(sums, settled, (key) => exceptionOf(key) ?? exceptionOf(owner));
      }
      lost.delete(entry.key);
      if (entry.action !== 'blocked') continue;
      if (entry.byHand === true) neededBy.set(entry.key, needers[entry.key] ?? []);
      for (const need of entry.needs) {
        if (laterKinds.has(parseKey(need).kind))
          neededBy.set(need, [...(neededBy.get(need) ?? []), entry.key]);
      }
    }
  }
  if (context.request.kind === 'sync') await addSynced(context, sums);
  for (const outcome of lost.values()) add(sums, outcome, exceptionOf);
  return {
    counts: sums.counts,
    excepted: sums.excepted,
    kinds: kindTallies(sums, context),
    outcomes: sums.outcomes,
    retire,
    missing: [...neededBy].map(([key, by]) => ({ key, neededBy: by })),
    facts: { ...book.facts(), ...(paths && { paths }) },
  };
}

function add(sums: Sums, outcome: Outcome, exceptionOf: (key: AssetKey) => unknown): void {
  const { kind, id } = parseKey(outcome.key);
  const own = sumsOf(sums, kind, adapterOf(kind).stepOf?.(id));
  own.planned += 1;
  own.counts[outcome.outcome] += 1;
  sums.counts[outcome.outcome] += 1;
  if (outcome.outcome === 'failed' || outcome.outcome === 'blocked' || outcome.outcome === 'conflict') {
    if (exceptionOf(outcome.key) !== undefined) sums.excepted += 1;
    sums.outcomes.push(outcome);
    return;
  }
  const told = outcome.outcome !== 'unchanged' || (outcome.warnings ?? []).length > 0;
  const good = sums.good.get(outcome.outcome) ?? 0;
  if (!told || good >= maxGood) return;
  sums.good.set(outcome.outcome, good + 1);
  sums.outcomes.push(outcome);
}

/** What is said of work that has no outcome: in a dry run what it would have come to, else that the run did not get to it. */
function openOutcome(context: RunContext, { key, name, action, reason }: PlanEntry): Outcome {
  return context.request.dryRun
    ? { key, name, outcome: 'restored', reason: `would be ${action}d: ${reason}` }
    : { key, name, outcome: 'blocked', reason: 'the run ended before it got to this one' };
}

/** A sync restores nothing: its books are what went into the snapshot. */
async function addSynced(context: RunContext, sums: Sums): Promise<void> {
  for (const [kind, synced] of await syncedCounts(context)) {
    const own = sumsOf(sums, kind);
    for (const verb of outcomes) {
      own.counts[verb] += synced[verb];
      own.planned += synced[verb];
      sums.counts[verb] += synced[verb];
    }
  }
}

/** The sums of a kind, by step: assets of some kinds belong to several. */
function sumsOf(sums: Sums, kind: string, step: Step = adapterOf(kind).step) {
  const name = `${kind} ${step}`;
  const own = sums.byKind.get(name) ?? { counts: noOutcomes(), planned: 0 };
  sums.byKind.set(name, own);
  return own;
}

function kindTallies(sums: Sums, { pair }: RunContext): KindTally[] {
  return adapters.flatMap((adapter) => {
    const { kind } = adapter;
    const notAsked = adapter.isAsked?.(pair) === false && { notAsked: true as const };
    const own = steps.filter((step) => step === adapter.step || sums.byKind.has(`${kind} ${step}`));
    return own.map((step) => ({ kind, step, ...sumsOf(sums, kind, step), ...notAsked }));
  });
}

/**
 * What a phase says beside the plan. Of syncing: assets whose body could not be exported, which have failed, whatever was restored
 * from an older snapshot. Of retiring: what became of copies whose source is gone.
 */
async function phaseOutcomes(context: RunContext, phase: Phase): Promise<Map<AssetKey, Outcome>> {
  const found = new Map<AssetKey, Outcome>();
  for await (const { outcomes: all } of streamItemResults(context.state, context.request.runId, phase)) {
    for (const outcome of all) found.set(outcome.key, outcome);
  }
  return found;
}

function retiredThing({ key, name, reason, retire }: PlanEntry, outcome: Outcome | undefined): RetiredThing {
  const adapter = adapterOf(parseKey(key).kind);
  const plain = { key, name, reason: outcome?.reason ?? reason };
  if (outcome?.removed === true) return { ...plain, fate: 'removed' };
  if (outcome?.outcome === 'failed') return { ...plain, fate: 'failed' };
  // What is a part of another asset goes with it.
  const waits = adapter.of !== undefined || (retire === true && 'remove' in adapter);
  return { ...plain, fate: waits && outcome?.outcome !== 'skipped' ? 'waits' : 'stays' };
}
