import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate } from '../support/tiny-estate';

describe('what is deleted at the source while a sync runs', () => {
  let rig: Rig;
  let before: (name: string) => void;
  beforeEach(async () => {
    before = () => undefined;
    rig = await makeRig({
      blobs: makeMemoryBlobs(),
      virtualTime: true,
      around(name, run) {
        before(name);
        return run();
      },
    });
    fillTinyEstate(rig.primary);
    await rig.run('refresh');
  });
  afterEach(() => rig.close());

  it('costs nothing but itself when it is a folder that is being walked', async () => {
    // Listed by its parent, and gone when its turn comes.
    rig.primary.faults.add({
      path: /workspace\/list\?path=.*etl$/,
      kind: 'status',
      status: 404,
      errorCode: 'RESOURCE_DOES_NOT_EXIST',
      times: 1,
    });

    expect(await rig.run('refresh')).toMatchObject({
      status: 'succeeded',
      counts: { restored: 0, failed: 0 },
    });
  });

  it('costs nothing but itself when it is a whole root folder', async () => {
    before = (name) => {
      if (name !== 'exportListing') return;
      before = () => undefined;
      rig.primary.call('POST', '/api/2.0/workspace/delete', { path: '/Project', recursive: true });
    };

    const run = await rig.run('refresh');

    const { retire } = (await readReport(rig.runtime.state, run.runId)) as Report;
    expect(run).toMatchObject({ status: 'succeeded', counts: { failed: 0 } });
    expect(retire.map(({ key }) => key)).toContain('directory//Project');
  });
});
