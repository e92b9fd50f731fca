import type { Claim } from '../../shared/domain/claim';
import { noIncident, type Incident } from '../../shared/domain/incident';
import { firstState, type PairState } from '../../shared/domain/state';
import { nextSteps, reasonToWait, type ClaimedRun, type PairFacts } from '../../shared/engine/prober';

const now = '2026-11-01T12:00:00.000Z';
const runId = 'analytics-20261101T115500Z-abcdef';
const side = { alive: true, detail: '', since: now };
const claim: Claim = {
  formatVersion: 1,
  runId,
  kind: 'failover',
  hub: 'Here',
  epoch: 3,
  claimedAt: '2026-11-01T11:55:00.000Z',
  heartbeat: '2026-11-01T11:58:00.000Z',
  cancelRequested: false,
  released: false,
};
const live: ClaimedRun = { instance: 'live', approving: false, startedBy: 'timer' };
const missing: ClaimedRun = { instance: 'missing', approving: false, startedBy: 'timer' };
const approval = {
  formatVersion: 1,
  runId,
  point: 2,
  open: false,
  openedAt: now,
  planHash: '',
  timeoutMinutes: 60,
  notes: [],
  decisions: [{ verb: 'approve', who: 'Ana', why: 'gone', at: now }],
} as const;

function facts(change: Partial<PairFacts>): PairFacts {
  return {
    hub: 'Here',
    nowMs: Date.parse(now),
    state: firstState(now),
    health: { formatVersion: 1, checkedAt: now, primary: side, secondary: side, snapshot: null },
    incident: noIncident(now),
    incidentInstance: 'missing',
    ...change,
  };
}

function suspected(change: Partial<Incident> = {}): Incident {
  return { ...noIncident(now), state: 'suspected', attempt: 4, ...change };
}

function left(change: Partial<PairState> = {}): PairState {
  return {
    ...firstState(now),
    active: 'secondary',
    tenure: 2,
    committed: false,
    fence: 'pending',
    fenceRunId: runId,
    ...change,
  };
}

const cases: readonly [string, Partial<PairFacts>, readonly object[]][] = [
  ['nothing for a pair at rest', {}, []],
  ['a confirmation that nobody started', { incident: suspected() }, [{ kind: 'startIncident', attempt: 4 }]],
  ['no confirmation that runs', { incident: suspected(), incidentInstance: 'live' }, []],
  ['no confirmation that is over', { incident: suspected(), incidentInstance: 'ended' }, []],
  [
    'a confirmation that ended without a verdict',
    { incident: suspected({ state: 'confirming' }), incidentInstance: 'ended' },
    [{ kind: 'abandonIncident', attempt: 4 }],
  ],
  [
    'a confirmed outage that no failover answers',
    { incident: suspected({ state: 'confirmed' }), incidentInstance: 'ended' },
    [{ kind: 'abandonIncident', attempt: 4 }],
  ],
  [
    'no confirmed outage that a failover answers',
    { incident: suspected({ state: 'confirmed' }), incidentInstance: 'ended', claim, run: live },
    [{ kind: 'heartbeat', runId }],
  ],
  ['a run that was never started', { claim, run: missing }, [{ kind: 'startRun', run: 'failover', runId }]],
  ['no run that its starter may still start', { claim: { ...claim, claimedAt: now }, run: missing }, []],
  ['no run of another task hub', { claim: { ...claim, hub: 'There' }, run: missing }, []],
  [
    'no run that its incident starts',
    {
      claim,
      run: { ...missing, startedBy: 'incident:4' },
      incident: suspected({ state: 'confirmed' }),
      incidentInstance: 'live',
    },
    [],
  ],
  [
    'the run of an incident that is gone',
    { claim, run: { ...missing, startedBy: 'incident:4' }, incidentInstance: 'ended' },
    [{ kind: 'startRun', run: 'failover', runId }],
  ],
  [
    'the claim of a run that ended',
    { claim, run: { ...live, instance: 'ended' } },
    [{ kind: 'releaseClaim' }],
  ],
  ['the heartbeat of a run', { claim, run: live }, [{ kind: 'heartbeat', runId }]],
  [
    'a decision that got lost',
    { claim, run: { ...live, approving: true, approval } },
    [
      { kind: 'heartbeat', runId },
      { kind: 'raiseDecision', runId, point: 2, decision: { verb: 'approve', who: 'Ana', why: 'gone' } },
    ],
  ],
  [
    'no decision at a point that is open',
    { claim, run: { ...live, approving: true, approval: { ...approval, open: true } } },
    [{ kind: 'heartbeat' }],
  ],
  ['no decision that has arrived', { claim, run: { ...live, approval } }, [{ kind: 'heartbeat' }]],
  ['the fence of a side that answers again', { state: left() }, [{ kind: 'fence', runId }]],
  ['no fence that is complete', { state: left({ fence: 'done' }) }, []],
  [
    'the fence while its run still wakes the other side',
    { state: left({ cutover: 'waking' }), claim, run: live },
    [{ kind: 'heartbeat' }, { kind: 'fence', runId }],
  ],
  ['no fence while the next cutover is at it', { state: left({ cutover: 'fencing' }) }, []],
  [
    'no fence of a side that does not answer',
    {
      state: left(),
      health: {
        formatVersion: 1,
        checkedAt: now,
        primary: { ...side, alive: false },
        secondary: side,
        snapshot: null,
      },
    },
    [],
  ],
];

test.each(cases)('takes up %s', (_name, change, steps) => {
  const found = nextSteps(facts(change));

  expect(found).toMatchObject(steps);
  expect(found).toHaveLength(steps.length);
});

test.each<[string, PairState, Incident, string | undefined]>([
  ['a pair at rest', firstState(now), noIncident(now), undefined],
  ['a suspicion', firstState(now), suspected(), 'an incident is suspected'],
  ['a cutover', { ...firstState(now), cutover: 'fencing' }, noIncident(now), 'a cutover is fencing'],
  ['a tenure', left(), noIncident(now), 'the last cutover is not committed'],
])('says why the clock starts nothing: %s', (_name, state, incident, why) => {
  expect(reasonToWait(state, incident)).toBe(why);
});
