import { cluster, type ClusterBody } from '../../shared/adapters/cluster';
import { findReferences } from '../../shared/domain/references';
import type { Clusters } from '../../local/workspace/clusters';
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

beforeAll(async () => {
  pair = await openAdapterPair();
});

afterAll(() => pair.close());

const lone = {
  cluster_name: 'lone',
  spark_version: '15.4.x-scala2.12',
  node_type_id: 'Standard_DS3_v2',
  num_workers: 1,
};
const asRestored: ClusterBody = { ...lone, pinned: true, owner: { user_name: 'carol@example.com' } };

function stateOf(id: string): Record<string, unknown> {
  return pair.secondary.emulated.call('GET', `/api/2.1/clusters/get?cluster_id=${id}`).json as Record<
    string,
    unknown
  >;
}

describe('the body of a cluster', () => {
  it('has every setting of the user, the pin and the owner, and nothing that the platform adds', async () => {
    const post = poster(pair.primary.emulated);
    const settings = { ...lone, spark_conf: { a: 'b' }, future_setting: { x: 1 } };
    const { cluster_id } = post<{ cluster_id: string }>('/api/2.1/clusters/create', settings);
    const from = pair.primary.open();

    const body = await cluster.export(from, await stubNamed(from, 'cluster', 'lone'));

    expect(body).toEqual({ ...settings, pinned: false, owner: { user_name: 'admin@example.com' } });
    post('/api/2.1/clusters/pin', { cluster_id });
    expect((await cluster.export(from, { id: cluster_id, name: 'lone' })).pinned).toBe(true);
  });

  it('leaves to the pool what the pool decides', async () => {
    const post = poster(pair.primary.emulated);
    const pool = { instance_pool_name: 'pool', node_type_id: 'Standard_DS3_v2' };
    const { instance_pool_id } = post<{ instance_pool_id: string }>('/api/2.0/instance-pools/create', pool);
    const settings = { cluster_name: 'pooled', spark_version: lone.spark_version, instance_pool_id };
    const { cluster_id } = post<{ cluster_id: string }>('/api/2.1/clusters/create', {
      ...settings,
      autoscale: { min_workers: 1, max_workers: 2 },
      enable_elastic_disk: true,
    });

    const body = await cluster.export(pair.primary.open(), { id: cluster_id, name: 'pooled' });

    expect(body).toMatchObject({ ...settings, autoscale: { max_workers: 2 } });
    for (const name of [
      'node_type_id',
      'driver_node_type_id',
      'enable_elastic_disk',
      'azure_attributes',
      'num_workers',
    ])
      expect(body).not.toHaveProperty(name);
  });

  it('points at its owner, be it a user or a service principal', () => {
    const robot = '11111111-2222-3333-4444-555555555555';
    const keys = [{ user_name: 'carol@example.com' }, { service_principal_name: robot }].flatMap((owner) =>
      findReferences({ ...asRestored, owner }, cluster.references).map(({ key }) => key),
    );

    expect(keys).toEqual(['user/carol@example.com', `service-principal/${robot}`]);
  });

  it('is gone by name when the cluster is', async () => {
    const gone = cluster.export(pair.primary.open(), { id: '0101-000000-gone', name: 'gone' });

    await expect(gone).rejects.toMatchObject({ code: 'DR_ASSET_VANISHED' });
  });
});

describe('the listing of clusters', () => {
  it('does not carry what jobs made, and says so', async () => {
    const area = pair.primary.emulated.core.area<Clusters>('clusters');
    area.make({ spec: { ...lone, cluster_name: 'of a job' }, owner: 'admin@example.com', source: 'JOB' });

    const stub = await stubNamed(pair.primary.open(), 'cluster', 'of a job');

    expect(stub).toMatchObject({ skip: 'made by a job: it makes its clusters anew', harmless: true });
  });

  it('has a version that does not change as a cluster starts and stops', async () => {
    const before = (await listAll(pair.primary.open(), 'cluster')).map(({ version }) => version);

    pair.primary.pass(5_000);
    pair.primary.emulated.core.area<Clusters>('clusters').stopAll();

    expect((await listAll(pair.primary.open(), 'cluster')).map(({ version }) => version)).toEqual(before);
  });
});

describe('settling a new cluster', () => {
  it('stops it at once, pins it, and says that the owner has to wait; later it gives it the owner', async () => {
    poster(pair.secondary.emulated)('/api/2.0/preview/scim/v2/Users', { userName: 'carol@example.com' });
    const target = pair.secondary.open();
    const id = await cluster.create(target, asRestored, none);

    const first = await cluster.settle!(target, id, asRestored);
    expect(first).toEqual(['the owner is not carol@example.com yet: the cluster has to stop first']);
    pair.secondary.pass(2_000);
    const second = await cluster.settle!(target, id, asRestored);

    expect(second).toEqual([]);
    expect(stateOf(id)).toMatchObject({ state: 'TERMINATED', creator_user_name: 'carol@example.com' });
    expect(stateOf(id)).toHaveProperty('pinned_by_user_name');
  });

  it('writes nothing when everything is as it should be', async () => {
    const target = pair.secondary.open();
    const id = (await stubNamed(target, 'cluster', 'lone')).id;

    await cluster.settle!(target, id, asRestored);

    expect(target.counts.writes).toBe(0);
  });

  it('unpins what is no longer pinned', async () => {
    const target = pair.secondary.open();
    const id = (await stubNamed(target, 'cluster', 'lone')).id;

    await cluster.settle!(target, id, { ...asRestored, pinned: false });

    expect(stateOf(id)).not.toHaveProperty('pinned_by_user_name');
  });

  it('only warns when the region has no machines: the configuration is there', async () => {
    const area = pair.secondary.emulated.core.area<Clusters>('clusters');
    area.capacity.failNext(1);
    const target = pair.secondary.open();
    const body = { ...lone, cluster_name: 'unlucky', pinned: false };
    const id = await cluster.create(target, body, none);
    pair.secondary.pass(2_000);

    const warnings = await cluster.settle!(target, id, body);

    expect(warnings).toEqual([expect.stringContaining('AZURE_QUOTA_EXCEEDED_EXCEPTION')]);
  });

  it('only warns when a hundred clusters are pinned already, and writes nothing for it', async () => {
    const area = pair.secondary.emulated.core.area<Clusters>('clusters');
    for (let i = 0; i < 100; i += 1) {
      area.make({ spec: lone, owner: 'admin@example.com', source: 'UI' }).pinnedBy = 'admin@example.com';
    }
    const target = pair.secondary.open();
    const body = { ...lone, pinned: true };
    const id = await cluster.create(target, body, none);

    const seq = pair.secondary.emulated.requests.lastSeq();
    const warnings = await cluster.settle!(target, id, body);

    expect(warnings).toEqual([expect.stringMatching(/^not pinned: a workspace has at most 100 pinned/)]);
    const written = pair.secondary.emulated.requests.mutatingSince(seq).map(({ path }) => path);
    expect(written).not.toContain('/api/2.1/clusters/pin');
  });

  it('only warns when the owner does not exist', async () => {
    const target = pair.secondary.open();
    const { id } = await stubNamed(target, 'cluster', 'unlucky');
    const body = { ...lone, pinned: false, owner: { user_name: 'nobody@example.com' } };

    expect(await cluster.settle!(target, id, body)).toContainEqual(
      expect.stringContaining('nobody@example.com'),
    );
  });
});
