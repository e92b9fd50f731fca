import type { AssetKey, Side, Step } from './asset';
import type { MetastoreSetting } from './external-metastore';
import { addCounts, listOutcomes, troubles } from './report-outcomes';
import type {
  CallCounts,
  CutoverFacts,
  FenceFacts,
  JobReadiness,
  JobState,
  RetiredThing,
  PhaseTiming,
  ReportInput,
  SideFacts,
} from './report-input';
import { expiredWarnings, reportFacts, type ReportFacts } from './report-facts';
import { makeSteps } from './report-steps';
import { verdictOf } from './report-verdict';
import { manualSteps } from './manual-steps';
import type { Preflight } from './preflight';
import { redact } from './redact';
import type { RetentionFacts } from './retention';
import type { Decision, OutcomeCounts, OutcomeVerb, RunKind, RunRequest, RunStatus, RunSummary } from './run';

export interface ReportedOutcome {
  readonly key: AssetKey;
  readonly name: string;
  readonly outcome: OutcomeVerb;
  readonly reason: string;
  readonly warnings?: readonly string[];
}

/**
 * `done`: nothing is left to do. `attention`: something is blocked or in conflict. `failed`: something failed.
 * `incomplete`: the run ended before it was through. `manual`: this version leaves it to a person. `nothing`: there was nothing of it.
 */
export type StepState = 'done' | 'attention' | 'failed' | 'incomplete' | 'manual' | 'nothing';

export interface StepReport {
  readonly step: Step;
  readonly title: string;
  readonly state: StepState;
  /** Outcomes of the assets of this step; all steps together are the run's counts. */
  readonly counts: OutcomeCounts & { readonly total: number };
  /** Assets that the plan has and that the run did not come to. */
  readonly left: number;
  /** What counts do not say, e.g. which workspace answered. */
  readonly note?: string;
}

export interface TierReadiness extends Record<JobState, number> {
  /** `null`: jobs without a tier, which wake last. */
  readonly tier: number | null;
}

/** What happened in a run, for people and programs. Stored as `report.json`. */
export interface Report extends ReportFacts {
  readonly formatVersion: 1;
  readonly run: {
    readonly id: string;
    readonly kind: RunKind;
    readonly pair: string;
    readonly mode: RunRequest['mode'];
    readonly dryRun: boolean;
    readonly status: RunStatus;
    /** How it ended, in one sentence. */
    readonly reason: string;
    readonly startedBy: string;
    /** Why it was asked for. */
    readonly requestReason: string;
    readonly startedAt: string;
    readonly endedAt: string;
    readonly source: Side;
    readonly counts: RunSummary['counts'];
  };
  /** What a person wants to know first, in one sentence. */
  readonly verdict: string;
  readonly sides: Readonly<Record<Side, SideFacts>>;
  readonly active: Side;
  readonly tenure: number;
  readonly snapshot: { readonly id: string; readonly sealedAt: string } | null;
  readonly steps: readonly StepReport[];
  readonly outcomes: readonly ReportedOutcome[];
  /** How many of the failed, blocked and conflicting ones a known exception covers: they need nobody. */
  readonly excepted: number;
  /** How many outcomes of each verb are counted and not listed. */
  readonly leftOut: OutcomeCounts;
  readonly readiness: {
    readonly tiers: readonly TierReadiness[];
    /** Jobs that would not run, or not fully; runnable ones are only counted. */
    readonly jobs: readonly JobReadiness[];
  };
  readonly manualSteps: readonly string[];
  readonly fence: FenceFacts;
  readonly wake: Omit<CutoverFacts, 'fence'>;
  readonly decisions: readonly (Decision & { readonly at: string })[];
  readonly timings: readonly (PhaseTiming & { readonly seconds: number })[];
  readonly rtoSeconds: number | null;
  readonly rpoSeconds: number | null;
  readonly requests: CallCounts & { readonly bySide: Readonly<Record<Side, CallCounts>> };
  readonly retire: readonly RetiredThing[];
  readonly trusted: readonly { readonly partition: string; readonly verifiedAt: string }[];
  readonly notCarried: readonly string[];
  /** Settings of external Hive metastores, where they stand, and what became of them. */
  readonly metastores: readonly MetastoreSetting[];
  readonly warnings: readonly string[];
  /** What a retention run kept and removed; `null` for other runs. */
  readonly retention: RetentionFacts | null;
  /** Whether a failover would work, worst first; `null` when this run did not look. */
  readonly preflight: Pick<Preflight, 'light' | 'tiers' | 'checks'> | null;
  /** What is in trouble now and was not, or not as badly, in the last report of such a run that was `succeeded`; `null` when there is none to compare with. */
  readonly newSince: {
    readonly runId: string;
    readonly endedAt: string;
    readonly keys: readonly AssetKey[];
  } | null;
}

const noCalls: CallCounts = { calls: 0, writes: 0, throttled: 0 };

/** The report of a run that is over. Reasons pass the redactor; names are given as they are. */
export function makeReport(input: ReportInput): Report {
  const { cutover, request, summary } = input;
  const steps = makeSteps(input);
  const { listed, leftOut } = listOutcomes(input);
  const facts = reportFacts(input);
  const report = {
    formatVersion: 1,
    ...facts,
    run: runOf(input, steps),
    verdict: verdictOf(input),
    sides: input.sides,
    active: input.active,
    tenure: input.tenure,
    snapshot: input.snapshot ?? null,
    steps,
    outcomes: listed,
    excepted: input.excepted ?? 0,
    leftOut,
    readiness: readinessOf(input.readiness),
    manualSteps: manualSteps(input),
    fence: cutover?.fence ?? { state: 'none', policy: request.fence, quieted: 0, triggersStillAwake: [] },
    wake: wakeOf(cutover),
    decisions: input.decisions,
    timings: input.phases.map((phase) => ({ ...phase, seconds: secondsBetween(phase) })),
    rtoSeconds: summary.rtoSeconds ?? null,
    rpoSeconds: summary.rpoSeconds ?? null,
    requests: requestsOf(input.requests),
    retire: input.retire,
    trusted: input.trusted,
    notCarried: input.notCarried,
    metastores: input.metastores ?? [],
    warnings: [...input.warnings, ...expiredWarnings(facts)].map(redact),
    retention: input.retention ?? null,
    preflight: input.preflight === undefined ? null : preflightOf(input.preflight),
  } satisfies Omit<Report, 'newSince'>;
  return { ...report, newSince: newSince(report, input.lastGreen) };
}

function wakeOf(cutover: CutoverFacts | undefined): Report['wake'] {
  const { switched = false, awakeBefore = 0, woken = [], asleep = [] } = cutover ?? {};
  return { switched, awakeBefore, woken, asleep };
}

function runOf({ request, summary }: ReportInput, steps: readonly StepReport[]): Report['run'] {
  return {
    id: request.runId,
    kind: request.kind,
    pair: request.pair,
    mode: request.mode,
    dryRun: request.dryRun,
    status: summary.status,
    reason: redact(summary.reason),
    startedBy: request.startedBy,
    requestReason: redact(request.reason),
    startedAt: summary.startedAt,
    endedAt: summary.endedAt,
    source: request.source,
    counts: addCounts(steps.map(({ counts }) => counts)),
  };
}

function readinessOf(jobs: readonly JobReadiness[]): Report['readiness'] {
  const order = (tier: number | undefined): number => tier ?? Infinity;
  const tiers = [...new Set(jobs.map(({ tier }) => tier))].sort((a, b) => order(a) - order(b));
  return {
    tiers: tiers.map((tier) => {
      const inTier = jobs.filter((job) => job.tier === tier);
      const of = (state: JobState): number => inTier.filter((job) => job.state === state).length;
      const states = { runnable: of('runnable'), degraded: of('degraded'), notRunnable: of('notRunnable') };
      return { tier: tier ?? null, ...states };
    }),
    jobs: jobs
      .filter(({ state }) => state !== 'runnable')
      .map((job) => ({ ...job, reasons: job.reasons.map(redact) }))
      .sort(
        (a, b) =>
          Number(a.state === 'degraded') - Number(b.state === 'degraded') || order(a.tier) - order(b.tier),
      ),
  };
}

function preflightOf({ light, tiers, checks }: Preflight): Report['preflight'] {
  return { light, tiers, checks: checks.map((check) => ({ ...check, what: redact(check.what) })) };
}

function requestsOf(bySide: Readonly<Record<Side, CallCounts>>): Report['requests'] {
  const sum = Object.values(bySide).reduce(
    (total, { calls, writes, throttled }) => ({
      calls: total.calls + calls,
      writes: total.writes + writes,
      throttled: total.throttled + throttled,
    }),
    noCalls,
  );
  return { ...sum, bySide };
}

function secondsBetween({ startedAt, endedAt }: PhaseTiming): number {
  return Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
}

function newSince(report: Omit<Report, 'newSince'>, green: Report | undefined): Report['newSince'] {
  if (!green) return null;
  const known = troubles(green);
  const keys = [...troubles(report)]
    .filter(([key, weight]) => weight > (known.get(key) ?? 0))
    .map(([key]) => key);
  return { runId: green.run.id, endedAt: green.run.endedAt, keys };
}
