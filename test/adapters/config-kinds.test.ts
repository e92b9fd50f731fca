import { clusterLibrary } from '../../shared/adapters/cluster-library';
import { clusterPolicy } from '../../shared/adapters/cluster-policy';
import { instancePool, type InstancePoolBody } from '../../shared/adapters/instance-pool';
import { findReferences, rewriteReferences } from '../../shared/domain/references';
import { poster } from '../support/adapter-estate';
import {
  indexOf,
  listAll,
  openAdapterPair,
  stubNamed,
  type AdapterPair,
} from '../support/adapter-workspaces';

let pair: AdapterPair;
const none = indexOf([]);
const spec = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };

beforeAll(async () => {
  pair = await openAdapterPair();
});

afterAll(() => pair.close());

describe('an instance pool', () => {
  const body: InstancePoolBody & Record<string, unknown> = {
    instance_pool_name: 'warm',
    node_type_id: 'Standard_DS3_v2',
    min_idle_instances: 3,
    max_capacity: 8,
  };

  it('sleeps without idle machines and wakes to the number of the source', async () => {
    const target = pair.secondary.open();
    const read = async () => (await stubNamed(pair.secondary.open(), 'instance-pool', 'warm')).body;

    const id = await instancePool.create(target, body, none);
    const asleep = await read();
    await instancePool.triggers!.wake(target, id, body, instancePool.triggers!.awake(body));
    const awake = await read();
    await instancePool.triggers!.quiet(target, id, body);

    expect(asleep).toMatchObject({ min_idle_instances: 0, max_capacity: 8 });
    expect(awake).toMatchObject({ min_idle_instances: 3, max_capacity: 8 });
    expect(await read()).toEqual(asleep);
  });

  it('without idle machines has nothing to wake', async () => {
    const target = pair.secondary.open();

    expect(instancePool.triggers!.awake({ ...body, min_idle_instances: 0 })).toEqual([]);
    await instancePool.triggers!.wake(target, 'x', body, []);

    expect(target.counts.calls).toBe(0);
  });

  it('is found by its marker, else by its name, which is unique', () => {
    const ours = { id: 'p1', name: 'renamed', marker: 'analytics:p0' };
    const asset = { key: 'instance-pool/p0', kind: 'instance-pool', id: 'p0', name: 'warm', body } as const;
    const index = { ...none, byName: (name: string) => (name === 'warm' ? { id: 'p2', name } : undefined) };

    expect(instancePool.find({ ...index, byMarker: () => ours }, asset, 'analytics:p0')).toBe('p1');
    expect(instancePool.find(index, asset, 'analytics:p0')).toBe('p2');
  });
});

describe('a cluster policy', () => {
  it('points at pools, scripts and scopes inside its JSON, and ids are rewritten there', () => {
    const definition = JSON.stringify({
      instance_pool_id: { type: 'fixed', value: 'pool-1' },
      driver_instance_pool_id: { type: 'allowlist', values: ['pool-2', 'pool-3'], defaultValue: 'pool-2' },
      'init_scripts.0.workspace.destination': { type: 'fixed', value: '/Workspace/Shared/init.sh' },
      'spark_conf.key': { type: 'fixed', value: '{{secrets/lake/key}}' },
      'cluster_log_conf.path': { type: 'fixed', value: 'dbfs:/cluster-logs' },
    });
    const body = { name: 'p', definition };

    const keys = findReferences(body, clusterPolicy.references).map(({ key }) => key);
    const rewritten = rewriteReferences(body, clusterPolicy.references, (_to, id) =>
      id.replace('pool', 'new'),
    );

    expect(keys.sort()).toEqual([
      'instance-pool/pool-1',
      'instance-pool/pool-2',
      'instance-pool/pool-2',
      'instance-pool/pool-3',
      'secret-scope/lake',
      'secret/lake/key',
      'workspace-file//Shared/init.sh',
    ]);
    expect(rewritten.body.definition).toBe(definition.replaceAll('pool-', 'new-'));
  });

  it('has one spelling of equal definitions', async () => {
    const post = poster(pair.primary.emulated);
    post('/api/2.0/policies/clusters/create', {
      name: 'one',
      definition: '{"b": {"type":"forbidden"},\n "a": {"hidden": true, "type": "unlimited"}}',
    });
    post('/api/2.0/policies/clusters/create', {
      name: 'two',
      definition: '{"a":{"type":"unlimited","hidden":true},"b":{"type":"forbidden"}}',
    });

    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => stubNamed(pair.primary.open(), 'cluster-policy', name)),
    );

    expect(one!.body).toEqual({ ...two!.body, name: 'one' });
  });

  it('of a family keeps its overrides and not the definition that the platform makes of them', async () => {
    const { policy_families } = pair.primary.emulated.call('GET', '/api/2.0/policy-families').json as {
      policy_families: { policy_family_id: string }[];
    };
    const overrides = {
      policy_family_definition_overrides: '{"autotermination_minutes":{"type":"fixed","value":20}}',
    };
    const body = { name: 'own', policy_family_id: policy_families[0]!.policy_family_id, ...overrides };
    poster(pair.primary.emulated)('/api/2.0/policies/clusters/create', body);

    expect((await stubNamed(pair.primary.open(), 'cluster-policy', 'own')).body).toEqual(body);
  });

  it('that is built in is matched by its name, and never created or changed', async () => {
    const builtIn = (await listAll(pair.primary.open(), 'cluster-policy')).find(
      ({ body }) => body && 'is_default' in body,
    )!;
    const target = pair.secondary.open();
    const twin = await stubNamed(target, 'cluster-policy', builtIn.name);
    const body = { name: builtIn.name, is_default: true } as const;

    expect(twin.body).toEqual(builtIn.body);
    await expect(clusterPolicy.create(target, body, none)).rejects.toMatchObject({
      code: 'DR_ASSET_BUILT_IN',
    });
    await expect(clusterPolicy.update!(target, twin.id, body, none)).rejects.toMatchObject({
      code: 'DR_ASSET_BUILT_IN',
    });
  });
});

describe('cluster libraries', () => {
  it('are those of carried clusters, without the ones that failed or are to be removed', async () => {
    const post = poster(pair.primary.emulated);
    const cluster = post<{ cluster_id: string }>('/api/2.1/clusters/create', { ...spec, cluster_name: 'c' });
    const libraries = [
      { pypi: { package: 'a' } },
      { maven: { coordinates: 'g:b:1' } },
      { jar: 'dbfs:/FileStore/c.jar' },
    ];
    post('/api/2.0/libraries/install', { ...cluster, libraries });
    post('/api/2.0/libraries/uninstall', { ...cluster, libraries: [libraries[1]] });

    const stubs = await listAll(pair.primary.open(), 'cluster-library');

    expect(stubs.map(({ name, skip }) => ({ name, skip }))).toEqual([
      { name: 'pypi a', skip: undefined },
      { name: 'maven g:b:1', skip: 'to be removed at the next start of its cluster' },
      { name: 'jar dbfs:/FileStore/c.jar', skip: undefined },
    ]);
    expect(stubs.every(({ owner }) => owner === `cluster/${cluster.cluster_id}`)).toBe(true);
    expect(stubs[0]!.id).toMatch(new RegExp(`^${cluster.cluster_id}:[0-9a-f]{16}$`));
    expect(findReferences(stubs[2]!.body!, clusterLibrary.references).map(({ key }) => key)).toEqual([
      `cluster/${cluster.cluster_id}`,
      'dbfs-file/dbfs:/FileStore/c.jar',
    ]);
  });

  it('cannot be read when they are not listed', async () => {
    const gone = clusterLibrary.export(pair.primary.open(), { id: 'c:0', name: 'x' });

    await expect(gone).rejects.toMatchObject({ code: 'DR_ASSET_VANISHED' });
  });
});
