import type { AssetKey } from './asset';
import { matcherOf } from './pattern';
import { noOutcomes, type Outcome, type OutcomeCounts, type OutcomeVerb, type RunStatus } from './run';

/** A known gap that somebody answers for, until a day. */
export interface Exception {
  /** Which assets: `job/123`, `notebook:/Users/*` and so on. */
  readonly match: string;
  readonly reason: string;
  readonly owner: string;
  /** The first day (UTC, `2027-01-01`) on which it counts no longer. */
  readonly expires: string;
}

const problems: ReadonlySet<OutcomeVerb> = new Set(['failed', 'blocked', 'conflict']);

/** The exception that covers an asset at this moment (ISO-8601 UTC), if there is one. Expired ones cover nothing. */
export function exceptionFinder(
  exceptions: readonly Exception[],
  nowIso: string,
): (key: AssetKey) => Exception | undefined {
  const valid = exceptions
    .filter(({ expires }) => Date.parse(nowIso) < Date.parse(expires))
    .map((exception) => ({ exception, matches: matcherOf(exception.match) }));
  return (key) => valid.find(({ matches }) => matches(key))?.exception;
}

/** What a run did, added up. */
export interface Tally {
  readonly counts: OutcomeCounts;
  /** How many of the failed, blocked and conflicting ones are covered by exceptions. */
  readonly excepted: number;
}

/** Adds up outcomes under the exceptions that are valid at this moment (ISO-8601 UTC). */
export function tallyOf(
  outcomes: Iterable<Outcome>,
  exceptions: readonly Exception[],
  nowIso: string,
): Tally {
  const counts = noOutcomes();
  const exceptionOf = exceptionFinder(exceptions, nowIso);
  let excepted = 0;
  for (const { key, outcome } of outcomes) {
    counts[outcome] += 1;
    if (problems.has(outcome) && exceptionOf(key)) excepted += 1;
  }
  return { counts, excepted };
}

/**
 * How a run ended. `reached`: it did what it was for (for a failover: the cutover). Skipped assets never count against it;
 * neither do those that exceptions cover.
 */
export function resultOf(
  { counts, excepted }: Tally,
  reached: boolean,
  cancelled = false,
): { status: Exclude<RunStatus, 'running'>; reason: string } {
  if (cancelled) return { status: 'cancelled', reason: 'cancelled before it was done' };
  if (!reached) return { status: 'failed', reason: 'it did not get there' };
  const open = counts.failed + counts.blocked + counts.conflict - excepted;
  const covered = excepted === 0 ? '' : `, ${excepted} more covered by exceptions`;
  if (open === 0) return { status: 'succeeded', reason: `nothing failed, blocked or in conflict${covered}` };
  const { failed, blocked, conflict } = counts;
  return {
    status: 'partiallyFailed',
    reason: `${failed} failed, ${blocked} blocked, ${conflict} in conflict; ${open} not covered by an exception`,
  };
}
