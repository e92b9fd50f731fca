import { decide } from '../../shared/domain/decision';
import {
  noIncident,
  type IncidentEvent,
  type IncidentPolicy,
  type IncidentState,
} from '../../shared/domain/incident';

/** Repeatable pseudo-random numbers (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!;
}

function eventOf(random: () => number, nowMs: number, attempt: number): IncidentEvent {
  const kinds = ['alert', 'alert', 'alert', 'probeFailed', 'confirmStarted', 'verdict', 'verdict'] as const;
  const rare = [
    'approved',
    'rejected',
    'cutoverStarted',
    'cutoverStarted',
    'runEnded',
    'abandoned',
    'closed',
    'tick',
  ] as const;
  const kind = pick<IncidentEvent['kind']>(random, random() < 0.6 ? kinds : rare);
  const anAttempt = random() < 0.8 ? attempt : attempt - 1;
  switch (kind) {
    case 'alert':
      return {
        kind,
        signal: {
          kind: 'signal',
          source: pick(random, ['serviceHealth', 'metric', 'resourceHealth'] as const),
          key: pick(random, ['T1', 'T2']),
          seenId: String(Math.floor(random() * 40)),
          status: pick(random, ['active', 'active', 'resolved'] as const),
          level: pick(random, ['error', 'warning', 'informational'] as const),
          at: new Date(nowMs + Math.floor((random() - 0.9) * 90) * 60_000).toISOString(),
          impacts: [],
          title: '',
        },
      };
    case 'verdict':
      return {
        kind,
        attempt: anAttempt,
        verdict: pick(random, ['confirmed', 'refuted', 'hold', 'undecided'] as const),
      };
    case 'confirmStarted':
    case 'abandoned':
      return { kind, attempt: anAttempt };
    case 'approved':
    case 'rejected':
      return { kind, who: 'op' };
    case 'runEnded':
      return { kind, cutOver: random() < 0.7, why: '' };
    case 'closed':
      return { kind, why: '' };
    case 'probeFailed':
    case 'cutoverStarted':
    case 'tick':
      return { kind };
  }
}

interface Seen {
  cutovers: number;
  automatic: number;
  faults: string[];
}

/** Plays one sequence and notes every step that must not happen. */
function play(seed: number, seen: Seen): void {
  const random = randomOf(seed);
  const policy: IncidentPolicy = {
    mode: pick(random, ['off', 'notify', 'approve', 'auto', 'auto'] as const),
    snapshotFresh: random() < 0.7,
  };
  let nowMs = Date.UTC(2026, 0, 1);
  let incident = noIncident(new Date(nowMs).toISOString());
  let confirmed = false;
  let person = false;
  function claim(holds: boolean, what: string): void {
    if (!holds) seen.faults.push(`seed ${seed}: ${what}`);
  }
  for (let step = 0; step < 40; step += 1) {
    nowMs += Math.floor(random() * 10) * 60_000;
    const event = eventOf(random, nowMs, incident.attempt);
    const before = incident.state;
    const { incident: next, effects } = decide(incident, event, policy, new Date(nowMs).toISOString());
    incident = next;
    if (isNewlyOpen(before, incident.state)) [confirmed, person] = [false, false];
    if (event.kind === 'verdict' && event.verdict === 'confirmed' && incident.state !== before)
      confirmed = true;
    if (event.kind === 'approved' && incident.state === 'approved') person = true;
    const alerts = Object.values(incident.alerts).filter(({ status }) => status === 'active');

    claim(!effects.includes('startFailover') || confirmed, 'a failover without confirmation');
    if (effects.includes('approveCutover')) {
      seen.automatic += 1;
      claim(
        confirmed && policy.mode === 'auto' && policy.snapshotFresh,
        'an approval that the policy does not give',
      );
      claim(
        alerts.some(({ level }) => level !== 'informational'),
        'an approval without a grave alert',
      );
    }
    if (incident.state === 'failingOver' && before !== 'failingOver') {
      seen.cutovers += 1;
      claim(confirmed, 'a cutover without confirmation');
      claim(person || (policy.mode === 'auto' && policy.snapshotFresh), 'a cutover that nobody approved');
    }
    claim(policy.mode !== 'off' || incident.state === 'idle', 'an incident although alerts are off');
    claim(!(before === 'failedOver' && effects.includes('cancelRun')), 'a cancellation after the cutover');
  }
}

function isNewlyOpen(before: IncidentState, after: IncidentState): boolean {
  return after === 'idle' || (before === 'idle' && after === 'suspected');
}

test('in 10,000 generated sequences nothing cuts over without confirmation and approval', () => {
  const seen: Seen = { cutovers: 0, automatic: 0, faults: [] };

  for (let seed = 1; seed <= 10_000; seed += 1) play(seed, seen);

  expect(seen.faults).toEqual([]);
  expect(seen.cutovers).toBeGreaterThan(500);
  expect(seen.automatic).toBeGreaterThan(500);
});

test('in 2,000 generated sequences without a confirmed verdict nothing is ever prepared', () => {
  const effects = new Set<string>();
  for (let seed = 1; seed <= 2_000; seed += 1) {
    const random = randomOf(seed);
    let nowMs = Date.UTC(2026, 0, 1);
    let incident = noIncident(new Date(nowMs).toISOString());
    for (let step = 0; step < 30; step += 1) {
      nowMs += 60_000;
      const event = eventOf(random, nowMs, incident.attempt);
      if (event.kind === 'verdict' && event.verdict === 'confirmed') continue;
      const decided = decide(
        incident,
        event,
        { mode: 'auto', snapshotFresh: true },
        new Date(nowMs).toISOString(),
      );
      incident = decided.incident;
      for (const effect of decided.effects) effects.add(effect);
    }
  }

  expect([...effects].sort()).toEqual(['notify', 'startConfirm']);
});
