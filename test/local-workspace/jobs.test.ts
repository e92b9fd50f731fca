import { type ComputeWorkspace, type Json, startCompute } from '../support/compute-workspace';
import { analystToken } from '../support/emulated-workspace';

const cluster = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };
const notebookTask = { notebook_path: '/Shared/etl' };
const task = { task_key: 'etl', notebook_task: notebookTask, new_cluster: cluster };
let emulated: ComputeWorkspace;

beforeEach(async () => {
  emulated = await startCompute();
});
afterEach(() => emulated.close());

async function create(settings: object): Promise<number> {
  return (await emulated.ok('/2.2/jobs/create', settings))['job_id'] as number;
}

function get(jobId: number, token = ''): Promise<Json> {
  return emulated.ok(`/2.2/jobs/get?job_id=${jobId}${token && `&page_token=${token}`}`);
}

async function settingsOf(jobId: number): Promise<Json> {
  return (await get(jobId))['settings'] as Json;
}

test('a job is kept with the defaults of the platform', async () => {
  const schedule = { quartz_cron_expression: '0 0 6 * * ?', timezone_id: 'UTC' };
  const jobId = await create({ name: 'Daily', tasks: [task], schedule });

  expect(await get(jobId)).toEqual({
    job_id: jobId,
    creator_user_name: 'admin@example.com',
    run_as_user_name: 'admin@example.com',
    created_time: emulated.clock.nowMs,
    settings: {
      name: 'Daily',
      format: 'MULTI_TASK',
      max_concurrent_runs: 1,
      timeout_seconds: 0,
      email_notifications: {},
      webhook_notifications: {},
      schedule: { ...schedule, pause_status: 'UNPAUSED' },
      tasks: [
        {
          ...task,
          notebook_task: { ...notebookTask, source: 'WORKSPACE' },
          run_if: 'ALL_SUCCESS',
          timeout_seconds: 0,
          email_notifications: {},
          webhook_notifications: {},
        },
      ],
    },
  });
});

test('run_as can be written but not read', async () => {
  const jobId = await create({ tasks: [task], run_as: { user_name: 'analyst@example.com' } });
  const before = await get(jobId);
  await emulated.ok('/2.2/jobs/reset', { job_id: jobId, new_settings: { tasks: [task] } });

  expect(before).toMatchObject({
    run_as_user_name: 'analyst@example.com',
    creator_user_name: 'admin@example.com',
  });
  expect(before['settings']).not.toHaveProperty('run_as');
  expect((await get(jobId))['run_as_user_name']).toBe('admin@example.com');
});

test('only administrators may let a job run as somebody else', async () => {
  const runAs = { user_name: 'admin@example.com' };

  const reply = await emulated.post('/2.2/jobs/create', { tasks: [task], run_as: runAs }, analystToken);

  expect(reply).toMatchObject({ status: 403, body: { error_code: 'PERMISSION_DENIED' } });
});

test('a job that does not exist is a bad request', async () => {
  const replies = [
    await emulated.get('/2.2/jobs/get?job_id=42'),
    await emulated.post('/2.2/jobs/delete', { job_id: 42 }),
    await emulated.post('/2.2/jobs/run-now', { job_id: 42 }),
  ];

  for (const reply of replies)
    expect(reply).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE', message: 'Job 42 does not exist.' },
    });
});

test('get pages the arrays of a big job, a hundred elements at a time', async () => {
  const tasks = Array.from({ length: 230 }, (_, at) => ({
    task_key: `t${at}`,
    job_cluster_key: `c${at % 120}`,
  }));
  const job_clusters = Array.from({ length: 120 }, (_, at) => ({
    job_cluster_key: `c${at}`,
    new_cluster: cluster,
  }));
  const parameters = [{ name: 'day', default: 'today' }];
  const jobId = await create({ tasks, job_clusters, parameters });

  const pages: Json[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const page: Json = await get(jobId, token);
    pages.push(page['settings'] as Json);
    token = page['next_page_token'] as string | undefined;
  }

  const lengths = (field: string): number[] => pages.map((page) => (page[field] as unknown[]).length);
  expect(lengths('tasks')).toEqual([100, 100, 30]);
  expect(lengths('job_clusters')).toEqual([100, 20, 0]);
  expect(lengths('parameters')).toEqual([1, 0, 0]);
});

test('the list is paged, shows tasks only when asked, and finds names whatever their case', async () => {
  const tasks = Array.from({ length: 101 }, (_, at) => ({ ...task, task_key: `t${at}` }));
  await create({ name: 'Big', tasks });
  for (let at = 0; at < 24; at++) await create({ name: 'Small', tasks: [task] });

  const first = await emulated.ok('/2.2/jobs/list');
  const second = await emulated.ok(`/2.2/jobs/list?page_token=${String(first['next_page_token'])}`);
  const big = await emulated.ok('/2.2/jobs/list?name=bIG&expand_tasks=true&limit=100');

  const shown = (page: Json): Json[] => page['jobs'] as Json[];
  expect([shown(first).length, first['has_more']]).toEqual([20, true]);
  expect([shown(second).length, second['has_more'], second['next_page_token']]).toEqual([
    5,
    false,
    undefined,
  ]);
  expect(shown(first)[0]?.['settings']).not.toHaveProperty('tasks');
  expect(shown(big)).toMatchObject([{ has_more: true, settings: { name: 'Big' } }]);
  expect((shown(big)[0]?.['settings'] as Json)['tasks']).toHaveLength(100);
});

test.each(['0', '101', 'x'])('refuses a page of %s jobs', async (limit) => {
  const reply = await emulated.get(`/2.2/jobs/list?limit=${limit}`);

  expect(reply).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
});

const schedule = { quartz_cron_expression: '0 0 6 * * ?', timezone_id: 'UTC' };
test.each([
  { name: 'a task key twice', settings: { tasks: [task, task] } },
  { name: 'an unknown dependency', settings: { tasks: [{ ...task, depends_on: [{ task_key: 'x' }] }] } },
  {
    name: 'a task that waits for itself',
    settings: { tasks: [{ ...task, depends_on: [{ task_key: 'etl' }] }] },
  },
  { name: 'an unknown job cluster', settings: { tasks: [{ task_key: 'a', job_cluster_key: 'x' }] } },
  { name: 'an unknown cluster', settings: { tasks: [{ task_key: 'a', existing_cluster_id: 'x' }] } },
  { name: 'two kinds of compute', settings: { tasks: [{ ...task, job_cluster_key: 'x' }] } },
  { name: 'an unknown job', settings: { tasks: [{ task_key: 'a', run_job_task: { job_id: 7 } }] } },
  {
    name: 'a relative notebook',
    settings: { tasks: [{ task_key: 'a', notebook_task: { notebook_path: 'etl' } }] },
  },
  {
    name: 'a fault in a repeated task',
    settings: {
      tasks: [
        {
          task_key: 'a',
          for_each_task: { inputs: '[1]', task: { task_key: 'b', existing_cluster_id: 'x' } },
        },
      ],
    },
  },
  {
    name: '1,001 tasks',
    settings: { tasks: Array.from({ length: 1_001 }, (_, at) => ({ task_key: `t${at}` })) },
  },
  {
    name: '26 tags',
    settings: { tags: Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`t${at}`, ''])) },
  },
  {
    name: 'a schedule and a trigger',
    settings: { schedule, trigger: { file_arrival: { url: 'abfss://a@b/c' } } },
  },
  { name: 'a schedule and continuous', settings: { schedule, continuous: {} } },
  { name: 'a bad cron expression', settings: { schedule: { ...schedule, quartz_cron_expression: '* *' } } },
  { name: 'an unknown time zone', settings: { schedule: { ...schedule, timezone_id: 'Mars/Olympus' } } },
  { name: 'an unknown unit', settings: { trigger: { periodic: { interval: 1, unit: 'MINUTES' } } } },
  { name: 'an unknown run_as', settings: { run_as: { user_name: 'nobody@example.com' } } },
  { name: 'a bad job cluster', settings: { job_clusters: [{ job_cluster_key: 'a', new_cluster: {} }] } },
])('refuses a job with $name', async ({ settings }) => {
  const reply = await emulated.post('/2.2/jobs/create', settings);

  expect(reply).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
});

test('an update replaces fields, merges tasks and job clusters by key, and removes what it names', async () => {
  const jobId = await create({
    name: 'Old',
    tags: { a: '1', b: '2' },
    schedule,
    tasks: [task, { ...task, task_key: 'report' }, { ...task, task_key: 'mail' }],
  });

  await emulated.ok('/2.2/jobs/update', {
    job_id: jobId,
    new_settings: {
      tags: { c: '3' },
      tasks: [{ task_key: 'report', description: 'new' }, { task_key: 'extra' }],
    },
    fields_to_remove: ['schedule', 'tasks/mail'],
  });

  const settings = await settingsOf(jobId);
  expect(settings).toMatchObject({ name: 'Old', tags: { c: '3' } });
  expect(settings).not.toHaveProperty('schedule');
  const tasks = settings['tasks'] as Json[];
  expect(tasks.map((one) => one['task_key'])).toEqual(['etl', 'report', 'extra']);
  expect(tasks[1]).not.toHaveProperty('new_cluster');
});

test('a job cannot run itself through another', async () => {
  const inner = await create({ name: 'inner', tasks: [task] });
  const outer = await create({ tasks: [{ task_key: 'a', run_job_task: { job_id: inner } }] });
  const new_settings = { tasks: [{ task_key: 'a', run_job_task: { job_id: outer } }] };

  const reply = await emulated.post('/2.2/jobs/reset', { job_id: inner, new_settings });

  expect(reply).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
  expect((await settingsOf(inner))['name']).toBe('inner');
});

test('a deleted job is gone, and its permissions with it', async () => {
  const jobId = await create({ tasks: [task] });
  const before = await emulated.ok(`/2.0/permissions/jobs/${jobId}`);
  await emulated.ok('/2.2/jobs/delete', { job_id: jobId });

  expect(before['access_control_list']).toContainEqual(
    expect.objectContaining({
      user_name: 'admin@example.com',
      all_permissions: [{ permission_level: 'IS_OWNER', inherited: false }],
    }),
  );
  expect((await emulated.get(`/2.0/permissions/jobs/${jobId}`)).status).toBe(404);
  expect((await emulated.get(`/2.2/jobs/get?job_id=${jobId}`)).status).toBe(400);
});
