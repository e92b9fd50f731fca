import { type Clusters } from '../../local/workspace/clusters';
import { type ComputeWorkspace, startCompute } from '../support/compute-workspace';
import { analystToken } from '../support/emulated-workspace';

const spec = {
  cluster_name: 'team',
  spark_version: '15.4.x-scala2.12',
  node_type_id: 'Standard_DS3_v2',
  num_workers: 2,
  autotermination_minutes: 30,
};
let emulated: ComputeWorkspace;

beforeEach(async () => {
  emulated = await startCompute();
});
afterEach(() => emulated.close());

async function create(more: object = {}): Promise<string> {
  const { cluster_id } = await emulated.ok('/2.1/clusters/create', { ...spec, ...more });
  return cluster_id as string;
}

async function get(id: string): Promise<Record<string, unknown>> {
  return emulated.ok(`/2.1/clusters/get?cluster_id=${id}`);
}

function clusters(): Clusters {
  return emulated.workspace.core.area<Clusters>('clusters');
}

test('creating a cluster starts it', async () => {
  const id = await create();
  const before = await get(id);

  emulated.pass(2);

  expect(before).toMatchObject({ state: 'PENDING', cluster_source: 'API' });
  expect(await get(id)).toMatchObject({
    state: 'RUNNING',
    cluster_cores: 12,
    creator_user_name: 'admin@example.com',
    default_tags: { Vendor: 'Databricks', ClusterId: id, ClusterName: 'team' },
  });
});

test('only get shows the settings as the user sent them', async () => {
  const id = await create();

  const listed = await emulated.ok('/2.1/clusters/list');

  expect((await get(id))['spec']).toEqual(spec);
  const rows = listed['clusters'] as object[];
  expect(rows).toEqual([expect.objectContaining({ cluster_id: id, enable_elastic_disk: true })]);
  expect(rows[0]).not.toHaveProperty('spec');
});

test('a deleted cluster is terminated and stays listed, a permanently deleted one is gone', async () => {
  const id = await create();
  await emulated.ok('/2.1/clusters/delete', { cluster_id: id });
  const meanwhile = await get(id);
  emulated.pass(1);
  const after = await get(id);
  await emulated.ok('/2.1/clusters/permanent-delete', { cluster_id: id });

  const gone = await emulated.get(`/2.1/clusters/get?cluster_id=${id}`);

  expect(meanwhile['state']).toBe('TERMINATING');
  expect(after).toMatchObject({ state: 'TERMINATED', termination_reason: { code: 'USER_REQUEST' } });
  expect(gone).toEqual({
    status: 400,
    body: expect.objectContaining({
      error_code: 'INVALID_PARAMETER_VALUE',
      message: `Cluster ${id} does not exist`,
    }),
  });
});

test('the list is paged and filtered by source', async () => {
  for (let at = 0; at < 5; at++) await create({ cluster_name: 'same name' });
  clusters().make({ spec, owner: 'admin@example.com', source: 'JOB' });
  const first = await emulated.ok(
    '/2.1/clusters/list?page_size=3&filter_by.cluster_sources=UI&filter_by.cluster_sources=API',
  );
  const second = await emulated.ok(
    `/2.1/clusters/list?page_size=3&filter_by.cluster_sources=UI,API&page_token=${String(first['next_page_token'])}`,
  );

  expect(first['clusters']).toHaveLength(3);
  expect(second['clusters']).toHaveLength(2);
  expect(second['next_page_token']).toBe('');
});

test.each([
  { name: 'no runtime', more: { spark_version: undefined } },
  { name: 'both sizes', more: { autoscale: { min_workers: 1, max_workers: 2 } } },
  { name: 'no size', more: { num_workers: undefined } },
  { name: 'no node type', more: { node_type_id: undefined } },
  { name: 'a node type that does not exist', more: { node_type_id: 'Standard_None' } },
  { name: 'an unknown pool', more: { node_type_id: undefined, instance_pool_id: '0101-000000-pool-none' } },
  { name: 'an unknown policy', more: { policy_id: '000A' } },
  { name: 'an unknown user', more: { single_user_name: 'nobody@example.com' } },
  { name: 'an odd autotermination', more: { autotermination_minutes: 5 } },
  {
    name: '46 tags',
    more: { custom_tags: Object.fromEntries(Array.from({ length: 46 }, (_, at) => [`t${at}`, 'v'])) },
  },
])('refuses a cluster with $name', async ({ more }) => {
  const reply = await emulated.post('/2.1/clusters/create', { ...spec, ...more });

  expect(reply).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
  expect((await emulated.ok('/2.1/clusters/list'))['clusters']).toBeUndefined();
});

test('a node type beside a pool is refused, and shown once the pool gives it', async () => {
  const pool = { instance_pool_name: 'pool', node_type_id: 'Standard_D4ds_v5' };
  const { instance_pool_id } = await emulated.ok('/2.0/instance-pools/create', pool);

  const refused = await emulated.post('/2.1/clusters/create', { ...spec, instance_pool_id });
  const id = await create({ node_type_id: undefined, instance_pool_id });

  expect(refused.status).toBe(400);
  expect(await get(id)).toMatchObject({
    node_type_id: 'Standard_D4ds_v5',
    driver_instance_pool_id: instance_pool_id,
  });
});

test('an edit resets all settings, and restarts a running cluster', async () => {
  const id = await create({ custom_tags: { team: 'a' } });
  emulated.pass(2);
  await emulated.ok('/2.1/clusters/edit', { cluster_id: id, ...spec, num_workers: 5 });
  const edited = await get(id);

  const again = await emulated.post('/2.1/clusters/edit', { cluster_id: id, ...spec });

  expect(edited).toMatchObject({ state: 'RESTARTING', num_workers: 5 });
  expect(edited).not.toHaveProperty('custom_tags');
  expect(again).toMatchObject({ status: 400, body: { error_code: 'INVALID_STATE' } });
});

test('a terminated cluster starts again, and stops by itself when nobody uses it', async () => {
  const id = await create({ autotermination_minutes: 10 });
  clusters().stopAll();
  await emulated.ok('/2.1/clusters/start', { cluster_id: id });
  emulated.pass(2);
  const started = await get(id);

  emulated.pass(601);

  expect(started['state']).toBe('RUNNING');
  expect(await get(id)).toMatchObject({ state: 'TERMINATED', termination_reason: { code: 'INACTIVITY' } });
});

test('a region without machines leaves a terminated cluster with the reason', async () => {
  clusters().capacity.failNext(1);
  clusters().capacity.failNodeType('Standard_E8ds_v5');
  const ids = [await create(), await create({ node_type_id: 'Standard_E8ds_v5' }), await create()];

  emulated.pass(2);

  const states = await Promise.all(ids.map(get));
  expect(states).toMatchObject([
    { state: 'TERMINATED', termination_reason: { code: 'AZURE_QUOTA_EXCEEDED_EXCEPTION' } },
    { state: 'TERMINATED', termination_reason: { code: 'CLOUD_PROVIDER_LAUNCH_FAILURE' } },
    { state: 'RUNNING' },
  ]);
});

test('pins belong to administrators and keep a cluster beyond 30 days', async () => {
  const pinned = await create();
  const other = await create();
  const refused = await emulated.post('/2.1/clusters/pin', { cluster_id: pinned }, analystToken);
  await emulated.ok('/2.1/clusters/pin', { cluster_id: pinned });
  clusters().stopAll();

  emulated.lose(31 * 86_400);
  emulated.pass(1);

  expect(refused).toMatchObject({ status: 403, body: { error_code: 'PERMISSION_DENIED' } });
  expect((await get(pinned))['pinned_by_user_name']).toBe('admin@example.com');
  expect((await emulated.get(`/2.1/clusters/get?cluster_id=${other}`)).status).toBe(400);
});

test('the owner of a terminated cluster can be changed to somebody who exists', async () => {
  const id = await create();
  const change = { cluster_id: id, owner_username: 'analyst@example.com' };
  const whileUp = await emulated.post('/2.1/clusters/change-owner', change);
  clusters().stopAll();
  const toNobody = await emulated.post('/2.1/clusters/change-owner', {
    ...change,
    owner_username: 'x@example.com',
  });

  await emulated.ok('/2.1/clusters/change-owner', change);

  expect(whileUp.body['error_code']).toBe('INVALID_STATE');
  expect(toNobody.body['error_code']).toBe('INVALID_PARAMETER_VALUE');
  expect((await get(id))['creator_user_name']).toBe('analyst@example.com');
});

test('node types, runtimes and zones can be asked for', async () => {
  const types = await emulated.ok('/2.1/clusters/list-node-types');
  const versions = await emulated.ok('/2.1/clusters/spark-versions');

  expect(types['node_types']).toContainEqual(
    expect.objectContaining({ node_type_id: 'Standard_DS3_v2', num_cores: 4 }),
  );
  expect(versions['versions']).toContainEqual(expect.objectContaining({ key: '15.4.x-scala2.12' }));
  expect(await emulated.ok('/2.1/clusters/list-zones')).toEqual({ zones: [], default_zone: '' });
});
