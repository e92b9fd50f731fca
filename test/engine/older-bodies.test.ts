import type { Report } from '../../shared/domain/report';
import type { RunKind, RunSummary } from '../../shared/domain/run';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate, home, importNotebook } from '../support/tiny-estate';

const path = `${home}/etl/load`;
const text = 'select 1';

/** A body that the source does not give for a while, although it is the one that the last snapshot has. */
describe('a body that could not be exported', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    fillTinyEstate(rig.primary);
    importNotebook(rig.primary, path, text);
    await rig.run('refresh');
    await rig.clock.sleep(10_000);
    // Its version moves, its body does not.
    importNotebook(rig.primary, path, text);
  });
  afterAll(() => rig.close());

  async function runOf(kind: RunKind, dryRun = false): Promise<{ run: RunSummary; report: Report }> {
    const run = await rig.run(kind, { dryRun });
    return { run, report: (await readReport(rig.runtime.state, run.runId)) as Report };
  }

  it('has failed, and the older one stays', async () => {
    rig.primary.faults.add({ path: /workspace\/export.*load/, kind: 'status', status: 403 });

    const { run, report } = await runOf('refresh');

    expect(run).toMatchObject({ status: 'partiallyFailed', counts: { failed: 1 } });
    expect(report.outcomes).toContainEqual(
      expect.objectContaining({ key: `notebook/${path}`, outcome: 'failed' }),
    );
  });

  it('is named by a failover from that snapshot: what it brings is the older one', async () => {
    const { run, report } = await runOf('failover', true);

    const outcome = report.outcomes.find(({ key }) => key === `notebook/${path}`);
    expect(run.counts).toMatchObject({ failed: 0 });
    expect(outcome?.warnings?.join()).toContain('an older one');
  });

  it('is forgotten once it can be exported, also when it is still the same', async () => {
    rig.primary.faults.clear();

    const { run } = await runOf('refresh');
    const { run: next } = await runOf('refresh');

    expect([run.status, next.status]).toEqual(['succeeded', 'succeeded']);
  });
});
