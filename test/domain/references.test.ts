import {
  dropReferences,
  findReferences,
  rewriteReferences,
  type Reference,
} from '../../shared/domain/references';

const table: readonly Reference[] = [
  { at: 'tasks[].existing_cluster_id', to: 'cluster' },
  { at: 'tasks[].for_each_task.task.existing_cluster_id', to: 'cluster' },
  { at: 'tasks[].run_job_task.job_id', to: 'job' },
  { at: 'webhook_notifications.*[].id', to: 'notification-destination' },
  { at: 'definition{}.instance_pool_id.value', to: 'instance-pool' },
  { at: 'tasks[].notebook_task.notebook_path', to: 'notebook', by: 'path' },
  { at: 'spark_conf.*', to: 'secret-scope', by: 'name', match: /\{\{secrets\/([^/]+)\// },
];

const body = {
  tasks: [
    { task_key: 'a', existing_cluster_id: 'c-1', notebook_task: { notebook_path: '/Users/x/a' } },
    { task_key: 'b', for_each_task: { task: { existing_cluster_id: 'c-2' } } },
    { task_key: 'c', run_job_task: { job_id: 42 } },
  ],
  webhook_notifications: { on_start: [{ id: 'w-1' }], on_failure: [{ id: 'w-2' }] },
  definition: '{ "instance_pool_id": { "type": "fixed", "value": "p-1" } }',
  spark_conf: { key: '{{secrets/lake/a}} and {{secrets/hive/b}}', plain: 'x' },
};

test('finds every reference with the place it stands at', () => {
  expect(findReferences(body, table)).toEqual([
    { key: 'cluster/c-1', at: 'tasks[0].existing_cluster_id', by: 'id' },
    { key: 'cluster/c-2', at: 'tasks[1].for_each_task.task.existing_cluster_id', by: 'id' },
    { key: 'job/42', at: 'tasks[2].run_job_task.job_id', by: 'id' },
    { key: 'notification-destination/w-1', at: 'webhook_notifications.on_start[0].id', by: 'id' },
    { key: 'notification-destination/w-2', at: 'webhook_notifications.on_failure[0].id', by: 'id' },
    { key: 'instance-pool/p-1', at: 'definition{}.instance_pool_id.value', by: 'id' },
    { key: 'notebook//Users/x/a', at: 'tasks[0].notebook_task.notebook_path', by: 'path' },
    { key: 'secret-scope/lake', at: 'spark_conf.key', by: 'name' },
    { key: 'secret-scope/hive', at: 'spark_conf.key', by: 'name' },
  ]);
});

test('rewrites references by id and keeps paths and names; numbers stay numbers', () => {
  const ids = new Map([
    ['cluster/c-1', 'C-1'],
    ['cluster/c-2', 'C-2'],
    ['job/42', '4200'],
    ['notification-destination/w-1', 'W-1'],
    ['notification-destination/w-2', 'W-2'],
    ['instance-pool/p-1', 'P-1'],
  ]);

  const { body: rewritten, missing } = rewriteReferences(body, table, (to, id) => ids.get(`${to}/${id}`));

  expect(missing).toEqual([]);
  expect(rewritten).toEqual({
    ...body,
    tasks: [
      { task_key: 'a', existing_cluster_id: 'C-1', notebook_task: { notebook_path: '/Users/x/a' } },
      { task_key: 'b', for_each_task: { task: { existing_cluster_id: 'C-2' } } },
      { task_key: 'c', run_job_task: { job_id: 4200 } },
    ],
    webhook_notifications: { on_start: [{ id: 'W-1' }], on_failure: [{ id: 'W-2' }] },
    definition: '{"instance_pool_id":{"type":"fixed","value":"P-1"}}',
  });
});

test('keeps what does not resolve and lists it as missing', () => {
  const asked: string[] = [];
  const { body: rewritten, missing } = rewriteReferences(body, table.slice(0, 1), (to, id, at) => {
    asked.push(`${to} ${id} ${at}`);
    return undefined;
  });

  expect(asked).toEqual(['cluster c-1 tasks[0].existing_cluster_id']);
  expect(missing).toEqual([{ key: 'cluster/c-1', at: 'tasks[0].existing_cluster_id' }]);
  expect(rewritten).toBe(body);
});

test('leaves a JSON text byte by byte as it is when nothing in it changes', () => {
  const { body: rewritten } = rewriteReferences(body, table, (_to, id) => id);

  expect(rewritten.definition).toBe(body.definition);
});

test('does not change the body that it was given', () => {
  const before = structuredClone(body);

  rewriteReferences(body, table, () => 'new');

  expect(body).toEqual(before);
});

test.each([
  { name: 'a text that is no JSON', odd: { definition: 'not { json' } },
  { name: 'a number where an object is expected', odd: { tasks: 5, webhook_notifications: 5 } },
  { name: 'null members', odd: { tasks: [null, { run_job_task: null }], spark_conf: null } },
  { name: 'an empty id', odd: { tasks: [{ existing_cluster_id: '' }] } },
  { name: 'an object where an id is expected', odd: { tasks: [{ existing_cluster_id: {} }] } },
])('finds nothing in $name', ({ odd }) => {
  expect(findReferences(odd, table)).toEqual([]);
  expect(rewriteReferences(odd, table, () => 'new')).toEqual({ body: odd, missing: [] });
});

test('an id that is too large for a number becomes a text, never a wrong number', () => {
  const jobs = { tasks: [{ run_job_task: { job_id: 1 } }] };

  const { body: rewritten } = rewriteReferences(jobs, table, () => '9007199254740993');

  expect(rewritten).toEqual({ tasks: [{ run_job_task: { job_id: '9007199254740993' } }] });
});

test('does not follow or change __proto__', () => {
  const hostile = JSON.parse('{"a":{"__proto__":"x","b":"y"},"__proto__":{"b":"z"}}') as object;
  const rows: Reference[] = [
    { at: 'a.*', to: 'cluster' },
    { at: '__proto__.b', to: 'cluster' },
  ];

  expect(findReferences(hostile, rows).map(({ at }) => at)).toEqual(['a.b']);
  rewriteReferences(hostile, rows, () => 'polluted');
  expect(({} as Record<string, unknown>)['b']).toBeUndefined();
});

test('drops references by id to what is gone, and nothing else', () => {
  const rows: Reference[] = [
    { at: 'users[]', to: 'user' },
    { at: 'pool', to: 'instance-pool' },
    { at: 'path', to: 'notebook', by: 'path' },
  ];
  const group = { users: ['1', '2'], pool: '2', path: '2' };

  const rest = dropReferences(group, rows, (key) => key === 'user/2' || key === 'notebook/2');

  expect(rest).toEqual({ users: ['1'], pool: '2', path: '2' });
});
