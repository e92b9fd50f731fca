import { DrError } from '../../shared/domain/errors';
import type { BlobStores } from '../../shared/storage/blob-store';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig } from '../support/rig';
import { fillTinyEstate } from '../support/tiny-estate';

/** Blobs of which the first reads of some work items' results fail. */
function makeWeakBlobs(): { blobs: BlobStores; failed: () => number } {
  const blobs = makeMemoryBlobs();
  const failedPaths = new Set<string>();
  const read: BlobStores['state']['read'] = async (path, options) => {
    if (/\/restoring\/.*[0369]\.json$/.test(path) && !failedPaths.has(path)) {
      failedPaths.add(path);
      throw new DrError('DR_BLOB_UNAVAILABLE', `cannot read ${path}`);
    }
    return blobs.state.read(path, options);
  };
  return { blobs: { ...blobs, state: { ...blobs.state, read } }, failed: () => failedPaths.size };
}

it('does no work item beside itself when another one of its fan-out fails', async () => {
  const { blobs, failed } = makeWeakBlobs();
  const underWay = new Set<string>();
  const twice: string[] = [];
  const rig = await makeRig({
    blobs,
    virtualTime: true,
    async around(name, run, input) {
      const work = `${name} ${JSON.stringify(input)}`;
      if (underWay.has(work)) twice.push(work);
      underWay.add(work);
      try {
        return await run();
      } finally {
        underWay.delete(work);
      }
    },
  });
  fillTinyEstate(rig.primary);

  const run = await rig.run('refresh');
  await rig.close();

  expect(failed()).toBeGreaterThan(3);
  expect(run).toMatchObject({ status: 'succeeded', counts: { failed: 0 } });
  expect(twice).toEqual([]);
}, 60_000);
