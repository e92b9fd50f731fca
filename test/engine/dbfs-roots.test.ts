import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';

const dayMs = 24 * 3600 * 1000;
const file = '/FileStore/jars/a.jar';

describe('a file on DBFS below a root that is configured no more', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    const put = (path: string): unknown =>
      rig.primary.call('POST', '/api/2.0/dbfs/put', { path, contents: 'YQ==' });
    put(file);
    put('/FileStore/data/b.csv');
  });
  afterEach(() => rig.close());

  async function refresh(...roots: readonly string[]): Promise<Report> {
    const { runId } = await rig.run('refresh', { pair: { dbfs: { ...rig.pair.dbfs, roots: [...roots] } } });
    return (await readReport(rig.runtime.state, runId)) as Report;
  }

  function isInStandby(): boolean {
    const { json } = rig.secondary.call('GET', '/api/2.0/dbfs/list?path=/FileStore/jars');
    return ((json as { files?: { path: string }[] }).files ?? []).some(({ path }) => path === file);
  }

  it.each([
    ['because others are', ['/FileStore/data']],
    ['because the folder around it is', ['/FileStore']],
  ])('%s, is not taken for gone at the source, and stays', async (_why, roots) => {
    await refresh('/FileStore/jars', '/FileStore/data');

    const { retire } = await refresh(...roots);
    await rig.clock.sleep((rig.pair.retireDays + 1) * dayMs);
    await refresh(...roots);

    expect(retire).toEqual([]);
    expect(isInStandby()).toBe(true);
  });
});
