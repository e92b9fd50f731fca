import type { Signal } from './signal';

export const incidentStates = [
  'idle',
  'suspected',
  'confirming',
  'confirmed',
  'approved',
  'failingOver',
  'failedOver',
] as const;
/**
 * `suspected`: something hints at an outage. `confirming`: our probes are asked. `confirmed`: they agree, the failover is
 * prepared up to its approval. `approved`: it may cut over. `failingOver`: it does. `failedOver`: it did.
 */
export type IncidentState = (typeof incidentStates)[number];

/** One alert of an incident, as it stands. */
export interface IncidentAlert {
  readonly status: Signal['status'];
  readonly level: Signal['level'];
  /** The time of the last message about it (ISO-8601 UTC): older ones come too late. */
  readonly at: string;
}

/** A suspected outage of a pair's active side: from the first hint to a decision. */
export interface Incident {
  readonly formatVersion: 1;
  readonly state: IncidentState;
  /** When it came into this state (ISO-8601 UTC). */
  readonly since: string;
  /** Why it is in this state. */
  readonly reason: string;
  /** Number of the last confirmation that was started, from 1: verdicts of earlier ones do not count. */
  readonly attempt: number;
  /** Alerts by key. */
  readonly alerts: Readonly<Record<string, IncidentAlert>>;
  /** The last messages that were seen: what comes again is dropped. */
  readonly seen: readonly string[];
  /** Until then nothing raises a new suspicion (ISO-8601 UTC). */
  readonly coolUntil?: string;
  /** When people were last told what our probes found, so that a flapping region does not call them every minute. */
  readonly noticedAt?: string;
}

/** What happens to an incident. */
export type IncidentEvent =
  | { readonly kind: 'alert'; readonly signal: Signal }
  /** A probe of the timer found the active side not answering. */
  | { readonly kind: 'probeFailed' }
  | { readonly kind: 'confirmStarted'; readonly attempt: number }
  | { readonly kind: 'verdict'; readonly attempt: number; readonly verdict: Verdict }
  | { readonly kind: 'approved'; readonly who: string }
  | { readonly kind: 'rejected'; readonly who: string }
  | { readonly kind: 'cutoverStarted' }
  | { readonly kind: 'runEnded'; readonly cutOver: boolean; readonly why: string }
  /** Nobody sees to it any more: its orchestration has ended, and no run answers it. */
  | { readonly kind: 'abandoned'; readonly attempt: number }
  /** The failback is done, or a person ended it. */
  | { readonly kind: 'closed'; readonly why: string }
  /** Time went by. */
  | { readonly kind: 'tick' };

/** What several probes together say. `hold`: we cannot judge, the fault may be ours. */
export type Verdict = 'confirmed' | 'refuted' | 'hold' | 'undecided';

/**
 * What is to be done about it. `startFailover` prepares (restore, verify) and waits for approval; `approveCutover` is that
 * approval, given by policy.
 */
export type IncidentEffect =
  'startConfirm' | 'startFailover' | 'approveCutover' | 'cancelRun' | 'notify' | 'proposeFailback';

/** The policy of the pair at this moment. */
export interface IncidentPolicy {
  readonly mode: 'off' | 'notify' | 'approve' | 'auto';
  /** The last snapshot is young enough to fail over without asking. */
  readonly snapshotFresh: boolean;
}

/** Nothing is suspected. */
export function noIncident(nowIso: string): Incident {
  return {
    formatVersion: 1,
    state: 'idle',
    since: nowIso,
    reason: 'nothing is suspected',
    attempt: 0,
    alerts: {},
    seen: [],
  };
}
