import type { AssetKey } from '../../shared/domain/asset';
import { judge, type Fate } from '../../shared/domain/readiness';
import type { FoundReference } from '../../shared/domain/references';

type Need = [key: AssetKey, by?: FoundReference['by']];

function judgeOne(needs: Record<string, Need[]>, fates: Record<string, Fate>) {
  const { jobs } = judge(
    [{ key: 'job/1', name: 'etl' }],
    (key) => fates[key] ?? 'restored',
    (key) => (needs[key] ?? []).map(([to, by = 'id']) => ({ key: to, at: 'x', by })),
  );
  return jobs[0];
}

const chain: Record<string, Need[]> = {
  'job/1': [['cluster/a'], ['notebook//Shared/n', 'path']],
  'cluster/a': [['cluster-policy/p'], ['secret-scope/s', 'name']],
};

test('a job is runnable when everything it needs is there', () => {
  expect(judgeOne(chain, { 'cluster/a': 'unchanged' })).toMatchObject({ state: 'runnable', reasons: [] });
});

test.each<Fate>(['failed', 'blocked', 'missing'])(
  'what it needs by id and is %s stops it, with the chain',
  (fate) => {
    expect(judgeOne(chain, { 'cluster-policy/p': fate })).toMatchObject({
      state: 'notRunnable',
      reasons: [`needs cluster/a, which needs cluster-policy/p: ${fate}`],
    });
  },
);

test('a job that is itself blocked says what it waits for, down to the cause', () => {
  const fates: Record<string, Fate> = {
    'job/1': 'blocked',
    'cluster/a': 'blocked',
    'cluster-policy/p': 'conflict',
  };

  expect(judgeOne(chain, fates)).toMatchObject({
    state: 'notRunnable',
    reasons: ['needs cluster/a, which needs cluster-policy/p: conflict'],
  });
});

test.each<Fate>(['failed', 'blocked', 'missing'])('what it names by path and is %s degrades it', (fate) => {
  expect(judgeOne(chain, { 'notebook//Shared/n': fate })).toMatchObject({
    state: 'degraded',
    reasons: [`needs notebook//Shared/n: ${fate}`],
  });
});

test('a name that is missing further down degrades it', () => {
  expect(judgeOne(chain, { 'secret-scope/s': 'missing' })?.state).toBe('degraded');
});

test.each<Fate>(['conflict', 'skip', 'skipped', 'retire'])(
  'what is there in another state (%s) degrades it',
  (fate) => {
    expect(judgeOne(chain, { 'cluster/a': fate })?.state).toBe('degraded');
  },
);

test.each<[Fate, string]>([
  ['create', 'runnable'],
  ['update', 'runnable'],
  ['conflict', 'degraded'],
  ['failed', 'notRunnable'],
  ['missing', 'notRunnable'],
])('a job that is itself %s is %s', (fate, state) => {
  expect(judgeOne({}, { 'job/1': fate })?.state).toBe(state);
});

test('the worst need decides, and every one is named', () => {
  const judged = judgeOne(chain, { 'notebook//Shared/n': 'missing', 'cluster/a': 'failed' });

  expect(judged?.state).toBe('notRunnable');
  expect(judged?.reasons).toEqual(['needs cluster/a: failed', 'needs notebook//Shared/n: missing']);
});

test('jobs that wait for each other are not runnable, and neither is what waits for them', () => {
  const circle: Record<string, Need[]> = { 'job/1': [['job/2']], 'job/2': [['job/3']], 'job/3': [['job/2']] };

  expect(judgeOne(circle, {})).toMatchObject({
    state: 'notRunnable',
    reasons: ['waits for a circle: job/2 -> job/3 -> job/2'],
  });
});

test('counts by tier, the jobs without one last', () => {
  const readiness = judge(
    [
      { key: 'job/1', name: 'a' },
      { key: 'job/2', name: 'b', tier: 1 },
      { key: 'job/3', name: 'c', tier: 0 },
      { key: 'job/4', name: 'd', tier: 1 },
    ],
    (key) => (key === 'job/4' ? 'failed' : 'restored'),
    () => [],
  );

  expect(readiness.total).toEqual({ runnable: 3, degraded: 0, notRunnable: 1 });
  expect(readiness.tiers).toEqual([
    { tier: 0, runnable: 1, degraded: 0, notRunnable: 0 },
    { tier: 1, runnable: 1, degraded: 0, notRunnable: 1 },
    { tier: null, runnable: 1, degraded: 0, notRunnable: 0 },
  ]);
});

test.each<{ fate: Fate; state: 'runnable' | 'notRunnable' }>([
  { fate: 'restored', state: 'runnable' },
  { fate: 'failed', state: 'notRunnable' },
])('a chain of 20,000 jobs whose end is $fate is judged without recursion', ({ fate, state }) => {
  const count = 20_000;
  const jobs = Array.from({ length: count }, (_, i) => ({ key: `job/${i}` as AssetKey, name: '' }));
  const last = `job/${count - 1}`;

  const readiness = judge(
    jobs,
    (key) => (key === last ? fate : 'restored'),
    (key) => (key === last ? [] : [{ key: `job/${Number(key.slice(4)) + 1}`, at: 'x', by: 'id' }]),
  );

  expect(readiness.total[state]).toBe(count);
  expect(readiness.jobs[0]?.reasons.join('')).toMatch(fate === 'failed' ? /failed$/ : /^$/);
});
