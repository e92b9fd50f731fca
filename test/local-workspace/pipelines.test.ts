import { openWorkspace, analystToken, type TestWorkspace } from '../support/emulated-workspace';

type Json = Readonly<Record<string, unknown>>;

let emulated: TestWorkspace;

beforeEach(async () => {
  emulated = await openWorkspace();
});
afterEach(() => emulated.workspace.close());

async function create(spec: object): Promise<string> {
  const { status, json } = await emulated.send('POST', '/api/2.0/pipelines', spec);
  expect(status).toBe(200);
  return (json as { pipeline_id: string }).pipeline_id;
}

async function get(path: string): Promise<Json> {
  return (await emulated.send('GET', `/api/2.0/pipelines${path}`)).json as Json;
}

function pass(seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    emulated.clock.nowMs += 1_000;
    emulated.workspace.tick();
  }
}

async function pipelineClusters(): Promise<unknown[]> {
  const { json } = await emulated.send('GET', '/api/2.1/clusters/list');
  return ((json as { clusters?: Json[] }).clusters ?? []).map((row) => [row['cluster_source'], row['state']]);
}

test('a pipeline is created with the defaults of the workspace', async () => {
  const id = await create({ name: 'daily', libraries: [{ notebook: { path: '/a' } }], tags: { team: 'x' } });

  expect(await get(`/${id}`)).toMatchObject({
    pipeline_id: id,
    state: 'IDLE',
    creator_user_name: 'admin@example.com',
    run_as_user_name: 'admin@example.com',
    spec: {
      id,
      storage: `dbfs:/pipelines/${id}`,
      continuous: false,
      development: false,
      edition: 'ADVANCED',
      channel: 'CURRENT',
      tags: { team: 'x' },
    },
  });
});

test('a name that is taken is refused unless duplicates are allowed', async () => {
  await create({ name: 'twin' });

  const refused = await emulated.send('POST', '/api/2.0/pipelines', { name: 'twin' });
  await create({ name: 'twin', allow_duplicate_names: true });

  expect([refused.status, (refused.json as Json)['error_code']]).toEqual([409, 'RESOURCE_CONFLICT']);
});

test('a dry run only shows the settings', async () => {
  const { json } = await emulated.send('POST', '/api/2.0/pipelines', { name: 'dry', dry_run: true });

  expect(json).toMatchObject({ effective_settings: { name: 'dry', channel: 'CURRENT' } });
  expect(await get('')).toEqual({});
});

test('the list comes in pages, without settings', async () => {
  for (let at = 0; at < 3; at++) await create({ name: `p${at}`, catalog: 'main' });

  const first = await get('?max_results=2');
  const second = await get(`?max_results=2&page_token=${String(first['next_page_token'])}`);
  const tooMany = await emulated.send('GET', '/api/2.0/pipelines?max_results=101');

  const rows = [...(first['statuses'] as Json[]), ...(second['statuses'] as Json[])];
  expect(rows.map(({ name, spec }) => [name, spec])).toEqual([
    ['p0', undefined],
    ['p1', undefined],
    ['p2', undefined],
  ]);
  expect(second['next_page_token']).toBeUndefined();
  expect(tooMany.status).toBe(400);
});

test.each([
  ['two kinds of library in one', { libraries: [{ notebook: { path: '/a' }, file: { path: '/b' } }] }],
  ['a catalog and a storage location', { catalog: 'main', storage: 'dbfs:/x' }],
  ['clusters of a serverless one', { serverless: true, clusters: [{ label: 'default' }] }],
  ['a runtime', { clusters: [{ label: 'default', spark_version: '15.4.x-scala2.12' }] }],
  ['an unknown pool', { clusters: [{ label: 'default', instance_pool_id: 'none' }] }],
  ['somebody to run as who does not exist', { run_as: { user_name: 'nobody@example.com' } }],
  ['too many tags', { tags: Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`t${at}`, ''])) }],
])('it refuses %s', async (_what, spec) => {
  const { status, json } = await emulated.send('POST', '/api/2.0/pipelines', { name: 'bad', ...spec });

  expect([status, (json as Json)['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
});

test('PUT replaces everything but where it stores its data', async () => {
  const id = await create({ name: 'old', photon: true, storage: 'dbfs:/own' });

  const moved = await emulated.send('PUT', `/api/2.0/pipelines/${id}`, {
    name: 'new',
    storage: 'dbfs:/other',
  });
  await emulated.send('PUT', `/api/2.0/pipelines/${id}`, { name: 'new', storage: 'dbfs:/own' });

  expect(moved.status).toBe(400);
  expect((await get(`/${id}`))['spec']).toMatchObject({ name: 'new', photon: false, storage: 'dbfs:/own' });
});

test('a deleted pipeline is gone', async () => {
  const id = await create({ name: 'short' });

  await emulated.send('DELETE', `/api/2.0/pipelines/${id}`);
  const { status, json } = await emulated.send('GET', `/api/2.0/pipelines/${id}`);

  expect([status, (json as Json)['error_code']]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
});

test('an update runs on a cluster of its own and ends by itself; there is one at a time', async () => {
  const id = await create({ name: 'triggered' });

  const { update_id } = (await emulated.send('POST', `/api/2.0/pipelines/${id}/updates`, {})).json as Json;
  const second = await emulated.send('POST', `/api/2.0/pipelines/${id}/updates`, {});
  const during = await get(`/${id}`);
  pass(3);

  expect(second.status).toBe(409);
  expect(during).toMatchObject({ state: 'RUNNING', latest_updates: [{ update_id, state: 'RUNNING' }] });
  expect(await get(`/${id}/updates/${String(update_id)}`)).toMatchObject({ update: { state: 'COMPLETED' } });
  expect(await pipelineClusters()).toEqual([['PIPELINE', 'TERMINATED']]);
});

test('a job begins an update of the pipeline that it names, and fails without one', async () => {
  const id = await create({ name: 'of a job' });
  const run = async (pipeline_id: string): Promise<Json> => {
    const tasks = [{ task_key: 'a', pipeline_task: { pipeline_id } }];
    const { json } = await emulated.send('POST', '/api/2.2/jobs/runs/submit', { tasks });
    const { run_id } = json as { run_id: number };
    return (await emulated.send('GET', `/api/2.2/jobs/runs/get?run_id=${run_id}`)).json as Json;
  };

  await run(id);
  const lost = await run('none');

  expect((await get(`/${id}/updates`))['updates']).toMatchObject([{ cause: 'JOB_TASK', state: 'RUNNING' }]);
  expect(lost['state']).toMatchObject({ result_state: 'FAILED' });
});

test('a continuous pipeline in production runs by itself until it is stopped', async () => {
  const id = await create({ name: 'stream', continuous: true, tags: { dr_source_id: 'analytics:7' } });

  pass(5);
  const running = await get(`/${id}`);
  const firings = await emulated.send('GET', '/local/firings');
  await emulated.send('POST', `/api/2.0/pipelines/${id}/stop`);
  pass(5);

  expect(running['state']).toBe('RUNNING');
  expect(firings.json).toMatchObject([
    { jobId: id, jobName: 'pipeline stream', trigger: 'continuous', marker: 'analytics:7' },
  ]);
  expect(await get(`/${id}`)).toMatchObject({ state: 'IDLE', latest_updates: [{ state: 'CANCELED' }] });
  expect(await pipelineClusters()).toEqual([['PIPELINE', 'TERMINATED']]);
});

test.each([
  ['in development', { continuous: true, development: true }],
  ['that is triggered', { continuous: false }],
])('a pipeline %s does not run by itself', async (_what, modes) => {
  const id = await create({ name: 'calm', ...modes });

  pass(10);

  expect((await get(`/${id}`))['latest_updates']).toBeUndefined();
});

test('a pipeline has exactly one owner, its creator at first', async () => {
  const { json } = await emulated.send('POST', '/api/2.0/pipelines', { name: 'mine' }, analystToken);
  const path = `/api/2.0/permissions/pipelines/${(json as { pipeline_id: string }).pipeline_id}`;

  const { access_control_list } = (await emulated.send('GET', path)).json as Json;
  const orphaned = await emulated.send('PUT', path, { access_control_list: [] });

  expect(access_control_list).toMatchObject([
    { user_name: 'analyst@example.com', all_permissions: [{ permission_level: 'IS_OWNER' }] },
    { group_name: 'admins' },
  ]);
  expect(orphaned.status).toBe(400);
});
