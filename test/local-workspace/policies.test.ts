import { type ComputeWorkspace, startCompute } from '../support/compute-workspace';
import { analystToken } from '../support/emulated-workspace';

const definition = JSON.stringify({
  'custom_tags.team': { type: 'fixed', value: 'finance' },
  'autoscale.max_workers': { type: 'range', maxValue: 8 },
  node_type_id: { type: 'allowlist', values: ['Standard_DS3_v2', 'Standard_DS4_v2'] },
  'spark_conf.spark.sql.ansi.enabled': { type: 'fixed', value: 'true', isOptional: true },
  'azure_attributes.availability': { type: 'forbidden' },
});
const spec = {
  spark_version: '15.4.x-scala2.12',
  node_type_id: 'Standard_DS3_v2',
  autoscale: { min_workers: 1, max_workers: 4 },
  custom_tags: { team: 'finance' },
};
let emulated: ComputeWorkspace;

beforeAll(async () => {
  emulated = await startCompute();
});
afterAll(() => emulated.close());

async function list(): Promise<Record<string, unknown>[]> {
  return (await emulated.ok('/2.0/policies/clusters/list'))['policies'] as Record<string, unknown>[];
}

test('every workspace has the policies of the platform, under ids of its own', async () => {
  const builtIn = (await list()).filter((policy) => policy['is_default']);

  expect(builtIn.map((policy) => policy['policy_family_id']).sort()).toEqual([
    'job-cluster',
    'personal-vm',
    'power-user',
    'shared-compute',
  ]);
  const removal = await emulated.post('/2.0/policies/clusters/delete', {
    policy_id: builtIn[0]?.['policy_id'],
  });
  expect(removal.status).toBe(400);
});

test('a policy can be created, read, edited and deleted', async () => {
  const { policy_id } = await emulated.ok('/2.0/policies/clusters/create', { name: 'Finance', definition });
  const twin = await emulated.post('/2.0/policies/clusters/create', { name: 'Finance', definition });
  await emulated.ok('/2.0/policies/clusters/edit', { policy_id, name: 'Finance 2', definition: '{}' });
  const edited = await emulated.ok(`/2.0/policies/clusters/get?policy_id=${String(policy_id)}`);
  await emulated.ok('/2.0/policies/clusters/delete', { policy_id });

  const gone = await emulated.get(`/2.0/policies/clusters/get?policy_id=${String(policy_id)}`);

  expect(twin).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
  expect(edited).toMatchObject({ name: 'Finance 2', definition: '{}', is_default: false });
  expect(gone).toMatchObject({ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } });
});

test('a policy of a family is the family with its overrides', async () => {
  const overrides = JSON.stringify({ autotermination_minutes: { type: 'fixed', value: 20 } });
  const { policy_id } = await emulated.ok('/2.0/policies/clusters/create', {
    name: 'Ours',
    policy_family_id: 'personal-vm',
    policy_family_definition_overrides: overrides,
  });

  const policy = await emulated.ok(`/2.0/policies/clusters/get?policy_id=${String(policy_id)}`);

  expect(policy['policy_family_definition_overrides']).toBe(overrides);
  expect(JSON.parse(policy['definition'] as string)).toMatchObject({
    autotermination_minutes: { type: 'fixed', value: 20 },
    data_security_mode: { type: 'fixed', value: 'SINGLE_USER' },
  });
});

test.each([
  { name: 'without a name', policy: { definition } },
  { name: 'without rules', policy: { name: 'x' } },
  {
    name: 'of a family and with a definition',
    policy: { name: 'x', definition, policy_family_id: 'personal-vm' },
  },
  { name: 'of an unknown family', policy: { name: 'x', policy_family_id: 'none' } },
  { name: 'whose definition is no JSON', policy: { name: 'x', definition: '{' } },
])('refuses a policy $name', async ({ policy }) => {
  const reply = await emulated.post('/2.0/policies/clusters/create', policy);

  expect(reply).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
});

test('only administrators make policies', async () => {
  const reply = await emulated.post(
    '/2.0/policies/clusters/create',
    { name: 'Mine', definition },
    analystToken,
  );

  expect(reply.status).toBe(403);
});

test('clusters must obey their policy', async () => {
  const { policy_id } = await emulated.ok('/2.0/policies/clusters/create', { name: 'Rules', definition });
  const variants = [
    {},
    { custom_tags: {} },
    { custom_tags: { team: 'sales' } },
    { autoscale: { min_workers: 1, max_workers: 9 } },
    { node_type_id: 'Standard_F8s_v2' },
    { spark_conf: { 'spark.sql.ansi.enabled': 'false' } },
    { azure_attributes: { availability: 'SPOT_AZURE' } },
  ];

  const replies = [];
  for (const change of variants)
    replies.push(await emulated.post('/2.1/clusters/create', { ...spec, policy_id, ...change }));

  expect(replies.map((reply) => reply.status)).toEqual([200, 400, 400, 400, 400, 400, 400]);
  expect(replies[1]?.body['message']).toBe(
    'Validation failed for custom_tags.team, the value must be present',
  );
});

test('policy families are listed by pages', async () => {
  const first = await emulated.ok('/2.0/policy-families?max_results=3');
  const last = await emulated.ok(
    `/2.0/policy-families?max_results=3&page_token=${String(first['next_page_token'])}`,
  );

  expect(first['policy_families']).toHaveLength(3);
  expect(last['policy_families']).toEqual([expect.objectContaining({ policy_family_id: 'job-cluster' })]);
  expect((await emulated.ok('/2.0/policy-families/power-user'))['name']).toBe('Power User Compute');
});
