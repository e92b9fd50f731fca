import type {
  Incident,
  IncidentEffect,
  IncidentEvent,
  IncidentPolicy,
  IncidentState,
  Verdict,
} from './incident';
import type { Signal } from './signal';

const minuteMs = 60_000;
/** Alerts older than this are a replay, not news. */
const staleMs = 60 * minuteMs;
/** Clocks may differ by so much; an alert from further ahead would outrank all that follow. */
const skewMs = 10 * minuteMs;
const coolDownMs = 30 * minuteMs;
/** A suspicion that nothing renews is dropped after this time. */
const suspicionMs = 60 * minuteMs;
const approvedByPolicy = 'confirmed by alert and probes: approved by policy';
const maxSeen = 200;
const maxAlerts = 50;

/** What became of an incident, what is to be done, and why. */
export interface IncidentDecision {
  readonly incident: Incident;
  readonly effects: readonly IncidentEffect[];
  readonly reason: string;
}

interface Now {
  readonly policy: IncidentPolicy;
  readonly ms: number;
}

/**
 * The state machine of an incident. Pure: the same event twice is harmless, and what comes too late or out of order
 * changes nothing. An alert can only raise a suspicion; nothing cuts over unless our own probes confirmed the outage.
 */
export function decide(
  incident: Incident,
  event: IncidentEvent,
  policy: IncidentPolicy,
  nowIso: string,
): IncidentDecision {
  const now = { policy, ms: Date.parse(nowIso) };
  switch (event.kind) {
    case 'alert':
      return onAlert(incident, event.signal, now);
    case 'probeFailed':
      return onProbeFailed(incident, now);
    case 'confirmStarted':
      return incident.state === 'suspected' && event.attempt === incident.attempt
        ? move(incident, 'confirming', 'our probes are asked', now)
        : stay(incident, 'no confirmation was due');
    case 'verdict':
      return onVerdict(incident, event.attempt, event.verdict, now);
    case 'approved':
      return incident.state === 'confirmed'
        ? move(incident, 'approved', `approved by ${event.who}`, now)
        : stay(incident, 'there is nothing to approve');
    case 'rejected':
      return isBeforeCutover(incident)
        ? coolDown({ ...incident, alerts: {} }, `rejected by ${event.who}`, now, ['cancelRun'])
        : stay(incident, 'there is nothing to reject');
    case 'cutoverStarted':
      return incident.state === 'approved'
        ? move(incident, 'failingOver', 'the cutover began', now)
        : stay(incident, 'a cutover without approval is none of this incident');
    case 'runEnded':
      return onRunEnded(incident, event.cutOver, event.why, now);
    case 'abandoned':
      return onAbandoned(incident, event.attempt, now);
    case 'closed':
      return move({ ...incident, alerts: {} }, 'idle', event.why, now);
    case 'tick':
      return onTick(incident, now);
  }
}

function onAlert(incident: Incident, signal: Signal, now: Now): IncidentDecision {
  if (incident.seen.includes(signal.seenId)) return stay(incident, 'this message was seen before');
  const seen = { ...incident, seen: [...incident.seen, signal.seenId].slice(-maxSeen) };
  if (now.policy.mode === 'off') return stay(seen, 'alerts are switched off for this pair');
  const age = now.ms - Date.parse(signal.at);
  if (age > staleMs) return stay(seen, 'the alert is more than 60 minutes old');
  if (age < -skewMs) return stay(seen, 'the alert is from the future');
  const known = seen.alerts[signal.key];
  if (known && Date.parse(signal.at) < Date.parse(known.at))
    return stay(seen, 'a newer message about it was here before');
  const noted = { ...seen, alerts: withAlert(seen, signal) };
  return signal.status === 'active' ? onActive(noted, now) : onResolved(noted, known?.status, now);
}

function withAlert({ alerts }: Incident, { key, status, level, at }: Signal): Incident['alerts'] {
  const others = Object.entries(alerts).filter(([other]) => other !== key);
  return Object.fromEntries([...others.slice(1 - maxAlerts), [key, { status, level, at }]]);
}

function onActive(incident: Incident, now: Now): IncidentDecision {
  switch (incident.state) {
    case 'idle':
      return suspect(incident, 'an alert says that the active side is hit', now);
    case 'suspected':
      return suspect(incident, 'an alert says so again', now);
    case 'confirmed':
      return isAutomatic(incident, now)
        ? move(incident, 'approved', approvedByPolicy, now, ['approveCutover'])
        : stay(incident, 'the outage is confirmed already');
    case 'confirming':
    case 'approved':
    case 'failingOver':
    case 'failedOver':
      return stay(incident, `noted: the incident is ${incident.state}`);
  }
}

function onResolved(incident: Incident, before: Signal['status'] | undefined, now: Now): IncidentDecision {
  if (before !== 'active') return stay(incident, 'it was not among the alerts of this incident');
  if (hasActiveAlert(incident)) return stay(incident, 'other alerts of this incident are still active');
  switch (incident.state) {
    case 'idle':
      return stay(incident, 'nothing is suspected');
    case 'suspected':
    case 'confirming':
      return coolDown(incident, 'resolved before it was confirmed', now, []);
    case 'confirmed':
    case 'approved':
      return coolDown(incident, 'resolved before the cutover', now, ['cancelRun', 'notify']);
    case 'failingOver':
    case 'failedOver':
      return {
        ...stay(incident, 'resolved after the cutover began: a failback is proposed, nothing is undone'),
        effects: ['proposeFailback'],
      };
  }
}

function onProbeFailed(incident: Incident, now: Now): IncidentDecision {
  if (now.policy.mode === 'off') return stay(incident, 'failover by itself is switched off for this pair');
  if (incident.state === 'idle' || incident.state === 'suspected')
    return suspect(incident, 'the active side does not answer', now);
  return stay(incident, `noted: the incident is ${incident.state}`);
}

function onVerdict(incident: Incident, attempt: number, verdict: Verdict, now: Now): IncidentDecision {
  const asked = incident.state === 'suspected' || incident.state === 'confirming';
  if (!asked || attempt !== incident.attempt)
    return stay(incident, 'this confirmation is not the current one');
  switch (verdict) {
    case 'confirmed':
      return onConfirmed(incident, now);
    case 'refuted':
      return notice(
        hasActiveAlert(incident)
          ? move(incident, 'suspected', 'our probes reach the active side: the alert stands alone', now)
          : move(incident, 'idle', 'our probes reach the active side', now),
        now,
      );
    case 'hold':
      return notice(
        move(incident, 'suspected', 'we cannot judge: the other side does not answer either', now),
        now,
      );
    case 'undecided':
      return move(incident, 'suspected', 'our probes do not agree', now);
  }
}

function onConfirmed(incident: Incident, now: Now): IncidentDecision {
  const { mode } = now.policy;
  if (isAutomatic(incident, now))
    return move(incident, 'approved', approvedByPolicy, now, ['startFailover', 'approveCutover', 'notify']);
  const prepares = mode === 'approve' || mode === 'auto';
  const effects: IncidentEffect[] = prepares ? ['startFailover', 'notify'] : ['notify'];
  return move(incident, 'confirmed', 'our probes confirm the outage', now, effects);
}

/** Alert and probes and a fresh snapshot, and nobody calls it informational: only then, and only if configured, unasked. */
function isAutomatic(incident: Incident, { policy }: Now): boolean {
  const grave = Object.values(incident.alerts).some(
    ({ status, level }) => status === 'active' && level !== 'informational',
  );
  return policy.mode === 'auto' && policy.snapshotFresh && grave;
}

function onRunEnded(incident: Incident, cutOver: boolean, why: string, now: Now): IncidentDecision {
  const inCutover = incident.state === 'failingOver';
  if (inCutover && cutOver) return move(incident, 'failedOver', why, now);
  if (inCutover || isBeforeCutover(incident)) return coolDown(incident, why, now, ['notify']);
  return stay(incident, 'no run of this incident was open');
}

/** Back to a suspicion: whatever hints at the outage next has it confirmed anew. */
function onAbandoned(incident: Incident, attempt: number, now: Now): IncidentDecision {
  const needsAnswer = isBeforeCutover(incident) && now.policy.mode !== 'notify';
  const isOpen = attempt === incident.attempt && (needsAnswer || incident.state === 'confirming');
  if (!isOpen) return stay(incident, 'it is seen to');
  return move(incident, 'suspected', 'nobody saw to it any more', now, ['notify']);
}

function onTick(incident: Incident, now: Now): IncidentDecision {
  const { state, since } = incident;
  const watched: readonly IncidentState[] =
    now.policy.mode === 'notify' ? ['suspected', 'confirming', 'confirmed'] : ['suspected', 'confirming'];
  if (!watched.includes(state) || now.ms - Date.parse(since) <= suspicionMs)
    return stay(incident, 'nothing is due');
  return move({ ...incident, alerts: {} }, 'idle', 'nothing renewed it for 60 minutes', now);
}

/** After an incident was resolved or given up, nothing opens another for a while: people may start a failover at any time. */
function suspect(incident: Incident, reason: string, now: Now): IncidentDecision {
  if (incident.coolUntil !== undefined && now.ms < Date.parse(incident.coolUntil))
    return stay(incident, `cooling down until ${incident.coolUntil}`);
  return move({ ...incident, attempt: incident.attempt + 1 }, 'suspected', reason, now, ['startConfirm']);
}

function coolDown(incident: Incident, reason: string, now: Now, effects: IncidentEffect[]): IncidentDecision {
  const coolUntil = new Date(now.ms + coolDownMs).toISOString();
  return move({ ...incident, coolUntil }, 'idle', reason, now, effects);
}

function move(
  incident: Incident,
  state: IncidentState,
  reason: string,
  now: Now,
  effects: readonly IncidentEffect[] = [],
): IncidentDecision {
  return { incident: { ...incident, state, since: new Date(now.ms).toISOString(), reason }, effects, reason };
}

function stay(incident: Incident, reason: string): IncidentDecision {
  return { incident, effects: [], reason };
}

/** Tells people what our probes found; once in a cool-down at most, however often it flaps. */
function notice(decision: IncidentDecision, now: Now): IncidentDecision {
  const last = decision.incident.noticedAt;
  if (last !== undefined && now.ms - Date.parse(last) < coolDownMs) return decision;
  const incident = { ...decision.incident, noticedAt: new Date(now.ms).toISOString() };
  return { ...decision, incident, effects: [...decision.effects, 'notify'] };
}

function isBeforeCutover({ state }: Incident): boolean {
  return state === 'confirmed' || state === 'approved';
}

function hasActiveAlert({ alerts }: Incident): boolean {
  return Object.values(alerts).some(({ status }) => status === 'active');
}
