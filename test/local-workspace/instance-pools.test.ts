import { type ComputeWorkspace, startCompute } from '../support/compute-workspace';

const pool = {
  instance_pool_name: 'etl',
  node_type_id: 'Standard_D8ds_v5',
  min_idle_instances: 2,
  max_capacity: 20,
  idle_instance_autotermination_minutes: 15,
  preloaded_spark_versions: ['15.4.x-scala2.12'],
};
let emulated: ComputeWorkspace;
let id: string;

beforeEach(async () => {
  emulated = await startCompute();
  id = (await emulated.ok('/2.0/instance-pools/create', pool))['instance_pool_id'] as string;
});
afterEach(() => emulated.close());

function get(): Promise<Record<string, unknown>> {
  return emulated.ok(`/2.0/instance-pools/get?instance_pool_id=${id}`);
}

test('a pool is shown with what the platform adds', async () => {
  const listed = await emulated.ok('/2.0/instance-pools/list');

  expect(listed['instance_pools']).toEqual([await get()]);
  expect(await get()).toMatchObject({
    ...pool,
    instance_pool_id: id,
    state: 'ACTIVE',
    stats: { idle_count: 2, used_count: 0 },
    default_tags: { DatabricksInstancePoolId: id },
  });
});

test('an edit changes size and name, never the node type', async () => {
  const change = { instance_pool_id: id, instance_pool_name: 'etl 2', min_idle_instances: 0 };
  const refused = await emulated.post('/2.0/instance-pools/edit', {
    ...change,
    node_type_id: 'Standard_DS3_v2',
  });

  await emulated.ok('/2.0/instance-pools/edit', { ...change, node_type_id: pool.node_type_id });

  expect(refused.status).toBe(400);
  const edited = await get();
  expect(edited).toMatchObject({
    instance_pool_name: 'etl 2',
    preloaded_spark_versions: ['15.4.x-scala2.12'],
  });
  expect(edited).not.toHaveProperty('max_capacity');
});

test.each([
  { name: 'with a name that is taken', change: {} },
  { name: 'without a name', change: { instance_pool_name: '' } },
  { name: 'without a node type', change: { instance_pool_name: 'x', node_type_id: undefined } },
  { name: 'that idles beyond its capacity', change: { instance_pool_name: 'x', min_idle_instances: 21 } },
])('refuses a pool $name', async ({ change }) => {
  const reply = await emulated.post('/2.0/instance-pools/create', { ...pool, ...change });

  expect(reply).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
});

test('a deleted pool is gone', async () => {
  await emulated.ok('/2.0/instance-pools/delete', { instance_pool_id: id });

  const reply = await emulated.get(`/2.0/instance-pools/get?instance_pool_id=${id}`);

  expect(reply).toMatchObject({ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } });
  expect(await emulated.ok('/2.0/instance-pools/list')).toEqual({});
});
