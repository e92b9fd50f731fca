import type { PairConfig } from '../config/schema';
import type { Side } from '../domain/asset';
import type { Claim } from '../domain/claim';
import type { Incident } from '../domain/incident';
import { otherSide } from '../domain/links-view';
import { starterOf, type Decision, type RunKind } from '../domain/run';
import type { PairState } from '../domain/state';
import type { Approval } from '../storage/approval';
import type { BlobStores } from '../storage/blob-store';
import { readHealth, writeHealth } from '../storage/pair-state';
import { readLatest } from '../storage/snapshots';
import type { Probe } from './run-context';

/** A claim whose run has not begun after this time was left by a starter that died (ms). */
const orphanMs = 60_000;

/** What the last look at a side found. */
export interface SideHealth {
  readonly alive: boolean;
  readonly detail: string;
  /** Since when it is, or is not, alive (ISO-8601 UTC). */
  readonly since: string;
}

/** Stored as `health.json`: the last probes of both sides, and how old the snapshot was then. */
export interface PairHealth extends Readonly<Record<Side, SideHealth>> {
  readonly formatVersion: 1;
  readonly checkedAt: string;
  readonly snapshot: { readonly id: string; readonly ageSeconds: number } | null;
}

export interface ProberRuntime extends BlobStores {
  now(): number;
  probe(pair: PairConfig, side: Side): Promise<Probe>;
}

/** Looks at both sides of a pair and writes down what it found. */
export async function checkHealth(runtime: ProberRuntime, pair: PairConfig): Promise<PairHealth> {
  const before = await readHealth<PairHealth>(runtime.state, pair.name);
  const latest = await readLatest(runtime, pair.name);
  const [primary, secondary] = await Promise.all([
    runtime.probe(pair, 'primary'),
    runtime.probe(pair, 'secondary'),
  ]);
  const checkedAt = new Date(runtime.now()).toISOString();
  const sideOf = ({ alive, detail }: Probe, last: SideHealth | undefined): SideHealth => ({
    alive,
    detail,
    since: last?.alive === alive ? last.since : checkedAt,
  });
  const health: PairHealth = {
    formatVersion: 1,
    checkedAt,
    primary: sideOf(primary, before?.primary),
    secondary: sideOf(secondary, before?.secondary),
    snapshot:
      latest === undefined ? null : { id: latest.id, ageSeconds: ageSeconds(latest.sealedAt, checkedAt) },
  };
  await writeHealth(runtime.state, pair.name, health);
  return health;
}

function ageSeconds(sealedAt: string, nowIso: string): number {
  return Math.max(0, Math.round((Date.parse(nowIso) - Date.parse(sealedAt)) / 1000));
}

/** Whether the task hub knows an orchestration, and whether it still runs. */
export type InstanceState = 'missing' | 'live' | 'ended';

/** The run that has the claim of a pair. */
export interface ClaimedRun {
  readonly instance: InstanceState;
  /** Its orchestration says that it waits for a decision. */
  readonly approving: boolean;
  /** Absent: its starter died before it was written down. */
  readonly startedBy?: string;
  readonly approval?: Approval;
}

/** What is known of a pair when the timer comes by. */
export interface PairFacts {
  /** The task hub of this app: runs of another one are not ours to start or to end. */
  readonly hub: string;
  readonly nowMs: number;
  readonly state: PairState;
  readonly health: PairHealth;
  readonly incident: Incident;
  readonly incidentInstance: InstanceState;
  /** Only one that is open. */
  readonly claim?: Claim;
  readonly run?: ClaimedRun;
}

/** Something that was left undone. */
export type ProbeStep =
  | { readonly kind: 'startIncident'; readonly attempt: number }
  | { readonly kind: 'abandonIncident'; readonly attempt: number }
  | { readonly kind: 'startRun'; readonly run: RunKind; readonly runId: string }
  | { readonly kind: 'heartbeat'; readonly runId: string }
  | {
      readonly kind: 'raiseDecision';
      readonly runId: string;
      readonly point: number;
      readonly decision: Decision;
    }
  | { readonly kind: 'releaseClaim'; readonly runId: string; readonly why: string }
  | { readonly kind: 'fence'; readonly runId: string };

/** What is to be done for a pair. Every step may be repeated. */
export function nextSteps(facts: PairFacts): ProbeStep[] {
  return [...incidentSteps(facts), ...claimSteps(facts), ...fenceSteps(facts)];
}

/** An incident has somebody who sees to it: the orchestration that confirms it, then the failover that answers it. */
function incidentSteps({ incident, incidentInstance, claim }: PairFacts): ProbeStep[] {
  const { state, attempt } = incident;
  if (attempt === 0 || incidentInstance === 'live') return [];
  if (incidentInstance === 'missing' && (state === 'suspected' || state === 'confirming'))
    return [{ kind: 'startIncident', attempt }];
  const isOpen = state === 'confirming' || state === 'confirmed' || state === 'approved';
  return isOpen && claim?.kind !== 'failover' ? [{ kind: 'abandonIncident', attempt }] : [];
}

function claimSteps(facts: PairFacts): ProbeStep[] {
  const { claim, run } = facts;
  if (claim === undefined || run === undefined || claim.hub !== facts.hub) return [];
  const { runId } = claim;
  switch (run.instance) {
    case 'missing':
      return orphanSteps(facts, claim, run);
    case 'ended':
      return [{ kind: 'releaseClaim', runId, why: 'its orchestration has ended' }];
    case 'live':
      return [{ kind: 'heartbeat', runId }, ...lostDecision(runId, run)];
  }
}

/** The run of an incident is started by the incident, as long as that lives. */
function orphanSteps(facts: PairFacts, { runId, kind, claimedAt }: Claim, run: ClaimedRun): ProbeStep[] {
  if (facts.nowMs - Date.parse(claimedAt) < orphanMs) return [];
  if (run.startedBy === undefined)
    return [{ kind: 'releaseClaim', runId, why: 'what was asked of it was never written down' }];
  if (run.startedBy === starterOf(facts.incident.attempt) && facts.incidentInstance === 'live') return [];
  return [{ kind: 'startRun', run: kind, runId }];
}

/** A decision was recorded, and the run still waits for it: the event was lost. */
function lostDecision(runId: string, { approving, approval }: ClaimedRun): ProbeStep[] {
  const last = approval?.decisions.at(-1);
  if (!approving || approval === undefined || approval.open || last === undefined) return [];
  const { verb, who, why } = last;
  return [{ kind: 'raiseDecision', runId, point: approval.point, decision: { verb, who, why } }];
}

/** The side that was left without being quiet answers again: at once, also while the run that left it still wakes the other. */
function fenceSteps({ state, health }: PairFacts): ProbeStep[] {
  const { fence, fenceRunId: runId, active, cutover } = state;
  if (fence !== 'pending' || runId === undefined || cutover === 'fencing') return [];
  return health[otherSide(active)].alive ? [{ kind: 'fence', runId }] : [];
}

/** Why nothing is started for a pair by the clock; undefined when it may be. */
export function reasonToWait(state: PairState, incident: Incident): string | undefined {
  if (incident.state !== 'idle') return `an incident is ${incident.state}`;
  if (state.cutover !== 'none') return `a cutover is ${state.cutover}`;
  return state.committed ? undefined : 'the last cutover is not committed';
}

/** Whether this pair may be failed over when its active side seems to be lost; else why not. */
export function reasonNotToSuspect(pair: PairConfig, state: PairState, claim?: Claim): string | undefined {
  if (pair.mode === 'observe') return 'the pair is only observed';
  if (!state.committed) return 'the last cutover is not committed: there is no way back yet';
  const answering = claim?.kind === 'failover' || claim?.kind === 'failback';
  return answering ? `${claim.kind} ${claim.runId} is under way` : undefined;
}
