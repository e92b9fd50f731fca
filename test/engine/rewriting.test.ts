import { readPlanPage } from '../../functions/http/plan-page';
import type { PlanEntry } from '../../shared/domain/plan';
import { readPlanHead } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { admin, fillTinyEstate, makeJob, type TinyEstate } from '../support/tiny-estate';

const rewrite = {
  storageHosts: { lakeeastus2: 'lakecentralus' },
  nodeTypes: { Standard_DS3_v2: 'Standard_DS4_v2' },
  owners: { map: { 'admin@example.com': 'alice@example.com' } },
};

/** Rules on their way from the plan to the target. */
describe('rewrite rules', () => {
  let rig: Rig;
  let estate: TinyEstate;
  let policy: string;
  let job: number;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true, pair: { rewrite } });
    estate = fillTinyEstate(rig.primary);
    const definition = {
      node_type_id: { type: 'allowlist', values: ['Standard_DS3_v2', 'Standard_E8_v3'] },
      'spark_conf.spark.lake': { type: 'fixed', value: 'abfss://raw@lakeeastus2.dfs.core.windows.net' },
    };
    const made = rig.primary.call('POST', '/api/2.0/policies/clusters/create', {
      name: 'ruled',
      definition: JSON.stringify(definition),
    });
    policy = (made.json as { policy_id: string }).policy_id;
    const body = { as: admin, tags: { at: 'lakeeastus2' } };
    job = makeJob(rig.primary, 'ruled', 'UNPAUSED', body);
  }, 60_000);
  afterAll(() => rig.close());

  async function planOf(runId: string): Promise<Map<string, Pick<PlanEntry, 'action' | 'diff'>>> {
    const plan = await readPlanHead(rig.runtime.state, runId);
    if (plan === undefined) throw new Error('no plan');
    const { entries } = await readPlanPage(rig.runtime.state, plan, null, 2_000);
    return new Map(entries.map((entry) => [entry.key, entry]));
  }

  it('are shown in the plan of what is created, inside of policies too', async () => {
    await rig.run('sync');

    const { runId } = await rig.run('failover', { dryRun: true });

    const entries = await planOf(runId);
    expect(entries.get(`cluster-policy/${policy}`)).toMatchObject({
      action: 'create',
      diff: [
        {
          path: 'definition{}.node_type_id.values[0]',
          from: 'Standard_DS3_v2',
          to: 'Standard_DS4_v2',
          by: 'rewrite',
        },
        {
          path: 'definition{}.spark_conf.spark.lake.value',
          to: 'abfss://raw@lakecentralus.dfs.core.windows.net',
          by: 'rewrite',
        },
      ],
    });
    expect(entries.get(`job/${job}`)?.diff).toEqual(
      expect.arrayContaining([
        { path: 'run_as', from: 'admin@example.com', to: 'alice@example.com', by: 'rewrite' },
        { path: 'tags.at', from: 'lakeeastus2', to: 'lakecentralus', by: 'rewrite' },
      ]),
    );
    expect(entries.get(`cluster/${estate.ownCluster}`)?.diff).toMatchObject([{ path: 'node_type_id' }]);
  }, 60_000);

  it('reach the target, and leave nothing to do for the next run', async () => {
    const first = await rig.run('refresh');
    const seq = rig.secondary.requests.lastSeq();

    const second = await rig.run('refresh');

    expect([first.status, second.status]).toEqual(['succeeded', 'succeeded']);
    expect(rig.secondary.requests.mutatingSince(seq)).toEqual([]);
    const { policies } = rig.secondary.call('GET', '/api/2.0/policies/clusters/list').json as {
      policies: { name: string; definition: string }[];
    };
    const { definition = '{}' } = policies.find(({ name }) => name === 'ruled') ?? {};
    expect(JSON.parse(definition)).toMatchObject({
      node_type_id: { values: ['Standard_DS4_v2', 'Standard_E8_v3'] },
    });
    const { jobs } = rig.secondary.call('GET', '/api/2.2/jobs/list?limit=100').json as {
      jobs: { job_id: number; settings: { name: string } }[];
    };
    const copy = jobs.find(({ settings }) => settings.name === 'ruled')?.job_id ?? 0;
    const acl = rig.secondary.call('GET', `/api/2.0/permissions/jobs/${copy}`).json;
    expect(JSON.stringify(acl)).toMatch(/alice@example.com[^}]*IS_OWNER|IS_OWNER[^}]*alice@example.com/);
  }, 60_000);

  it('are shown beside the differences of what is updated', async () => {
    const settings = { tags: { at: 'lakeeastus2', more: 'x' } };
    rig.primary.call('POST', '/api/2.2/jobs/update', { job_id: job, new_settings: settings });
    await rig.run('sync');

    const { runId } = await rig.run('failover', { dryRun: true });

    const entry = (await planOf(runId)).get(`job/${job}`);
    expect(entry?.action).toBe('update');
    expect(entry?.diff).toEqual(
      expect.arrayContaining([
        { path: 'tags.more', to: 'x' },
        { path: 'tags.at', from: 'lakeeastus2', to: 'lakecentralus', by: 'rewrite' },
      ]),
    );
  }, 60_000);
});
