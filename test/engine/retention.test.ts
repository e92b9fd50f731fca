import type { Report } from '../../shared/domain/report';
import type { RunSummary } from '../../shared/domain/run';
import type { BlobStore } from '../../shared/storage/blob-store';
import { readDamage } from '../../shared/storage/damage';
import { paths } from '../../shared/storage/layout';
import { readReport } from '../../shared/storage/runs';
import { readIndex, readLatest, readManifest } from '../../shared/storage/snapshots';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate, home, importNotebook } from '../support/tiny-estate';

const dayMs = 24 * 3600 * 1000;

describe('a retention run', () => {
  let rig: Rig;
  /** Throws in the place of an activity, once for each name that is in it. */
  const killed = new Set<string>();
  beforeAll(async () => {
    let now = (): number => 0;
    rig = await makeRig({
      blobs: makeMemoryBlobs(() => now()),
      virtualTime: true,
      freshProcesses: true,
      async around(name, run, input) {
        const { portion } = input as { portion?: { step: string } };
        const kill = portion !== undefined && killed.delete(portion.step);
        const answer = await run();
        if (kill) throw new Error(`the host was killed after ${name}`);
        return answer;
      },
    });
    now = rig.clock.now;
    fillTinyEstate(rig.primary);
  }, 60_000);
  afterAll(() => rig.close());

  async function retain(): Promise<{ run: RunSummary; report: Report }> {
    const run = await rig.run('retention');
    return { run, report: (await readReport(rig.runtime.state, run.runId)) as Report };
  }

  async function namesOf(store: BlobStore, prefix: string): Promise<string[]> {
    return (await Array.fromAsync(store.list(prefix))).map(({ path }) => path);
  }

  async function refreshAs(text: string): Promise<string> {
    importNotebook(rig.primary, `${home}/etl/load`, text);
    return (await rig.run('refresh')).runId;
  }

  async function packOf(key: string): Promise<string> {
    const { snapshots } = rig.runtime;
    const latest = await readLatest(rig.runtime, rig.pair.name);
    const { rows } = await readManifest(rig.runtime, rig.pair.name, latest?.id ?? '');
    for (const { indexShas } of rows) {
      const line = (await readIndex(snapshots, rig.pair.name, indexShas)).find((one) => one.key === key);
      if (line?.pack !== undefined) return paths.pack(rig.pair.name, line.pack);
    }
    throw new Error(`${key} has no body`);
  }

  async function restoreDry(): Promise<string[]> {
    const run = await rig.run('failover', { dryRun: true });
    const report = (await readReport(rig.runtime.state, run.runId)) as Report;
    return report.outcomes.filter(({ outcome }) => outcome === 'failed').map(({ key }) => key);
  }

  it('keeps what is young, though nothing refers to it', async () => {
    await refreshAs('select 1');
    await rig.runtime.snapshots.write(paths.pack(rig.pair.name, 'a'.repeat(64)), 'of an export under way');
    const before = await namesOf(rig.runtime.snapshots, '');

    const { run, report } = await retain();

    expect(run.status).toBe('succeeded');
    expect(await namesOf(rig.runtime.snapshots, '')).toEqual(before);
    expect(report.retention).toMatchObject({
      kept: { latest: 1 },
      removed: { snapshots: 0, packs: 0, indexes: 0, runs: 0 },
      damaged: [],
    });
    expect(report.retention?.verifiedIndexes).toBeGreaterThan(0);
  }, 60_000);

  it('removes old snapshots with what only they needed, and old books of runs; everything kept restores', async () => {
    await refreshAs('select 2');
    const failover = await rig.run('failover', { dryRun: true });
    await rig.clock.sleep(20 * dayMs);
    await refreshAs('select 3');
    const last = await refreshAs('select 4');
    // The last green run of each sort stays, however old: reports are compared with it.
    await rig.run('failover', { dryRun: true });
    await rig.clock.sleep(16 * dayMs);
    const latest = await refreshAs('select 5');
    killed.add('snapshots').add('packs').add('runs');

    const { run, report } = await retain();

    const left = await namesOf(rig.runtime.snapshots, paths.snapshots(rig.pair.name));
    const manifest = (id: string): string => paths.manifest(rig.pair.name, id);
    expect(left.sort()).toEqual([last, latest].map(manifest).sort());
    expect(run.status).toBe('succeeded');
    expect(report.retention?.kept).toEqual({ latest: 1, pinned: 0, recent: 0, daily: 1, monthly: 0 });
    expect(report.retention?.removed).toMatchObject({ snapshots: 3 });
    expect(report.retention?.removed.runs).toBeGreaterThan(2);
    expect(report.retention?.removed.packs).toBeGreaterThan(0);
    expect(report.verdict).toContain('2 snapshots kept, 3 removed');
    expect(await namesOf(rig.runtime.state, paths.run(failover.runId))).toEqual([]);
    expect(await namesOf(rig.runtime.state, paths.run(last))).not.toEqual([]);
    expect(await restoreDry()).toEqual([]);
    expect((await retain()).report.retention?.removed).toMatchObject({ snapshots: 0, packs: 0, indexes: 0 });
  }, 60_000);

  it('leaves to a run of higher precedence what it was about to remove', async () => {
    const runId = await rig.start('retention');
    const sync = await rig.start('sync');

    const run = await rig.drive('retention', runId);

    expect(run.status).toBe('cancelled');
    expect((await rig.drive('sync', sync)).status).toBe('succeeded');
  }, 60_000);

  describe('finds damage within a week', () => {
    const key = `notebook/${home}/etl/load`;

    it('and tells it in its report', async () => {
      await rig.clock.sleep(dayMs);
      const path = await packOf(key);
      await rig.runtime.snapshots.write(path, 'what is this');

      const damaged: number[] = [];
      for (let day = 0; day < 7; day += 1) {
        await rig.clock.sleep(dayMs);
        const { run, report } = await retain();
        damaged.push(report.retention?.damaged.length ?? 0);
        if (damaged.at(-1) !== 1) continue;
        expect(run).toMatchObject({
          status: 'partiallyFailed',
          reason: '1 stored blobs are damaged or missing',
        });
        expect(report.verdict).toContain('1 stored blob is damaged');
      }

      expect(damaged.at(-1)).toBe(1);
      expect(await readDamage(rig.runtime.state, rig.pair.name)).toMatchObject([
        { what: 'pack', fault: 'damaged', name: path.slice(-69, -5) },
      ]);
    }, 60_000);

    it('and the next refresh stores anew what was in it', async () => {
      await rig.run('refresh');

      await rig.clock.sleep(6 * dayMs);
      await retain();
      await retain();
      expect(await restoreDry()).toEqual([]);
      const blob = await rig.runtime.snapshots.read(await packOf(key));
      expect(blob?.bytes.toString()).not.toBe('what is this');
    }, 60_000);

    it('and removes no pack while a kept index cannot be read', async () => {
      const latest = await readLatest(rig.runtime, rig.pair.name);
      const { rows } = await readManifest(rig.runtime, rig.pair.name, latest?.id ?? '');
      const sha = rows.find(({ kind }) => kind === 'instance-pool')?.indexShas[0] ?? '';
      await rig.runtime.snapshots.delete(paths.index(rig.pair.name, sha));

      const { report } = await retain();

      expect(report.retention?.packsKept).toContain('cannot be read');
      expect(report.retention?.damaged).toMatchObject([{ what: 'index', name: sha, fault: 'missing' }]);
      await rig.run('refresh');
      expect(await restoreDry()).toEqual([]);
    }, 60_000);
  });
});
