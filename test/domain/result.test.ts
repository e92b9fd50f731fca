import { matcherOf } from '../../shared/domain/pattern';
import { resultOf, tallyOf, type Exception } from '../../shared/domain/result';
import { outcomes, type Outcome, type OutcomeVerb } from '../../shared/domain/run';

const nowIso = '2026-11-21T10:00:00.000Z';
const exception: Exception = { match: 'job/1', reason: 'retired', owner: 'team-a', expires: '2027-01-01' };

function outcomesOf(...verbs: OutcomeVerb[]): Outcome[] {
  return verbs.map((outcome, i) => ({ key: `job/${i + 1}`, name: `job ${i + 1}`, outcome, reason: '' }));
}

test.each<{ verb: OutcomeVerb; status: string }>([
  { verb: 'restored', status: 'succeeded' },
  { verb: 'unchanged', status: 'succeeded' },
  { verb: 'skipped', status: 'succeeded' },
  { verb: 'conflict', status: 'partiallyFailed' },
  { verb: 'blocked', status: 'partiallyFailed' },
  { verb: 'failed', status: 'partiallyFailed' },
])('with one $verb asset the run is $status', ({ verb, status }) => {
  expect(resultOf(tallyOf(outcomesOf(verb, 'restored'), [], nowIso), true).status).toBe(status);
});

test('a run that did not get there failed, whatever it restored', () => {
  expect(resultOf(tallyOf(outcomesOf('restored'), [], nowIso), false).status).toBe('failed');
});

test('a cancelled run is cancelled, whatever else', () => {
  expect(resultOf(tallyOf(outcomesOf('failed'), [], nowIso), false, true).status).toBe('cancelled');
});

test('counts every outcome once', () => {
  const { counts } = tallyOf(outcomesOf(...outcomes, ...outcomes), [], nowIso);

  expect(counts).toEqual({ restored: 2, unchanged: 2, skipped: 2, conflict: 2, blocked: 2, failed: 2 });
});

test('what an exception covers does not count against the run', () => {
  const tally = tallyOf(outcomesOf('failed'), [exception], nowIso);

  expect(tally.excepted).toBe(1);
  expect(resultOf(tally, true)).toEqual({
    status: 'succeeded',
    reason: 'nothing failed, blocked or in conflict, 1 more covered by exceptions',
  });
});

test.each([
  { name: 'another asset', change: { match: 'job/2' } },
  { name: 'an expired day', change: { expires: '2026-11-21' } },
  { name: 'a day that is none', change: { expires: 'soon' } },
  { name: 'a pattern that is none', change: { match: 'job' } },
])('an exception for $name covers nothing', ({ change }) => {
  const tally = tallyOf(outcomesOf('failed'), [{ ...exception, ...change }], nowIso);

  expect(resultOf(tally, true).status).toBe('partiallyFailed');
});

test('an exception on what went well changes nothing', () => {
  expect(tallyOf(outcomesOf('restored'), [exception], nowIso).excepted).toBe(0);
});

test.each([
  ['job/123', 'job/123', true],
  ['job/123', 'job/1234', false],
  ['job/123', 'cluster/123', false],
  ['cluster/*', 'cluster/0101-abc', true],
  ['notebook:/Users/*/scratch/**', 'notebook//Users/a@b.c/scratch/x/y', true],
  ['notebook:/Users/*/scratch/**', 'notebook//Users/a/b/scratch/x', false],
  ['notebook:/Users/*/scratch/**', 'notebook//Users/a@b.c/scratch', false],
  ['notebook:/Users/a.c/x', 'notebook//Users/abc/x', false],
  ['permission/job:123', 'permission/job:123', true],
  ['notebook:/Shared/**', 'notebook//Shared/line\nbreak', true],
] as const)('%s on %s: %s', (pattern, key, expected) => {
  expect(matcherOf(pattern)(key)).toBe(expected);
});
