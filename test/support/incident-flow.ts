import { decide } from '../../shared/domain/decision';
import {
  noIncident,
  type Incident,
  type IncidentEffect,
  type IncidentEvent,
  type IncidentPolicy,
  type Verdict,
} from '../../shared/domain/incident';
import type { Signal } from '../../shared/domain/signal';

const start = Date.UTC(2026, 2, 4, 9, 0);
export const ask: IncidentPolicy = { mode: 'approve', snapshotFresh: true };
export const auto: IncidentPolicy = { mode: 'auto', snapshotFresh: true };

/** The time of a story in minutes. */
export function iso(minute: number): string {
  return new Date(start + minute * 60_000).toISOString();
}

/** An incident with its clock in minutes. */
export function flow(policy: IncidentPolicy) {
  let incident: Incident = noIncident(iso(0));
  let messages = 0;
  function send(minute: number, event: IncidentEvent): readonly IncidentEffect[] {
    const decided = decide(incident, event, policy, iso(minute));
    incident = decided.incident;
    return decided.effects;
  }
  return {
    send,
    state: () => incident.state,
    incident: () => incident,
    alert: (minute: number, change: Partial<Signal> = {}) => {
      messages += 1;
      return send(minute, {
        kind: 'alert',
        signal: { ...signal, seenId: `m${messages}`, at: iso(minute), ...change },
      });
    },
    verdict: (minute: number, verdict: Verdict) =>
      send(minute, { kind: 'verdict', verdict, attempt: incident.attempt }),
  };
}

const signal: Signal = {
  kind: 'signal',
  source: 'serviceHealth',
  key: 'T1',
  seenId: '',
  status: 'active',
  impacts: [],
  level: 'warning',
  at: '',
  title: '',
};
