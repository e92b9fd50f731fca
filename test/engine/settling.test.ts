import { readReport } from '../../shared/storage/runs';
import type { Report } from '../../shared/domain/report';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate, type TinyEstate } from '../support/tiny-estate';
import { dumpWorkspace } from '../../local/workspace/dump';

/** Only a cluster that has stopped changes its owner: here no time goes by while the app works. */
describe('a cluster that stops slowly', () => {
  let rig: Rig;
  let estate: TinyEstate;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true, activityMs: 0 });
    estate = fillTinyEstate(rig.primary);
  }, 60_000);
  afterAll(() => rig.close());

  async function refresh(): Promise<{ writes: string[]; status: string; warnings: readonly string[] }> {
    const seq = rig.secondary.requests.lastSeq();
    const { runId, status } = await rig.run('refresh');
    const writes = rig.secondary.requests.mutatingSince(seq).map(({ method, path }) => `${method} ${path}`);
    const { outcomes } = (await readReport(rig.runtime.state, runId)) as Report;
    const ofClusters = outcomes.filter(({ key }) => key.startsWith('cluster/'));
    return { writes, status, warnings: ofClusters.flatMap(({ warnings }) => warnings ?? []) };
  }

  const owners = (): string => JSON.stringify(dumpWorkspace(rig.secondary)['clusters']);

  it('is restored with a word about its owner', async () => {
    const { status, warnings } = await refresh();

    expect(status).toBe('succeeded');
    expect(warnings).toEqual(['the owner is not alice@example.com yet: the cluster has to stop first']);
    expect(owners()).not.toContain('"creator_user_name":"alice@example.com"');
  }, 60_000);

  it('gets its owner from the next refresh, and nothing else', async () => {
    await rig.clock.sleep(60_000);

    const { writes, warnings } = await refresh();

    expect(writes).toEqual(['POST /api/2.1/clusters/change-owner']);
    expect(warnings).toEqual([]);
    expect(owners()).toContain('"creator_user_name":"alice@example.com"');
    expect((await refresh()).writes).toEqual([]);
  }, 60_000);

  it('gets another owner when the source gives it one', async () => {
    rig.primary.tick();
    rig.primary.call('POST', '/api/2.1/clusters/delete', { cluster_id: estate.ownCluster });
    await rig.clock.sleep(60_000);
    rig.primary.tick();
    const change = { cluster_id: estate.ownCluster, owner_username: 'bob@example.com' };
    rig.primary.call('POST', '/api/2.1/clusters/change-owner', change);

    const { writes, status } = await refresh();

    expect(writes).toEqual(['POST /api/2.1/clusters/change-owner']);
    expect(status).toBe('succeeded');
    expect(owners()).toContain('"creator_user_name":"bob@example.com"');
  }, 60_000);
});
