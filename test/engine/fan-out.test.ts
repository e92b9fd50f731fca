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

// A task that fails ends the wait for all of a fan-out: the next pass would do the work of its neighbours beside them.
it('has no task that fails when its blobs are out of reach for a moment', async () => {
  const { blobs, failed } = makeWeakBlobs();
  const thrown: string[] = [];
  const rig = await makeRig({
    blobs,
    virtualTime: true,
    around: (name, run) =>
      run().catch((error: unknown) => {
        thrown.push(name);
        throw error;
      }),
  });
  fillTinyEstate(rig.primary);

  const run = await rig.run('refresh');
  await rig.close();

  expect(failed()).toBeGreaterThan(3);
  expect(run).toMatchObject({ status: 'succeeded', counts: { failed: 0 } });
  expect(thrown).not.toContain('restoreItem');
}, 60_000);
