import type { Report } from '../../shared/domain/report';
import type { RunSummary } from '../../shared/domain/run';
import { paths } from '../../shared/storage/layout';
import { readReport } from '../../shared/storage/runs';
import { readIndex, readLatest, readManifest } from '../../shared/storage/snapshots';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import {
  fillTinyEstate,
  home,
  importNotebook,
  type TinyEstate,
  withoutSecrets,
} from '../support/tiny-estate';

/** A snapshot of the tiny estate whose blobs somebody damages before it is needed. */
describe('a failover from a damaged snapshot', () => {
  let rig: Rig;
  let estate: TinyEstate;
  afterEach(() => rig.close());

  async function takeSnapshot(): Promise<void> {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    estate = fillTinyEstate(rig.primary);
    withoutSecrets(rig.primary);
    await rig.run('sync');
  }

  async function manifest() {
    const latest = await readLatest(rig.runtime, rig.pair.name);
    return readManifest(rig.runtime, rig.pair.name, latest?.id ?? '');
  }

  async function flip(path: string, offset: number): Promise<void> {
    const blob = await rig.runtime.snapshots.read(path);
    if (blob === undefined) throw new Error(`${path} is not there`);
    blob.bytes.writeUInt8(blob.bytes.readUInt8(offset) ^ 0xff, offset);
    await rig.runtime.snapshots.write(path, blob.bytes);
  }

  async function damageBody(key: string): Promise<void> {
    for (const { indexShas } of (await manifest()).rows) {
      const lines = await readIndex(rig.runtime.snapshots, rig.pair.name, indexShas);
      const line = lines.find((one) => one.key === key);
      if (line === undefined) continue;
      const { pack = '', offset = 0, length = 0 } = line;
      await flip(paths.pack(rig.pair.name, pack), offset + Math.floor(length / 2));
    }
  }

  async function damageIndex(kind: string): Promise<void> {
    const row = (await manifest()).rows.find((one) => one.kind === kind);
    await flip(paths.index(rig.pair.name, row?.indexShas[0] ?? ''), 20);
  }

  async function failOver(): Promise<{ run: RunSummary; report: Report; troubles: Map<string, string> }> {
    const run = await rig.run('failover');
    const report = (await readReport(rig.runtime.state, run.runId)) as Report;
    const bad = report.outcomes.filter(({ outcome }) => ['conflict', 'blocked', 'failed'].includes(outcome));
    return { run, report, troubles: new Map(bad.map((one) => [one.key, `${one.outcome}: ${one.reason}`])) };
  }

  it('loses the one asset whose body is damaged, and what is a part of it', async () => {
    await takeSnapshot();
    const key = `notebook/${home}/etl/deep/R`;
    await damageBody(key);

    const { run, troubles } = await failOver();

    expect([...troubles.keys()].sort()).toEqual([key, `permission/notebook:${home}/etl/deep/R`]);
    expect(troubles.get(key)).toMatch(/^failed: DR_BODY_CORRUPT: /);
    expect(run).toMatchObject({ status: 'partiallyFailed', counts: { failed: 1, blocked: 1 } });
    expect(run.rtoSeconds).toBeGreaterThan(0);
  }, 60_000);

  it('offers the older body of an asset, and does not take it unasked', async () => {
    await takeSnapshot();
    const older = (await manifest()).id;
    const path = `${home}/etl/load`;
    importNotebook(rig.primary, path, 'select 2');
    await rig.clock.sleep(60_000);
    await rig.run('sync');
    await damageBody(`notebook/${path}`);

    const { troubles } = await failOver();

    const reason = troubles.get(`notebook/${path}`);
    expect(reason).toMatch(/^failed: DR_BODY_CORRUPT: /);
    expect(reason).toContain(`an older snapshot may have it: ${older}, sealed `);
    const status = `/api/2.0/workspace/get-status?path=${encodeURIComponent(path)}`;
    expect(() => rig.secondary.call('GET', status)).toThrow("doesn't exist");
  }, 60_000);

  it('loses the assets of the one index that is damaged, and says of each other what it needs of them', async () => {
    await takeSnapshot();
    await damageIndex('instance-pool');

    const { run, report, troubles } = await failOver();

    const [lost] = [...troubles.keys()].filter((key) => key.startsWith('instance-pool/'));
    expect(troubles.get(lost ?? '')).toMatch(/^failed: DR_BODY_CORRUPT: /);
    expect(troubles.get(`cluster/${estate.sharedCluster}`)).toContain(
      `blocked: needs cluster-policy/${estate.policy}, which needs instance-pool/${estate.pool}: `,
    );
    expect(troubles.get(`job/${estate.nightly}`)).toMatch(/^blocked: needs /);
    expect(run).toMatchObject({ status: 'partiallyFailed', counts: { failed: 1 } });
    const woken = report.wake.woken.map(({ key }) => key);
    expect(woken.filter((key) => key.startsWith('job/'))).toEqual([`job/${estate.hourly}`]);
  }, 60_000);

  it('ends with a report when the manifest is damaged, and the next refresh makes a good one', async () => {
    await takeSnapshot();
    const { id } = await manifest();
    await flip(paths.manifest(rig.pair.name, id), 100);

    const { run } = await failOver();
    const refreshed = await rig.run('refresh');

    expect(run).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('DR_BODY_CORRUPT') as string,
    });
    expect(refreshed.status).toBe('succeeded');
  }, 60_000);
});
