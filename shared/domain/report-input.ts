import type { AssetKey, Side, Step } from './asset';
import type { MetastoreSetting } from './external-metastore';
import type { Report } from './report';
import type { LiteralFacts, PathFacts, ScopeFacts } from './report-facts';
import type { Exception } from './result';
import type { RetentionFacts } from './retention';
import type { Preflight } from './preflight';
import type { Decision, FencePolicy, Outcome, OutcomeCounts, Phase, RunRequest, RunSummary } from './run';

/** One side of the pair as the run met it. */
export interface SideFacts {
  readonly region: string;
  readonly url: string;
  /** It answered. */
  readonly reachable: boolean;
  /** A token for it was obtained. */
  readonly token: boolean;
  /** What came back instead, when it did not. */
  readonly fault?: string;
}

/** What became of the assets of one kind. */
export interface KindTally {
  readonly kind: string;
  readonly step: Step;
  readonly counts: OutcomeCounts;
  /** The configuration does not ask for it: a person brings it. */
  readonly notAsked?: true;
  /** Assets that the plan has of it. Absent: as many as have an outcome. */
  readonly planned?: number;
}

/** Whether a job would run, judged over everything that it depends on. */
export type JobState = 'runnable' | 'degraded' | 'notRunnable';

export interface JobReadiness {
  readonly key: AssetKey;
  readonly name: string;
  readonly tier?: number;
  readonly state: JobState;
  /** What is missing, in sentences; empty when it is runnable. */
  readonly reasons: readonly string[];
}

/** An asset whose triggers matter: to be woken, woken, or still awake. */
export interface Triggered {
  readonly key: AssetKey;
  readonly name: string;
  readonly triggers: readonly string[];
  /** Why it is not as it should be. */
  readonly reason?: string;
  /** It was to be so: the run was not asked for it, or an exception covers it. */
  readonly expected?: 'scope' | 'exception';
}

/** What a cutover did. */
export interface CutoverFacts {
  /** The active role moved. */
  readonly switched: boolean;
  /** Assets that were awake when the tenure of the source ended. */
  readonly awakeBefore: number;
  readonly woken: readonly Triggered[];
  /** Assets that were awake at the source and sleep at the target, each with its reason. */
  readonly asleep: readonly Triggered[];
  readonly fence: FenceFacts;
}

/** How quiet the side is that is no longer active. */
export interface FenceFacts {
  readonly state: 'none' | 'pending' | 'done';
  readonly policy: FencePolicy;
  /** Assets whose triggers were stilled there. */
  readonly quieted: number;
  /** Assets that may still start work there. */
  readonly triggersStillAwake: readonly Triggered[];
}

/** How often a workspace was called. */
export interface CallCounts {
  readonly calls: number;
  readonly writes: number;
  readonly throttled: number;
}

export interface PhaseTiming {
  readonly phase: Phase;
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Something that bodies point at and that is not carried, with those that point at it. */
export interface MissingThing {
  readonly key: AssetKey;
  readonly neededBy: readonly AssetKey[];
}

/** An asset that is named with a reason. */
export interface Named {
  readonly key: AssetKey;
  readonly name: string;
  readonly reason: string;
}

/** An asset that is gone at the source, and its copy at the target. */
export interface RetiredThing extends Named {
  /** `removed`: by this run. `waits`: the app removes it in time. `stays`: only a person does. `failed`: it could not be put asleep or removed. */
  readonly fate: 'removed' | 'waits' | 'stays' | 'failed';
}

/** Everything that is known about a run when its report is made. */
export interface ReportInput {
  readonly request: RunRequest;
  readonly summary: RunSummary;
  readonly sides: Readonly<Record<Side, SideFacts>>;
  readonly kinds: readonly KindTally[];
  /** How many of the failed, blocked and conflicting ones a known exception covers. @default 0 */
  readonly excepted?: number;
  /** The final outcome of each asset; those that are `unchanged` without warnings may be left out. */
  readonly outcomes: readonly Outcome[];
  /** The side that runs the schedules after this run, and in which tenure. */
  readonly active: Side;
  readonly tenure: number;
  readonly snapshot?: { readonly id: string; readonly sealedAt: string };
  /** Absent when the run came to no cutover. */
  readonly cutover?: CutoverFacts;
  readonly readiness: readonly JobReadiness[];
  readonly phases: readonly PhaseTiming[];
  readonly requests: Readonly<Record<Side, CallCounts>>;
  readonly decisions: readonly (Decision & { readonly at: string })[];
  readonly missing: readonly MissingThing[];
  /** What this version does not carry, in words. */
  readonly notCarried: readonly string[];
  /** Partitions of the target that were trusted from the links instead of listed, and since when. */
  readonly trusted: readonly { readonly partition: string; readonly verifiedAt: string }[];
  /** Assets that are gone at the source and still at the target. */
  readonly retire: readonly RetiredThing[];
  /** Of a retention run that came to its plan. */
  readonly retention?: RetentionFacts;
  /** Settings of external Hive metastores. @default none */
  readonly metastores?: readonly MetastoreSetting[];
  /** What an operator should know beyond the assets: settings without effect, faults of the geo copy, … */
  readonly warnings: readonly string[];
  /** Whether a failover would work, when this run looked. */
  readonly preflight?: Preflight;
  readonly scope?: ScopeFacts;
  readonly literals?: LiteralFacts;
  readonly paths?: PathFacts;
  /** The known gaps of the pair, expired ones included. */
  readonly exceptions?: readonly Exception[];
  /** The last report of a run of the same sort that was `succeeded`. */
  readonly lastGreen?: Report;
}
