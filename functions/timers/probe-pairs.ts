import type { PairConfig } from '../../shared/config/schema';
import type { Claim } from '../../shared/domain/claim';
import { hasCode } from '../../shared/domain/errors';
import { closeFailover } from '../../shared/engine/cutover';
import { incidentOf } from '../../shared/engine/incident-keeper';
import {
  checkHealth,
  nextSteps,
  reasonNotToSuspect,
  type ClaimedRun,
  type InstanceState,
  type PairFacts,
  type PairHealth,
  type ProbeStep,
} from '../../shared/engine/prober';
import { readApproval } from '../../shared/storage/approval';
import { mapAhead } from '../../shared/storage/bounded';
import { heartbeat, readClaim, releaseClaim } from '../../shared/storage/claims';
import { readState } from '../../shared/storage/pair-state';
import { readRequest } from '../../shared/storage/runs';
import type { Runtime } from '../../shared/runtime';
import type { Hub, Instance } from '../app/hub';
import { handleEvent, incidentId, startIncident } from '../app/incident';
import type { Services } from '../app/services';
import { fencePair } from './fence-pair';

const pairsAhead = 4;

/** Looks at every pair and does what was left undone. Fences last: quieting a whole workspace takes its time. */
export async function probePairs(services: Services, hub: Hub): Promise<void> {
  const { runtime } = services;
  const { config } = await runtime.config();
  const fences: { pair: PairConfig; runId: string }[] = [];
  const looks = mapAhead(config.pairs, pairsAhead, async (pair) => ({
    pair,
    steps: await guarded(runtime, pair, () => probePair(runtime, hub, pair)),
  }));
  for await (const { pair, steps = [] } of looks) {
    for (const step of steps) if (step.kind === 'fence') fences.push({ pair, runId: step.runId });
  }
  for (const { pair, runId } of fences) await guarded(runtime, pair, () => fencePair(services, pair, runId));
}

/** One pair cannot stop the timer for the others. */
async function guarded<T>(
  runtime: Runtime,
  pair: PairConfig,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown error';
    runtime.log.error('a pair could not be probed', { pair: pair.name, reason });
    return undefined;
  }
}

async function probePair(runtime: Runtime, hub: Hub, pair: PairConfig): Promise<ProbeStep[]> {
  const health = await checkHealth(runtime, pair);
  const claim = await openClaim(runtime, pair.name);
  await tellIncident(runtime, hub, pair, health, claim);
  const steps = nextSteps(await factsOf(runtime, hub, pair, health, claim));
  for (const step of steps) await take(runtime, hub, pair, step);
  return steps;
}

async function openClaim(runtime: Runtime, pair: string): Promise<Claim | undefined> {
  const claim = await readClaim(runtime.state, pair);
  return claim?.released === false ? claim : undefined;
}

/** The active side does not answer: a suspicion. Else time goes by. */
async function tellIncident(
  runtime: Runtime,
  hub: Hub,
  pair: PairConfig,
  health: PairHealth,
  claim: Claim | undefined,
): Promise<void> {
  const state = await readState(runtime.state, pair.name, health.checkedAt);
  const active = health[state.active];
  if (!active.alive) {
    const fields = { pair: pair.name, side: state.active, detail: active.detail };
    const why = reasonNotToSuspect(pair, state, claim);
    runtime.log.warn('the active side does not answer', why === undefined ? fields : { ...fields, why });
    if (why === undefined) await handleEvent(runtime, hub, pair, { kind: 'probeFailed' });
  } else if ((await incidentOf(runtime, pair.name)).state !== 'idle') {
    await handleEvent(runtime, hub, pair, { kind: 'tick' });
  }
}

async function factsOf(
  runtime: Runtime,
  hub: Hub,
  pair: PairConfig,
  health: PairHealth,
  claim: Claim | undefined,
): Promise<PairFacts> {
  const incident = await incidentOf(runtime, pair.name);
  const instance = await hub.find(incidentId(pair.name, incident.attempt));
  return {
    hub: runtime.settings.hub,
    nowMs: runtime.now(),
    state: await readState(runtime.state, pair.name, health.checkedAt),
    health,
    incident,
    incidentInstance: stateOf(instance),
    ...(claim === undefined ? {} : { claim, run: await runOf(runtime, hub, claim) }),
  };
}

async function runOf(runtime: Runtime, hub: Hub, { runId }: Claim): Promise<ClaimedRun> {
  const instance = await hub.find(runId);
  const request = await readRequest(runtime.state, runId);
  const approval = await readApproval(runtime.state, runId);
  return {
    instance: stateOf(instance),
    approving: instance?.progress?.phase === 'approving',
    ...(request === undefined ? {} : { startedBy: request.startedBy }),
    ...(approval === undefined ? {} : { approval }),
  };
}

function stateOf(instance: Instance | undefined): InstanceState {
  if (instance === undefined) return 'missing';
  return instance.state === 'live' ? 'live' : 'ended';
}

async function take(runtime: Runtime, hub: Hub, pair: PairConfig, step: ProbeStep): Promise<void> {
  const log = runtime.log.with({ pair: pair.name });
  switch (step.kind) {
    case 'startIncident':
      log.warn('a suspicion had nobody to confirm it', { attempt: step.attempt });
      return startIncident(hub, pair.name, step.attempt);
    case 'abandonIncident':
      log.error('an outage had nobody to see to it', { attempt: step.attempt });
      await handleEvent(runtime, hub, pair, { kind: 'abandoned', attempt: step.attempt });
      return;
    case 'startRun':
      log.warn('a run had its claim and was not started', { runId: step.runId });
      return hub.start(step.run, step.runId, { runId: step.runId });
    case 'heartbeat':
      return beat(runtime, pair.name, step.runId);
    case 'raiseDecision':
      log.warn('a decision had not reached its run', { runId: step.runId, point: step.point });
      return hub.raise(step.runId, `decision:${step.point}`, step.decision);
    case 'releaseClaim':
      return closeRun(runtime, pair, step.runId, step.why);
    // Quieting comes after every pair was looked at.
    case 'fence':
      return;
  }
}

/** Does what a run that ended without its report left undone. */
async function closeRun(runtime: Runtime, pair: PairConfig, runId: string, why: string): Promise<void> {
  if ((await openClaim(runtime, pair.name))?.runId !== runId) return;
  runtime.log.error('a run left its claim behind', { pair: pair.name, runId, why });
  const request = await readRequest(runtime.state, runId);
  if (request?.kind === 'failover') await closeFailover(runtime, pair, request, `run ${runId}: ${why}`);
  await releaseClaim(runtime.state, pair.name, runId);
}

/** A run that has ended since it was looked at needs no heartbeat. */
async function beat(runtime: Runtime, pair: string, runId: string): Promise<void> {
  try {
    await heartbeat(runtime.state, pair, runId, new Date(runtime.now()).toISOString());
  } catch (error) {
    if (!hasCode(error, 'DR_CLAIM_LOST')) throw error;
  }
}
