import type { Report } from '../../shared/domain/report';
import type { RunSummary } from '../../shared/domain/run';
import { listLinkPartitions } from '../../shared/storage/links';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig, type Wish } from '../support/rig';
import {
  admin,
  fillTinyEstate,
  home,
  importNotebook,
  makeJob,
  objectId,
  type TinyEstate,
} from '../support/tiny-estate';

const scim = '/api/2.0/preview/scim/v2';
const workers = (num_workers: number) => ({
  cluster_name: 'of alice',
  spark_version: '15.4.x-scala2.12',
  node_type_id: 'Standard_DS3_v2',
  num_workers,
});

/** Of a notebook that both sides had before there was a pair. */
const foreignTroubles = [
  'notebook//Shared/totals conflict: already there with other content, and not ours',
  'permission/notebook:/Shared/totals blocked: needs notebook//Shared/totals: conflict: already there with other content, and not ours',
];

describe('what changes between two refreshes', () => {
  let rig: Rig;
  let estate: TinyEstate;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    estate = fillTinyEstate(rig.primary);
  }, 60_000);
  afterAll(() => rig.close());

  async function refresh(wish?: Wish): Promise<{ run: RunSummary; writes: string[]; report: Report }> {
    const seq = rig.secondary.requests.lastSeq();
    const run = await rig.run('refresh', wish);
    const writes = rig.secondary.requests.mutatingSince(seq);
    const report = (await readReport(rig.runtime.state, run.runId)) as Report;
    return { run, report, writes: writes.map(({ method, path }) => `${method} ${path}`).sort() };
  }

  function post(side: 'primary' | 'secondary', path: string, body: object): Record<string, unknown> {
    return (rig[side].call('POST', `/api/${path}`, body).json ?? {}) as Record<string, unknown>;
  }

  function get(side: 'primary' | 'secondary', path: string): Record<string, unknown> {
    return rig[side].call('GET', `/api/${path}`).json as Record<string, unknown>;
  }

  function idOf(side: 'primary' | 'secondary', collection: string, attribute: string, name: string): string {
    const filter = encodeURIComponent(`${attribute} eq "${name}"`);
    const found = rig[side].call('GET', `${scim}/${collection}?filter=${filter}`).json as {
      Resources: { id: string }[];
    };
    return found.Resources[0]?.id ?? '';
  }

  /** The target's id of our copy. */
  async function copyOf(kind: string, id: string | number): Promise<string> {
    for await (const { links } of listLinkPartitions(rig.runtime.state, rig.pair.name, kind)) {
      const link = links.find(({ primary }) => primary === String(id));
      if (link !== undefined) return link.secondary;
    }
    throw new Error(`${kind}/${id} is not linked`);
  }

  function troubles({ outcomes }: Report): string[] {
    return outcomes
      .filter(({ outcome }) => ['conflict', 'blocked', 'failed'].includes(outcome))
      .map(({ key, outcome, reason }) => `${key} ${outcome}: ${reason}`)
      .sort();
  }

  it('creates beside what is foreign, and touches neither it nor its permissions', async () => {
    const cluster = post('secondary', '2.1/clusters/create', { ...workers(7), cluster_name: 'shared' });
    const job = makeJob(rig.secondary, 'nightly', 'UNPAUSED', { as: admin });
    importNotebook(rig.secondary, '/Shared/totals', 'select 1');
    importNotebook(rig.primary, '/Shared/totals', 'select 2');
    const foreign = () => ({
      spec: get('secondary', `2.1/clusters/get?cluster_id=${String(cluster['cluster_id'])}`)['spec'],
      clusterGrants: get('secondary', `2.0/permissions/clusters/${String(cluster['cluster_id'])}`),
      job: get('secondary', `2.2/jobs/get?job_id=${job}`),
      jobGrants: get('secondary', `2.0/permissions/jobs/${job}`),
      content: get('secondary', '2.0/workspace/export?path=/Shared/totals&format=SOURCE'),
      grants: get('secondary', `2.0/permissions/notebooks/${objectId(rig.secondary, '/Shared/totals')}`),
    });
    const before = foreign();

    const { run, report } = await refresh();

    expect(run.status).toBe('partiallyFailed');
    expect(troubles(report)).toEqual(foreignTroubles);
    expect(foreign()).toEqual(before);
    expect(await copyOf('job', estate.nightly)).not.toBe(String(job));
  }, 60_000);

  it('carries each change at the source with just the calls that it takes', async () => {
    const alice = idOf('primary', 'Users', 'userName', 'alice@example.com');
    importNotebook(rig.primary, `${home}/etl/load`, 'select 42');
    importNotebook(rig.primary, `${home}/etl/renamed`, 'select 3');
    post('primary', '2.0/workspace/delete', { path: `${home}/etl/deep/R` });
    rig.primary.call('PUT', `/api/2.0/permissions/jobs/${estate.nightly}`, {
      access_control_list: [{ user_name: 'alice@example.com', permission_level: 'IS_OWNER' }],
    });
    const schedule = { quartz_cron_expression: '0 0 7 * * ?', timezone_id: 'UTC', pause_status: 'UNPAUSED' };
    post('primary', '2.2/jobs/update', { job_id: estate.hourly, new_settings: { schedule } });
    post('primary', '2.2/jobs/delete', { job_id: estate.resting });
    post('primary', '2.1/clusters/edit', { ...workers(5), cluster_id: estate.ownCluster });
    rig.primary.call('PATCH', `${scim}/Users/${alice}`, {
      Operations: [{ op: 'replace', path: 'active', value: false }],
    });

    const { run, writes, report } = await refresh();

    const renamed = objectId(rig.secondary, `${home}/etl/renamed`);
    expect(writes).toEqual(
      [
        `PATCH ${scim}/Users/${idOf('secondary', 'Users', 'userName', 'alice@example.com')}`,
        'POST /api/2.0/workspace/import',
        'POST /api/2.0/workspace/import',
        'POST /api/2.1/clusters/edit',
        'POST /api/2.2/jobs/reset',
        `PUT /api/2.0/permissions/jobs/${await copyOf('job', estate.nightly)}`,
        `PUT /api/2.0/permissions/notebooks/${renamed}`,
      ].sort(),
    );
    expect(run.counts).toMatchObject({ restored: 7, conflict: 1, failed: 0 });
    expect(report.retire.map(({ key }) => key).sort()).toEqual(
      [
        `job/${estate.resting}`,
        `notebook/${home}/etl/deep/R`,
        `permission/job:${estate.resting}`,
        `permission/notebook:${home}/etl/deep/R`,
      ].sort(),
    );
  }, 60_000);

  it('makes again what somebody deleted at the target, and points at it what has its id', async () => {
    const gone = await copyOf('cluster', estate.sharedCluster);
    post('secondary', '2.1/clusters/permanent-delete', { cluster_id: gone });
    post('secondary', '2.0/workspace/delete', { path: `${home}/etl/renamed` });
    rig.secondary.call(
      'DELETE',
      `${scim}/Users/${idOf('secondary', 'Users', 'userName', 'bob@example.com')}`,
    );

    const { writes } = await refresh();

    const engineers = idOf('secondary', 'Groups', 'displayName', 'engineers');
    expect(writes).toEqual(
      [
        `POST ${scim}/Users`,
        `PUT ${scim}/Groups/${engineers}`,
        'POST /api/2.1/clusters/create',
        'POST /api/2.1/clusters/delete',
        'POST /api/2.1/clusters/pin',
        'POST /api/2.0/libraries/install',
        `PUT /api/2.0/permissions/clusters/${await copyOf('cluster', estate.sharedCluster)}`,
        'POST /api/2.2/jobs/reset',
        'POST /api/2.2/jobs/reset',
        'POST /api/2.0/workspace/import',
        `PUT /api/2.0/permissions/notebooks/${objectId(rig.secondary, `${home}/etl/renamed`)}`,
      ].sort(),
    );
    const job = get('secondary', `2.2/jobs/get?job_id=${await copyOf('job', estate.nightly)}`);
    expect(JSON.stringify(job)).toContain(await copyOf('cluster', estate.sharedCluster));
    expect((await refresh()).writes).toEqual([]);
  }, 60_000);

  it('does not overwrite what somebody changed, also where a new reference becomes known only during the run', async () => {
    const made = post('primary', '2.1/clusters/create', { ...workers(1), cluster_name: 'new' });
    const task = { task_key: 'main', existing_cluster_id: made['cluster_id'] };
    const tasks = [{ ...task, notebook_task: { notebook_path: `${home}/etl/load` } }];
    post('primary', '2.2/jobs/update', { job_id: estate.hourly, new_settings: { tasks } });
    const job_id = Number(await copyOf('job', estate.hourly));
    post('secondary', '2.2/jobs/update', { job_id, new_settings: { timeout_seconds: 5 } });

    const { report } = await refresh();

    expect(troubles(report)[0]).toBe(
      `job/${estate.hourly} conflict: changed on both sides since they last agreed`,
    );
    expect(get('secondary', `2.2/jobs/get?job_id=${job_id}`)['settings']).toMatchObject({
      timeout_seconds: 5,
    });
    post('secondary', '2.2/jobs/update', { job_id, new_settings: { timeout_seconds: 0 } });
    expect(troubles((await refresh()).report)).toEqual(foreignTroubles);
  }, 60_000);

  describe('with what somebody changed at the target', () => {
    beforeAll(async () => {
      importNotebook(rig.secondary, `${home}/etl/load`, 'select 0');
      post('secondary', '2.1/clusters/edit', {
        ...workers(9),
        cluster_id: await copyOf('cluster', estate.ownCluster),
      });
    });

    it('leaves it alone', async () => {
      const { run, writes, report } = await refresh();

      expect(writes).toEqual([]);
      expect(run.status).toBe('partiallyFailed');
      expect(troubles(report)).toEqual([
        `cluster/${estate.ownCluster} conflict: changed in the target since it was written`,
        foreignTroubles[0],
        `notebook/${home}/etl/load conflict: changed in the target since it was written`,
        foreignTroubles[1],
      ]);
    }, 60_000);

    it('overwrites it when policy says so', async () => {
      const { run, writes } = await refresh({ pair: { conflict: 'overwrite' } });

      // The notebook that was changed, and the foreign one.
      const imports = ['POST /api/2.0/workspace/import', 'POST /api/2.0/workspace/import'];
      expect(writes).toEqual([...imports, 'POST /api/2.1/clusters/edit']);
      expect(run.status).toBe('succeeded');
      expect((await refresh()).writes).toEqual([]);
    }, 60_000);
  });
});
