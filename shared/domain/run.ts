import type { AssetKey, Side } from './asset';
import type { RunScope } from './scope';

/** Kinds of runs by precedence, lowest first: a higher one takes the claim from a lower one. */
export const runKinds = ['retention', 'sync', 'refresh', 'drill', 'failback', 'failover'] as const;
export type RunKind = (typeof runKinds)[number];

export const phases = [
  'starting',
  'syncing',
  'planning',
  'restoring',
  'verifying',
  'retiring',
  'approving',
  'cuttingOver',
  'sweeping',
  'reporting',
] as const;
export type Phase = (typeof phases)[number];

export const outcomes = ['restored', 'unchanged', 'skipped', 'conflict', 'blocked', 'failed'] as const;
/** What became of one asset. */
export type OutcomeVerb = (typeof outcomes)[number];
export type OutcomeCounts = Record<OutcomeVerb, number>;

/** `running` while it runs; then `succeeded`, `partiallyFailed`, `failed` or `cancelled`. */
export type RunStatus = 'running' | 'succeeded' | 'partiallyFailed' | 'failed' | 'cancelled';

/** What became of one asset in one phase, with a reason that a person can act on. */
export interface Outcome {
  readonly key: AssetKey;
  readonly name: string;
  readonly outcome: OutcomeVerb;
  readonly reason: string;
  /** The target's id. */
  readonly target?: string;
  /** True when this run created it. */
  readonly created?: boolean;
  /** True when this run removed it from the target: its source is gone. */
  readonly removed?: true;
  /** Hash of the body that was written (rewritten, asleep). */
  readonly base?: string;
  /** Hash of the target's body as it was read back. */
  readonly targetSha?: string;
  /** The target's version after it was written, when known. */
  readonly version?: string;
  /** Missing things that do not stop it from existing, but may stop it from working. */
  readonly warnings?: readonly string[];
  /** It is blocked until a person has done what the reason says. */
  readonly byHand?: true;
  /** It was skipped and nothing is lost by that: nobody has to do anything about it. */
  readonly harmless?: true;
}

/** Fence policy: must the source be quiet before the target wakes? */
export type FencePolicy = 'require' | 'attempt' | 'skip';

/** What was asked for. Stored once as `request.json`; never changed. */
export interface RunRequest {
  readonly formatVersion: 1;
  readonly runId: string;
  readonly kind: RunKind;
  readonly pair: string;
  readonly mode: 'planned' | 'unplanned';
  readonly dryRun: boolean;
  /** The side that is copied from: the active one when the run was asked for. */
  readonly source: Side;
  /** A snapshot id; absent = the latest good one. */
  readonly snapshot?: string;
  /** Absent = all that the pair protects. */
  readonly scope?: RunScope;
  readonly reason: string;
  readonly fence: FencePolicy;
  /** Who or what asked: an identity, `timer`, `incident:<attempt>`. */
  readonly startedBy: string;
  readonly requestedAt: string;
  /** When the outage was first seen, for runs that answer one (ISO-8601 UTC): RTO and RPO count from here. */
  readonly outageAt?: string;
  /** The epoch of the claim; 0 for runs that do not claim (dry runs). */
  readonly epoch: number;
}

/** How a run ended. Stored as `summary.json` when it did. */
export interface RunSummary {
  readonly formatVersion: 1;
  readonly runId: string;
  readonly status: RunStatus;
  /** Why, in one sentence. */
  readonly reason: string;
  readonly counts: OutcomeCounts & { readonly total: number };
  readonly startedAt: string;
  readonly endedAt: string;
  readonly snapshot?: string;
  /** From the start of the run (or the outage, when known) to the last awake trigger. */
  readonly rtoSeconds?: number;
  /** Age of the snapshot at the outage or the start of the run. */
  readonly rpoSeconds?: number;
}

/** Who starts the run that answers a confirmation of an incident. */
export function starterOf(attempt: number): string {
  return `incident:${attempt}`;
}

/** True for a run that answers an incident, and that nobody asked for. */
export function isOfIncident({ startedBy }: Pick<RunRequest, 'startedBy'>): boolean {
  return startedBy.startsWith('incident:');
}

/** Who decided what, and why. */
export interface Decision {
  readonly verb: 'approve' | 'reject' | 'cancel' | 'timeout' | 'proceed';
  readonly who: string;
  readonly why: string;
}

export function noOutcomes(): OutcomeCounts {
  return { restored: 0, unchanged: 0, skipped: 0, conflict: 0, blocked: 0, failed: 0 };
}
