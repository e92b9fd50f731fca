import type { PairConfig } from '../../shared/config/schema';
import type { IncidentDecision } from '../../shared/domain/decision';
import type { IncidentEvent } from '../../shared/domain/incident';
import { applyEvent } from '../../shared/engine/incident-keeper';
import { readClaim } from '../../shared/storage/claims';
import { readRequest } from '../../shared/storage/runs';
import { hasCode } from '../../shared/domain/errors';
import type { Runtime } from '../../shared/runtime';
import { cancel } from './decide';
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
      // They follow from a verdict, and the incident's own orchestration sees to them.
      case 'startFailover':
      case 'approveCutover':
        break;
    }
  }
  return decided;
}

async function cancelFailover(runtime: Runtime, hub: Hub, pair: string, why: string): Promise<void> {
  const claim = await readClaim(runtime.state, pair);
  if (claim === undefined || claim.released || claim.kind !== 'failover') return;
  const request = await readRequest(runtime.state, claim.runId);
  if (request === undefined || !request.startedBy.startsWith('incident:')) return;
  try {
    await cancel(runtime, hub, request, { verb: 'cancel', who: 'incident', why });
  } catch (error) {
    if (!hasCode(error, 'DR_APPROVAL_NOT_OPEN')) throw error;
    runtime.log.warn('a failover could not be called off', { runId: claim.runId, why: error.message });
  }
}
