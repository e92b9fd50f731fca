import type { Report } from '../../shared/domain/report';
import { readManifest } from '../../shared/storage/snapshots';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate } from '../support/tiny-estate';

const policies = '/api/2.0/policies/clusters/list';

describe('a kind that a workspace does not have', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    fillTinyEstate(rig.primary);
    makePolicy('small clusters');
  });
  afterEach(() => rig.close());

  function makePolicy(name: string): void {
    rig.primary.call('POST', '/api/2.0/policies/clusters/create', { name, definition: '{}' });
  }

  function answerListing(side: 'primary' | 'secondary', status: number, errorCode: string): void {
    rig[side].faults.add({ path: policies, kind: 'status', status, errorCode });
  }

  async function refresh(): Promise<Report> {
    const { runId } = await rig.run('refresh');
    return (await readReport(rig.runtime.state, runId)) as Report;
  }

  async function rowOf(kind: string, { run }: Report) {
    const manifest = await readManifest(rig.runtime, rig.pair.name, run.id);
    return manifest.rows.find((row) => row.kind === kind);
  }

  it.each([
    [403, 'FEATURE_DISABLED'],
    [404, 'ENDPOINT_NOT_FOUND'],
    [404, 'RESOURCE_DOES_NOT_EXIST'],
  ])(
    'is told when the source answers %i %s, and only what needs it is blocked',
    async (status, errorCode) => {
      answerListing('primary', status, errorCode);

      const report = await refresh();

      const troubles = report.outcomes.filter(({ outcome }) => outcome === 'blocked');
      expect(troubles).not.toEqual([]);
      for (const { reason } of troubles) expect(reason).toMatch(/^needs .*cluster-policy\//);
      expect(report.run.counts.restored).toBeGreaterThan(20);
      expect(report.warnings).toContain(
        `cluster-policy: not applicable: the primary does not have it (${status} ${errorCode})`,
      );
      expect(await rowOf('cluster-policy', report)).toMatchObject({
        count: 0,
        notApplicable: `${status} ${errorCode}`,
      });
    },
    60_000,
  );

  it('does not look deleted when the source had it before', async () => {
    const before = await rowOf('cluster-policy', await refresh());
    answerListing('primary', 403, 'FEATURE_DISABLED');

    const report = await refresh();

    expect(report.run.status).toBe('succeeded');
    expect(report.retire).toEqual([]);
    expect(await rowOf('cluster-policy', report)).toEqual({
      ...before,
      notApplicable: '403 FEATURE_DISABLED',
    });
    expect(report.warnings.join()).toContain(
      `${before?.count ?? 0} that it had are kept as they were last seen`,
    );
    rig.primary.faults.clear();
    expect(await rowOf('cluster-policy', await refresh())).toEqual(before);
  }, 60_000);

  it('is skipped with what is derived from it when the target does not have it', async () => {
    await refresh();
    makePolicy('large clusters');
    answerListing('secondary', 403, 'FEATURE_DISABLED');

    const report = await refresh();

    const reason = 'not applicable: the secondary has no cluster-policy (403 FEATURE_DISABLED)';
    const told = report.outcomes.filter(({ key }) => key.startsWith('cluster-policy/'));
    expect(report.run.status).toBe('succeeded');
    expect(told).not.toEqual([]);
    for (const outcome of told) expect(outcome).toMatchObject({ outcome: 'skipped', reason });
    expect(report.retire).toEqual([]);
    expect(report.warnings).toContain(
      'cluster-policy: not applicable: the secondary does not have it (403 FEATURE_DISABLED)',
    );
    rig.secondary.faults.clear();
    expect(await refresh()).toMatchObject({ run: { status: 'succeeded' }, retire: [] });
  }, 60_000);

  it('is a fault when it is one that every workspace has', async () => {
    rig.primary.faults.add({
      path: '/api/2.1/clusters/list',
      kind: 'status',
      status: 404,
      errorCode: 'NOT_FOUND',
    });

    const run = await rig.run('refresh').catch((error: unknown) => error);

    expect(run).toMatchObject({ status: 'failed' });
  }, 60_000);
});
