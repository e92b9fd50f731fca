import type { Report } from '../../shared/domain/report';
import { paths } from '../../shared/storage/layout';
import { readReport } from '../../shared/storage/runs';
import { makeRig, type Rig } from '../support/rig';
import { poster } from '../support/adapter-estate';

describe('a retention run on the real blob store', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await makeRig();
    makeGroup('one');
    await rig.run('sync');
  }, 60_000);
  afterAll(() => rig.close());

  function makeGroup(displayName: string): void {
    poster(rig.primary)('/api/2.0/preview/scim/v2/Groups', { displayName });
  }

  it('removes what is old and not needed, and nothing that was written since', async () => {
    await rig.clock.sleep(40 * 24 * 3600 * 1000);
    makeGroup('two');
    const { runId } = await rig.run('sync');

    const run = await rig.run('retention');

    const report = (await readReport(rig.runtime.state, run.runId)) as Report;
    expect(report.retention).toMatchObject({
      kept: { latest: 1, monthly: 1 },
      removed: { snapshots: 0, runs: 1 },
      damaged: [],
    });
    expect(
      await Array.fromAsync(rig.runtime.snapshots.listFolders(paths.snapshots(rig.pair.name))),
    ).toContain(runId);
    await rig.clock.sleep(400 * 24 * 3600 * 1000);
    const later = await rig.run('retention');
    const last = (await readReport(rig.runtime.state, later.runId)) as Report;
    expect(last.retention?.kept).toMatchObject({ latest: 1, monthly: 0 });
    expect(last.retention?.removed).toMatchObject({ snapshots: 1 });
    expect(last.retention?.removed.indexes).toBeGreaterThan(0);
    expect(last.retention?.damaged).toEqual([]);
    expect((await rig.run('failover', { dryRun: true })).counts.failed).toBe(0);
  }, 60_000);
});
