import type { AssetKey } from './asset';
import type { Report, ReportedOutcome } from './report';
import type { KindTally } from './report-input';
import { redact } from './redact';
import type { ActionCounts } from './plan';
import { noOutcomes, outcomes, type Outcome, type OutcomeCounts, type OutcomeVerb } from './run';

/** How many outcomes of one verb a report lists; what needs a person is never cut. */
const maxListed = 5_000;
const neverCut: readonly OutcomeVerb[] = ['failed', 'blocked', 'conflict'];
const worstFirst: readonly OutcomeVerb[] = [...neverCut, 'skipped', 'restored', 'unchanged'];

export type CountsWithTotal = OutcomeCounts & { readonly total: number };

/** The sum, with its total. */
export function addCounts(all: readonly OutcomeCounts[]): CountsWithTotal {
  const sum = noOutcomes();
  for (const counts of all) for (const verb of outcomes) sum[verb] += counts[verb];
  return { ...sum, total: outcomes.reduce((total, verb) => total + sum[verb], 0) };
}

/** What a plan would bring about, for the report of a dry run. `retire` is no outcome: it is listed on its own. */
export function plannedOutcomes(counts: ActionCounts): OutcomeCounts {
  const { create, update, unchanged, skip, conflict, blocked } = counts;
  return { restored: create + update, unchanged, skipped: skip, conflict, blocked, failed: 0 };
}

/** The outcomes that a report lists, worst first, and how many of each verb it only counts. */
export function listOutcomes(input: { outcomes: readonly Outcome[]; kinds: readonly KindTally[] }): {
  listed: readonly ReportedOutcome[];
  leftOut: OutcomeCounts;
} {
  const byVerb = new Map(worstFirst.map((verb): [OutcomeVerb, ReportedOutcome[]] => [verb, []]));
  for (const outcome of input.outcomes) {
    const listed = byVerb.get(outcome.outcome) ?? [];
    if (isTold(outcome) && (neverCut.includes(outcome.outcome) || listed.length < maxListed)) {
      listed.push(told(outcome));
    }
  }
  const totals = addCounts(input.kinds.map(({ counts }) => counts));
  const leftOut = noOutcomes();
  for (const [verb, listed] of byVerb) leftOut[verb] = Math.max(0, totals[verb] - listed.length);
  return { listed: [...byVerb.values()].flat(), leftOut };
}

function isTold({ outcome, warnings }: Outcome): boolean {
  return outcome !== 'unchanged' || (warnings?.length ?? 0) > 0;
}

function told({ key, name, outcome, reason, warnings }: Outcome): ReportedOutcome {
  const plain = { key, name, outcome, reason: redact(reason) };
  return warnings?.length ? { ...plain, warnings: warnings.map(redact) } : plain;
}

/** Everything in a report that asks for a person's attention, and how much: 2 for what does not work, 1 for what may not. */
export function troubles(
  report: Pick<Report, 'outcomes' | 'readiness' | 'wake'>,
): ReadonlyMap<AssetKey, number> {
  const found = new Map<AssetKey, number>();
  const add = (key: AssetKey, weight: number): void =>
    void found.set(key, Math.max(weight, found.get(key) ?? 0));
  for (const { key, outcome, warnings } of report.outcomes) {
    if (neverCut.includes(outcome)) add(key, 2);
    else if (warnings !== undefined) add(key, 1);
  }
  for (const { key, state } of report.readiness.jobs) add(key, state === 'notRunnable' ? 2 : 1);
  for (const { key } of report.wake.asleep) add(key, 2);
  return found;
}
