import { base64 } from '../support/emulated-workspace';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate } from '../support/tiny-estate';

const scripts = '/api/2.0/global-init-scripts';

describe('a fence', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    fillTinyEstate(rig.primary);
    rig.primary.call('POST', scripts, { name: 'proxy', script: base64('echo 1'), enabled: true });
  });
  afterAll(() => rig.close());

  it('disables init scripts after it has paused what starts clusters: none of them may start without', async () => {
    await rig.run('refresh');
    const seq = rig.primary.requests.lastSeq();

    await rig.run('failover');

    const paths = rig.primary.requests.mutatingSince(seq).map(({ path }) => path);
    const isScript = paths.map((path) => path.startsWith(scripts));
    expect(isScript.indexOf(true)).toBeGreaterThan(isScript.lastIndexOf(false));
    expect(paths.filter((path) => path.includes('/jobs/'))).not.toEqual([]);
  });
});
