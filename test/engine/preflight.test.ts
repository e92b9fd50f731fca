import type { Clusters } from '../../local/workspace/clusters';
import type { Preflight } from '../../shared/domain/preflight';
import type { Report } from '../../shared/domain/report';
import { checkPair } from '../../shared/engine/preflight/preflight';
import { readReadiness } from '../../shared/engine/readiness-judge';
import { paths } from '../../shared/storage/layout';
import { readReport } from '../../shared/storage/runs';
import { readLatest } from '../../shared/storage/snapshots';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate } from '../support/tiny-estate';

const scim = '/api/2.0/preview/scim/v2';

describe('a preflight', () => {
  let rig: Rig;
  let refreshed: string;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    fillTinyEstate(rig.primary);
    rig.primary.call('POST', '/api/2.2/jobs/create', {
      name: 'of the first tier',
      tags: { 'dr-tier': '0' },
      schedule: { quartz_cron_expression: '0 0 3 * * ?', timezone_id: 'UTC', pause_status: 'UNPAUSED' },
      run_as: { user_name: 'alice@example.com' },
      git_source: { git_url: 'https://github.com/contoso/etl', git_provider: 'gitHub', git_branch: 'main' },
      tasks: [
        { task_key: 'a', notebook_task: { notebook_path: 'etl', source: 'GIT' }, job_cluster_key: 'c' },
      ],
      job_clusters: [
        {
          job_cluster_key: 'c',
          new_cluster: { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_L8s_v3', num_workers: 9 },
        },
      ],
    });
    refreshed = (await rig.run('refresh')).runId;
  }, 60_000);
  afterAll(() => rig.close());

  async function look(): Promise<Preflight> {
    const { pair, runtime } = rig;
    const session = { readOnly: true };
    return checkPair(
      {
        ...{ pair, source: 'primary', target: 'secondary', log: runtime.log, now: rig.clock.now },
        ...{ state: runtime.state, snapshots: runtime.snapshots, probe: (side) => runtime.probe(pair, side) },
        from: runtime.open(pair, 'primary', session),
        to: runtime.open(pair, 'secondary', session),
      },
      await readReadiness(runtime, refreshed),
    );
  }
  const ofCheck = ({ checks }: Preflight, check: string) => checks.filter((one) => one.check === check);
  const offer = () => rig.secondary.core.area<Clusters>('clusters').offer;

  it('is part of every refresh and of its report', async () => {
    const { preflight } = (await readReport(rig.runtime.state, refreshed)) as Report;

    expect(preflight?.checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['access', 'snapshot', 'readiness', 'compute', 'principals', 'network', 'git']),
    );
    expect(preflight?.checks.filter(({ light }) => light === 'red')).toEqual([]);
    expect(preflight?.tiers.map(({ tier }) => tier)).toEqual([0, null]);
  }, 30_000);

  it('writes to neither side', async () => {
    const seen = [rig.primary, rig.secondary].map(({ requests }) => requests.lastSeq());
    await look();
    const writes = [rig.primary, rig.secondary].map(({ requests }, i) =>
      requests.mutatingSince(seen[i] ?? 0),
    );

    expect(writes).toEqual([[], []]);
  }, 30_000);

  it('says that credentials of git cannot be seen, for the jobs that need them', async () => {
    expect(ofCheck(await look(), 'git')).toMatchObject([{ light: 'amber', keyCount: 1, tiers: [0] }]);
  }, 30_000);

  it('names the node types, runtimes and cores that the target lacks, and the tiers that want them', async () => {
    offer().withdrawRuntime('15.4.x-scala2.12');
    offer().setQuota('Standard_L8s_v3', 79);
    const short = await look();
    offer().withdrawNodeType('Standard_L8s_v3');
    const gone = await look();

    expect(ofCheck(short, 'compute')).toMatchObject([{ light: 'amber', tiers: [0, null] }]);
    expect(ofCheck(short, 'quota')).toMatchObject([
      { light: 'amber', tiers: [0], what: expect.stringContaining('80 cores') as string },
    ]);
    expect(ofCheck(gone, 'compute')[0]).toMatchObject({
      light: 'red',
      tiers: [0],
      what: expect.stringContaining('Standard_L8s_v3') as string,
      fix: expect.stringContaining('rewrite.nodeTypes.Standard_L8s_v3') as string,
    });
    expect(gone.tiers).toMatchObject([{ light: 'red' }, {}]);
  }, 30_000);

  it('sees who runs a job and is disabled in the target', async () => {
    const url = `${scim}/Users?filter=${encodeURIComponent('userName eq "alice@example.com"')}`;
    const { Resources } = rig.secondary.call('GET', url).json as { Resources: { id: string }[] };
    const set = (active: boolean): void => {
      const Operations = [{ op: 'replace', path: 'active', value: active }];
      rig.secondary.call('PATCH', `${scim}/Users/${Resources[0]?.id ?? ''}`, { Operations });
    };
    set(false);
    const found = ofCheck(await look(), 'principals');
    set(true);

    expect(found[0]).toMatchObject({ light: 'red', what: expect.stringContaining('disabled') as string });
    expect(ofCheck(await look(), 'principals')).toMatchObject([{ light: 'green' }]);
  }, 30_000);

  it('does not take for well what it cannot see', async () => {
    rig.secondary.faults.add({ path: /list-node-types/, kind: 'status', status: 403 });
    const refused = await look();
    rig.secondary.faults.clear();
    rig.primary.setDark(true);
    const dark = await look();
    rig.primary.setDark(false);
    rig.secondary.setDark(true);
    const lost = await look();
    rig.secondary.setDark(false);

    expect(ofCheck(refused, 'compute')).toMatchObject([{ light: 'amber' }]);
    expect(ofCheck(dark, 'access').map(({ light }) => light)).toEqual(['amber', 'green']);
    expect(ofCheck(lost, 'access').map(({ light }) => light)).toEqual(['red', 'green']);
    expect(lost.light).toBe('red');
  }, 60_000);

  it('ends no refresh when an answer is not as documented, and says that it could not look', async () => {
    const body = '{"node_types":null}';
    rig.secondary.faults.add({
      path: '/api/2.1/clusters/list-node-types',
      kind: 'status',
      status: 200,
      body,
    });

    const { status, runId } = await rig.run('refresh');
    rig.secondary.faults.clear();

    expect(status).not.toBe('failed');
    const { preflight } = (await readReport(rig.runtime.state, runId)) as Report;
    const [compute] = preflight?.checks.filter(({ check }) => check === 'compute') ?? [];
    expect(compute).toMatchObject({
      light: 'amber',
      what: expect.stringContaining('could not be checked') as string,
    });
  }, 60_000);

  it('is red when the last snapshot cannot be read', async () => {
    const latest = await readLatest(rig.runtime, rig.pair.name);
    const path = paths.manifest(rig.pair.name, latest?.id ?? '');
    const blob = await rig.runtime.snapshots.read(path);
    await rig.runtime.snapshots.write(path, 'what is this');

    const preflight = await look();
    await rig.runtime.snapshots.write(path, blob?.bytes ?? '');

    const what = expect.stringContaining('cannot be read') as string;
    expect(ofCheck(preflight, 'snapshot')).toMatchObject([{ light: 'red', what }]);
  }, 60_000);
});
