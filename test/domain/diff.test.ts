import { diff, stripIgnored } from '../../shared/domain/diff';

test('shows a changed, a missing and an extra field with both values', () => {
  const desired = { name: 'etl', tasks: [{ task_key: 'a', timeout_seconds: 60 }], tags: { team: 'x' } };
  const actual = { name: 'etl2', tasks: [{ task_key: 'a' }], tags: { team: 'x', foreign: 'y' } };

  expect(diff(desired, actual, [])).toEqual([
    { path: 'name', from: 'etl2', to: 'etl' },
    { path: 'tasks[a].timeout_seconds', from: undefined, to: 60 },
    { path: 'tags.foreign', from: 'y', to: undefined },
  ]);
});

test.each([undefined, null, false, 0, '', [], {}, { no_alert: false }])(
  'takes a field that is absent for the zero value %j, on either side',
  (zero) => {
    expect(diff({ field: zero }, {}, [])).toEqual([]);
    expect(diff({}, { field: zero }, [])).toEqual([]);
  },
);

test.each([
  { name: 'true', value: true },
  { name: 'a number', value: 1 },
  { name: 'a list of empty objects', value: [{}] },
])('an extra field of $name is a difference', ({ value }) => {
  expect(diff({}, { field: value }, [])).toHaveLength(1);
});

test('a zero that stands against another value is a difference', () => {
  expect(diff({ max_concurrent_runs: 0 }, { max_concurrent_runs: 1 }, [])).toEqual([
    { path: 'max_concurrent_runs', from: 1, to: 0 },
  ]);
});

test('does not compare what the platform owns', () => {
  const ignore = ['job_id', 'tasks[].run_state', 'conf.*', 'definition{}.stamp'];
  const desired = { tasks: [{ task_key: 'a' }], definition: '{"a":1}' };
  const actual = {
    job_id: 7,
    tasks: [{ task_key: 'a', run_state: 'OK' }],
    conf: { x: 1, y: 2 },
    definition: '{"a":1,"stamp":9}',
  };

  expect(diff(desired, actual, ignore)).toEqual([]);
});

test.each([
  { name: 'tasks', a: { task_key: 'x', n: 1 }, b: { task_key: 'y', n: 2 } },
  { name: 'job clusters', a: { job_cluster_key: 'x', n: 1 }, b: { job_cluster_key: 'y', n: 2 } },
  { name: 'environments', a: { environment_key: 'x', n: 1 }, b: { environment_key: 'y', n: 2 } },
  { name: 'parameters', a: { name: 'x', default: '1' }, b: { name: 'y', default: '2' } },
  { name: 'group members', a: { value: '1' }, b: { value: '2' } },
  { name: 'grants', a: { user_name: 'x', level: 'a' }, b: { group_name: 'x', level: 'b' } },
])('the order of $name does not count', ({ a, b }) => {
  expect(diff({ list: [a, b] }, { list: [b, a] }, [])).toEqual([]);
  expect(diff({ list: [a, b] }, { list: [a] }, [])).toHaveLength(1);
});

test('the order of everything else counts', () => {
  expect(diff({ jars: ['a', 'b'] }, { jars: ['b', 'a'] }, [])).toHaveLength(1);
  expect(
    diff({ libraries: [{ jar: 'a' }, { whl: 'b' }] }, { libraries: [{ whl: 'b' }, { jar: 'a' }] }, []),
  ).not.toEqual([]);
});

test('elements whose keys are not unique compare in order', () => {
  const twice = [
    { name: 'x', v: 1 },
    { name: 'x', v: 2 },
  ];

  expect(diff({ list: twice }, { list: [...twice].reverse() }, [])).toEqual([
    { path: 'list[0].v', from: 2, to: 1 },
    { path: 'list[1].v', from: 1, to: 2 },
  ]);
});

test('the order of members does not count', () => {
  expect(diff({ a: { x: 1, y: [{ p: 1, q: 2 }] } }, { a: { y: [{ q: 2, p: 1 }], x: 1 } }, [])).toEqual([]);
});

test('never shows a credential, nor anything long', () => {
  const token = `dapi${'0123456789abcdef'.repeat(2)}`;
  const [env, header, conf, long] = diff(
    {
      env: { DB_PASSWORD: 'hunter2', DB_PWD: 'hunter2', API_KEY: 'k1', mode: 'fast' },
      header: `Bearer ${token}`,
      conf: { 'fs.azure.account.key.lake': 'abc', password: '{{secrets/scope/key}}' },
      content: 'x'.repeat(5_000),
    },
    { env: null, conf: [] },
    [],
  );

  const hidden = '[redacted]';
  expect(env?.to).toEqual({ DB_PASSWORD: hidden, DB_PWD: hidden, API_KEY: hidden, mode: 'fast' });
  expect(String(header?.to)).not.toContain(token);
  expect(conf?.to).toEqual({ 'fs.azure.account.key.lake': '[redacted]', password: '{{secrets/scope/key}}' });
  expect(String(long?.to).length).toBeLessThan(300);
});

test('stripping leaves the given body alone and takes elements out of lists', () => {
  const body = { id: 1, list: [{ a: 1, b: 2 }], names: ['x', 'y'] };

  expect(stripIgnored(body, ['id', 'list[].b', 'names[]', 'absent.path'])).toEqual({
    list: [{ a: 1 }],
    names: [],
  });
  expect(body).toEqual({ id: 1, list: [{ a: 1, b: 2 }], names: ['x', 'y'] });
});

test('compares members that are named like those of every object', () => {
  const desired = JSON.parse('{"constructor":"a","__proto__":{"x":1}}') as object;

  expect(diff(desired, {}, []).map(({ path }) => path)).toEqual(['constructor', '__proto__']);
});
