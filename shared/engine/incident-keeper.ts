import type { PairConfig } from '../config/schema';
import { decide, type IncidentDecision } from '../domain/decision';
import { noIncident, type Incident, type IncidentEvent, type IncidentPolicy } from '../domain/incident';
import { isOfIncident, type RunRequest } from '../domain/run';
import { isFreshSnapshot } from '../domain/snapshot';
import type { BlobStore, BlobStores } from '../storage/blob-store';
import { readIncident, updateIncident } from '../storage/pair-state';
import { readLatest } from '../storage/snapshots';

/** Applies an event to the incident of a pair: one compare-and-swap. Returns what is to be done about it. */
export async function applyEvent(
  runtime: BlobStores & { now(): number },
  pair: PairConfig,
  event: IncidentEvent,
): Promise<IncidentDecision> {
  const nowIso = new Date(runtime.now()).toISOString();
  const latest = await readLatest(runtime, pair.name);
  const snapshotFresh = latest !== undefined && isFreshSnapshot(latest, runtime.now());
  const policy: IncidentPolicy = { mode: pair.alert.mode, snapshotFresh };
  let decided: IncidentDecision | undefined;
  await updateIncident<Incident>(runtime.state, pair.name, (current) => {
    decided = decide(current ?? noIncident(nowIso), event, policy, nowIso);
    return decided.incident;
  });
  return decided ?? decide(noIncident(nowIso), event, policy, nowIso);
}

/** The incident of a pair as it stands. */
export async function incidentOf(
  runtime: { readonly state: BlobStore; now(): number },
  pair: string,
): Promise<Incident> {
  return (
    (await readIncident<Incident>(runtime.state, pair)) ?? noIncident(new Date(runtime.now()).toISOString())
  );
}

/**
 * What the policy of the pair says about the cutover of a run: `ask` a person, or that it was approved already. A failover that
 * somebody asked for asks when approval is required; one that answers an incident, unless policy approved that incident.
 */
export async function approvalOf(
  runtime: { readonly state: BlobStore; now(): number },
  pair: PairConfig,
  request: RunRequest,
): Promise<{ readonly ask: boolean; readonly why: string }> {
  if (!isOfIncident(request)) return { ask: pair.approval.required, why: 'no approval is required' };
  const { state, reason } = await incidentOf(runtime, pair.name);
  return { ask: state !== 'approved', why: reason };
}
