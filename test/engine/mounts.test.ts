import { type Clusters } from '../../local/workspace/clusters';
import { type MountsArea } from '../../local/workspace/mounts';
import { type EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Report } from '../../shared/domain/report';
import type { RunSummary } from '../../shared/domain/run';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';

const oauth = { kind: 'servicePrincipal', clientId: 'app', tenantId: 'tenant', scope: 'lake', key: 'sp' };
const asked = { discover: true, everyHours: 0, how: [{ match: '/mnt/sales*', ...oauth }] };
let rig: Rig;

async function open(mounts: object): Promise<void> {
  rig = await makeRig({
    blobs: makeMemoryBlobs(),
    virtualTime: true,
    activityMs: 0,
    pair: { mounts, rewrite: { storageHosts: { lakeeastus2: 'lakecentralus' } } },
  });
  mount(rig.primary, '/mnt/sales', 'sales@lakeeastus2');
  rig.secondary.call('POST', '/api/2.0/secrets/scopes/create', { scope: 'lake' });
  rig.secondary.call('POST', '/api/2.0/secrets/put', { scope: 'lake', key: 'sp', string_value: 's3cret' });
}
afterEach(() => rig.close());

function areaOf(workspace: EmulatedWorkspace): MountsArea {
  return workspace.core.area<MountsArea>('mounts');
}

function mount(workspace: EmulatedWorkspace, mountPoint: string, place: string): void {
  const source = `abfss://${place}.dfs.core.windows.net/`;
  areaOf(workspace).add({ mountPoint, source, encryptionType: '', configs: {} });
}

/** What people have mounted there. */
function mountedAt(workspace: EmulatedWorkspace): string[] {
  return areaOf(workspace)
    .all()
    .flatMap(({ mountPoint, source }) => (source.includes('://') ? [`${mountPoint} ${source}`] : []));
}

function runsAt(workspace: EmulatedWorkspace): number {
  const { runs = [] } = workspace.call('GET', '/api/2.2/jobs/runs/list').json as { runs?: object[] };
  return runs.length;
}

async function reportOf({ runId }: RunSummary): Promise<Report> {
  return (await readReport(rig.runtime.state, runId)) as Report;
}

function outcomeIn({ outcomes }: Report, mountPoint: string) {
  return outcomes.find(({ key }) => key === `mount/${mountPoint}`);
}

test('a refresh mounts at the target what the source has, with the credential of a scope there', async () => {
  await open(asked);

  const summary = await rig.run('refresh');

  const report = await reportOf(summary);
  expect(summary).toMatchObject({ status: 'succeeded' });
  expect(mountedAt(rig.secondary)).toEqual(['/mnt/sales abfss://sales@lakecentralus.dfs.core.windows.net/']);
  expect(areaOf(rig.secondary).find('/mnt/sales')?.configs).toMatchObject({
    'fs.azure.account.auth.type': 'OAuth',
    'fs.azure.account.oauth2.client.id': 'app',
    'fs.azure.account.oauth2.client.secret': 's3cret',
    'fs.azure.account.oauth2.client.endpoint': 'https://login.microsoftonline.com/tenant/oauth2/token',
  });
  expect(report.steps.find(({ step }) => step === 'mounts')).toMatchObject({
    state: 'done',
    counts: { restored: 1 },
  });
  expect(JSON.stringify([report, rig.lines])).not.toContain('s3cret');
});

test('nothing of it is left behind: no notebook, and no cluster that runs', async () => {
  await open(asked);

  await rig.run('refresh');
  await rig.clock.sleep(10_000);

  for (const workspace of [rig.primary, rig.secondary]) {
    workspace.tick();
    const folders = workspace.call('GET', '/api/2.0/workspace/list?path=/Shared').json ?? {};
    expect(folders).toEqual({});
    const clusters = workspace.core.area<Clusters>('clusters').all();
    expect(new Set(clusters.map(({ state }) => state))).toEqual(new Set(['TERMINATED']));
  }
});

test('a second refresh runs nothing at the target, and a failover starts no cluster at all', async () => {
  await open(asked);
  await rig.run('refresh');
  const before = runsAt(rig.secondary);

  const second = await reportOf(await rig.run('refresh'));
  rig.primary.setDark(true);
  const failover = await rig.run('failover');

  expect(second.steps.find(({ step }) => step === 'mounts')?.counts).toMatchObject({ unchanged: 1 });
  expect(failover.status).toBe('succeeded');
  expect(runsAt(rig.secondary)).toBe(before);
});

test('a failover mounts what the last snapshot has, although the primary is dark', async () => {
  await open(asked);
  await rig.run('sync');
  rig.primary.setDark(true);

  await rig.run('failover');

  expect(mountedAt(rig.secondary)).toHaveLength(1);
});

test('a mount that was changed at the source is changed at the target', async () => {
  await open(asked);
  await rig.run('refresh');
  areaOf(rig.primary).remove('/mnt/sales');
  mount(rig.primary, '/mnt/sales', 'clean@lakeeastus2');

  await rig.run('refresh');

  expect(mountedAt(rig.secondary)).toEqual(['/mnt/sales abfss://clean@lakecentralus.dfs.core.windows.net/']);
});

test('what else is mounted there stays, as a conflict', async () => {
  await open(asked);
  mount(rig.secondary, '/mnt/sales', 'own@other');

  const report = await reportOf(await rig.run('refresh'));

  expect(outcomeIn(report, '/mnt/sales')).toMatchObject({ outcome: 'conflict' });
  expect(mountedAt(rig.secondary)).toEqual(['/mnt/sales abfss://own@other.dfs.core.windows.net/']);
});

test('without a rule a mount is left to a person, with the statement to run', async () => {
  await open({ discover: true });

  const summary = await rig.run('refresh');

  const report = await reportOf(summary);
  expect(summary.status).toBe('succeeded');
  expect(outcomeIn(report, '/mnt/sales')?.outcome).toBe('skipped');
  const step = report.manualSteps.find((sentence) => sentence.startsWith('Mount /mnt/sales in Central US'));
  expect(step).toContain(
    'dbutils.fs.mount(source = "abfss://sales@lakecentralus.dfs.core.windows.net/", mount_point = "/mnt/sales", extra_configs = {',
  );
});

test('a credential that is not there fails the mount, and says so', async () => {
  await open({ ...asked, how: [{ match: '*', ...oauth, scope: 'none' }] });

  const report = await reportOf(await rig.run('refresh'));

  expect(outcomeIn(report, '/mnt/sales')).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('Scope none does not exist') as unknown,
  });
});

test('who does not ask for mounts has no cluster started, and is told to bring them by hand', async () => {
  await open({});

  const report = await reportOf(await rig.run('refresh'));

  expect([runsAt(rig.primary), runsAt(rig.secondary)]).toEqual([0, 0]);
  expect(report.steps.find(({ step }) => step === 'mounts')).toMatchObject({ state: 'manual' });
  expect(report.manualSteps.join()).toContain('Mount storage in Central US');
  expect(report.warnings.join()).not.toContain('mount');
});

test('a source without a machine to list them keeps nothing else from being copied, nor loses a mount', async () => {
  await open(asked);
  await rig.run('refresh');
  rig.primary.core.area<Clusters>('clusters').capacity.failNext(1);

  const summary = await rig.run('refresh');

  const report = await reportOf(summary);
  expect(summary.status).toBe('succeeded');
  expect(report.warnings.join()).toContain('mount: not known: cannot list mounts');
  expect(report.steps.find(({ step }) => step === 'mounts')?.counts).toMatchObject({ unchanged: 1 });
  expect(report.retire).toEqual([]);
});

test('what was listed counts for a while: the next refresh starts nothing and writes nothing at the source', async () => {
  await open({ ...asked, everyHours: 24 });
  await rig.run('refresh');
  const [seen, runs] = [rig.primary.requests.lastSeq(), runsAt(rig.primary)];
  mount(rig.primary, '/mnt/sales2', 'more@lakeeastus2');

  const soon = await rig.run('refresh');
  const writes = rig.primary.requests.mutatingSince(seen);
  await rig.clock.sleep(24 * 3_600_000);
  await rig.run('refresh');

  expect([soon.status, soon.counts.restored, writes]).toEqual(['succeeded', 0, []]);
  expect(runsAt(rig.primary)).toBe(runs + 1);
  expect(mountedAt(rig.secondary).some((one) => one.startsWith('/mnt/sales2 '))).toBe(true);
});
