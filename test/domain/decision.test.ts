import type { IncidentPolicy } from '../../shared/domain/incident';
import type { Signal } from '../../shared/domain/signal';
import { ask, auto, flow } from '../support/incident-flow';

test('goes from an alert over confirmation and approval to the failover, and proposes the failback', () => {
  const story = flow(ask);

  expect(story.alert(0)).toEqual(['startConfirm']);
  story.send(0, { kind: 'confirmStarted', attempt: 1 });
  expect(story.state()).toBe('confirming');
  expect(story.verdict(3, 'confirmed')).toEqual(['startFailover', 'notify']);
  expect(story.state()).toBe('confirmed');
  story.send(10, { kind: 'approved', who: 'op' });
  story.send(11, { kind: 'cutoverStarted' });
  story.send(12, { kind: 'runEnded', cutOver: true, why: 'done' });
  expect(story.state()).toBe('failedOver');
  expect(story.alert(60, { status: 'resolved' })).toEqual(['proposeFailback']);
  expect(story.state()).toBe('failedOver');
  story.send(90, { kind: 'closed', why: 'failed back' });
  expect(story.state()).toBe('idle');
});

test('approves by policy only with alert, probes and a fresh snapshot', () => {
  const story = flow(auto);
  story.alert(0);

  expect(story.verdict(3, 'confirmed')).toEqual(['startFailover', 'approveCutover', 'notify']);
  expect(story.state()).toBe('approved');
});

test.each<{ name: string; policy: IncidentPolicy; level?: Signal['level']; byProbe?: boolean }>([
  { name: 'the policy asks', policy: ask },
  { name: 'the snapshot is old', policy: { mode: 'auto', snapshotFresh: false } },
  { name: 'the alert is informational', policy: auto, level: 'informational' },
  { name: 'there is no alert', policy: auto, byProbe: true },
])('waits for a person when $name', ({ policy, level = 'warning', byProbe = false }) => {
  const story = flow(policy);
  if (byProbe) story.send(0, { kind: 'probeFailed' });
  else story.alert(0, { level });

  expect(story.verdict(3, 'confirmed')).toEqual(['startFailover', 'notify']);
  expect(story.state()).toBe('confirmed');
});

test('an alert that comes after the probes completes what the policy needs', () => {
  const story = flow(auto);
  story.send(0, { kind: 'probeFailed' });
  story.verdict(3, 'confirmed');

  expect(story.alert(5)).toEqual(['approveCutover']);
});

test('only tells when the policy is to tell, and lapses by itself', () => {
  const story = flow({ mode: 'notify', snapshotFresh: true });
  story.alert(0);

  expect(story.verdict(3, 'confirmed')).toEqual(['notify']);
  story.send(64, { kind: 'tick' });
  expect(story.state()).toBe('idle');
});

test('does nothing when alerts are off', () => {
  const story = flow({ mode: 'off', snapshotFresh: true });

  expect(story.alert(0)).toEqual([]);
  expect(story.send(1, { kind: 'probeFailed' })).toEqual([]);
  expect(story.state()).toBe('idle');
});

test.each<{ name: string; approve: boolean }>([
  { name: 'the approval', approve: false },
  { name: 'the cutover', approve: true },
])('a resolution before $name cancels the run and cools down for 30 minutes', ({ approve }) => {
  const story = flow(ask);
  story.alert(0);
  story.verdict(3, 'confirmed');
  if (approve) story.send(4, { kind: 'approved', who: 'op' });

  expect(story.alert(5, { status: 'resolved' })).toEqual(['cancelRun', 'notify']);
  expect(story.state()).toBe('idle');
  expect(story.alert(34, { key: 'T2' })).toEqual([]);
  expect(story.send(34, { kind: 'probeFailed' })).toEqual([]);
  expect(story.alert(35, { key: 'T3' })).toEqual(['startConfirm']);
});

test('a resolution while the cutover is under way undoes nothing', () => {
  const story = flow(auto);
  story.alert(0);
  story.verdict(3, 'confirmed');
  story.send(4, { kind: 'cutoverStarted' });

  expect(story.alert(5, { status: 'resolved' })).toEqual(['proposeFailback']);
  expect(story.state()).toBe('failingOver');
});

test('an incident of two alerts is over when both are resolved', () => {
  const story = flow(ask);
  story.alert(0);
  story.alert(1, { key: 'T2' });
  story.verdict(3, 'confirmed');

  expect(story.alert(4, { status: 'resolved' })).toEqual([]);
  expect(story.alert(5, { key: 'T2', status: 'resolved' })).toEqual(['cancelRun', 'notify']);
});

test('the resolution of another alert does not end an incident that our probes opened', () => {
  const story = flow(ask);
  story.send(0, { kind: 'probeFailed' });
  story.verdict(3, 'confirmed');

  expect(story.alert(4, { key: 'other', status: 'resolved' })).toEqual([]);
  expect(story.state()).toBe('confirmed');
});

test('an alert that our probes refute stays suspected, is confirmed again on news, and lapses', () => {
  const story = flow(ask);
  story.alert(0);

  expect(story.verdict(3, 'refuted')).toEqual(['notify']);
  expect(story.state()).toBe('suspected');
  expect(story.alert(10)).toEqual(['startConfirm']);
  story.verdict(13, 'undecided');
  story.send(70, { kind: 'tick' });
  expect(story.state()).toBe('suspected');
  story.send(74, { kind: 'tick' });
  expect(story.state()).toBe('idle');
});

test('a suspicion of our probes that they refute is over', () => {
  const story = flow(ask);
  story.send(0, { kind: 'probeFailed' });
  story.verdict(3, 'refuted');

  expect(story.state()).toBe('idle');
});

test('holds when it cannot judge, and says so once in 30 minutes', () => {
  const story = flow(auto);
  story.alert(0);

  expect(story.verdict(3, 'hold')).toEqual(['notify']);
  expect(story.state()).toBe('suspected');
  story.send(4, { kind: 'probeFailed' });
  expect(story.verdict(7, 'hold')).toEqual([]);
});

test('the verdict of an earlier confirmation does not count', () => {
  const story = flow(auto);
  story.alert(0);
  story.verdict(3, 'undecided');
  story.alert(4);

  expect(story.send(5, { kind: 'verdict', verdict: 'confirmed', attempt: 1 })).toEqual([]);
  expect(story.state()).toBe('suspected');
});

test('a rejection ends it, cools down, and leaves no alert that could approve the next one', () => {
  const story = flow(auto);
  story.send(0, { kind: 'probeFailed' });
  story.verdict(3, 'confirmed');

  expect(story.send(4, { kind: 'rejected', who: 'op' })).toEqual(['cancelRun']);
  story.send(35, { kind: 'probeFailed' });
  expect(story.verdict(38, 'confirmed')).not.toContain('approveCutover');
});

test.each([
  ['before its cutover', []],
  ['in a cutover that switched nothing', [{ kind: 'cutoverStarted' } as const]],
])('a run that ends %s ends the incident', (_name, events) => {
  const story = flow(auto);
  story.alert(0);
  story.verdict(3, 'confirmed');
  for (const event of events) story.send(4, event);

  expect(story.send(9, { kind: 'runEnded', cutOver: false, why: 'fence' })).toEqual(['notify']);
  expect(story.state()).toBe('idle');
});

test('an outage that nobody sees to any more is confirmed anew by the next hint', () => {
  const story = flow(ask);
  story.alert(0);
  story.send(1, { kind: 'confirmStarted', attempt: 1 });
  story.send(2, { kind: 'abandoned', attempt: 1 });
  expect(story.send(3, { kind: 'probeFailed' })).toEqual(['startConfirm']);
  story.verdict(4, 'confirmed');

  expect(story.send(5, { kind: 'abandoned', attempt: 1 })).toEqual([]);
  expect(story.state()).toBe('confirmed');
  expect(story.send(6, { kind: 'abandoned', attempt: 2 })).toEqual(['notify']);
  expect(story.send(7, { kind: 'probeFailed' })).toEqual(['startConfirm']);
});

test('an outage that somebody only wanted to be told of needs nobody to see to it', () => {
  const story = flow({ ...ask, mode: 'notify' });
  story.alert(0);
  story.verdict(3, 'confirmed');

  expect(story.send(4, { kind: 'abandoned', attempt: 1 })).toEqual([]);
  expect(story.state()).toBe('confirmed');
});
