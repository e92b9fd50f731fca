import type { PairConfig } from '../../shared/config/schema';
import type { IncidentDecision } from '../../shared/domain/decision';
import type { IncidentEvent } from '../../shared/domain/incident';
import { isOfIncident, type RunRequest } from '../../shared/domain/run';
import { applyEvent } from '../../shared/engine/incident-keeper';
import { readApproval } from '../../shared/storage/approval';
import { readClaim } from '../../shared/storage/claims';
import { readRequest } from '../../shared/storage/runs';
import { hasCode } from '../../shared/domain/errors';
import type { Runtime } from '../../shared/runtime';
import { cancel, decide } from './decide';
import type { Hub } from './hub';

export function incidentId(pair: string, attempt: number): string {
  return `${pair}:incident:${attempt}`;
}

/** Starts the confirmation of a suspicion; one that is there already is success. */
export function startIncident(hub: Hub, pair: string, attempt: number): Promise<void> {
  return hub.start('incident', incidentId(pair, attempt), { pair, attempt });
}

/** Applies an event to the incident of a pair and does what follows from it. Durable once it returns: what could not be done now, the probe timer does. */
export async function handleEvent(
  runtime: Runtime,
  hub: Hub,
  pair: PairConfig,
  event: IncidentEvent,
): Promise<IncidentDecision> {
  const decided = await applyEvent(runtime, pair, event);
  const { incident, effects, reason } = decided;
  const log = runtime.log.with({ pair: pair.name, incident: incident.state, reason });
  for (const effect of effects) {
    switch (effect) {
      case 'startConfirm':
        await startIncident(hub, pair.name, incident.attempt).catch(() => {
          log.warn('a suspicion waits to be confirmed', { attempt: incident.attempt });
        });
        break;
      case 'cancelRun':
        await cancelFailover(runtime, hub, pair.name, reason);
        break;
      case 'proposeFailback':
        log.warn('the region is back: a failback is proposed');
        break;
      case 'notify':
        log.warn('an incident asks for attention');
        break;
      case 'approveCutover':
        await approveFailover(runtime, hub, pair.name, reason);
        break;
      // It follows from a verdict, and the incident's own orchestration sees to it.
      case 'startFailover':
        break;
    }
  }
  return decided;
}

async function cancelFailover(runtime: Runtime, hub: Hub, pair: string, why: string): Promise<void> {
  const request = await failoverOf(runtime, pair);
  if (request === undefined) return;
  await unlessDecided(runtime, request, () =>
    cancel(runtime, hub, request, { verb: 'cancel', who: 'incident', why }),
  );
}

/** Policy approves. A failover that is not at its decision yet finds that out when it gets there. */
async function approveFailover(runtime: Runtime, hub: Hub, pair: string, why: string): Promise<void> {
  const request = await failoverOf(runtime, pair);
  if (request === undefined) return;
  if ((await readApproval(runtime.state, request.runId))?.personOnly === true) return;
  await unlessDecided(runtime, request, () =>
    decide(runtime, hub, request, { verb: 'approve', who: 'policy', why }),
  );
}

/** The failover that answers the incident of a pair, while it has the pair. */
async function failoverOf(runtime: Runtime, pair: string): Promise<RunRequest | undefined> {
  const claim = await readClaim(runtime.state, pair);
  if (claim === undefined || claim.released || claim.kind !== 'failover') return undefined;
  const request = await readRequest(runtime.state, claim.runId);
  return request !== undefined && isOfIncident(request) ? request : undefined;
}

async function unlessDecided(
  runtime: Runtime,
  { runId }: RunRequest,
  decideNow: () => Promise<void>,
): Promise<void> {
  try {
    await decideNow();
  } catch (error) {
    if (!hasCode(error, 'DR_APPROVAL_NOT_OPEN')) throw error;
    runtime.log.warn('a failover had nothing to be decided', { runId, why: error.message });
  }
}
