import type { RunSummary } from '../../shared/domain/run';
import { readClaim, requestCancel } from '../../shared/storage/claims';
import { readState } from '../../shared/storage/pair-state';
import { readEntered } from '../../shared/engine/timeline';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig, type RigOptions } from '../support/rig';
import { fillTinyEstate, home, importNotebook, withoutSecrets } from '../support/tiny-estate';
import { asleep, dumpWorkspace } from '../../local/workspace/dump';

/** Two runs that want one pair, and runs that are asked to stop. */
describe('a run that does not get to its end', () => {
  let rig: Rig;
  /** Called before each activity, with its name and how often it was called before. */
  let before: (name: string, count: number) => Promise<void>;
  afterEach(() => rig.close());

  async function openRig(options: RigOptions = {}): Promise<void> {
    const counts = new Map<string, number>();
    before = () => Promise.resolve();
    rig = await makeRig({
      blobs: makeMemoryBlobs(),
      virtualTime: true,
      ...options,
      async around(activity, run) {
        const count = counts.get(activity) ?? 0;
        counts.set(activity, count + 1);
        await before(activity, count);
        return run();
      },
    });
    fillTinyEstate(rig.primary);
    withoutSecrets(rig.primary);
  }

  /** Does something once, right before the nth call of an activity. */
  function at(activity: string, nth: number, act: () => Promise<void>): void {
    before = async (name, count) => {
      if (name === activity && count === nth) await act();
    };
  }

  const stateNow = () => readState(rig.runtime.state, rig.pair.name, '');
  const claimNow = () => readClaim(rig.runtime.state, rig.pair.name);
  const cancelRun = async (): Promise<void> => {
    await requestCancel(rig.runtime.state, rig.pair.name, (await claimNow())?.runId ?? '');
  };
  const hasReport = async ({ runId }: RunSummary) =>
    (await readReport(rig.runtime.state, runId)) !== undefined;

  it.each([
    ['the restore', 'restoreItem', 6],
    ['the verification', 'verifyItem', 3],
    ['the planning', 'planUnit', 4],
  ])(
    'gives way to a failover in the middle of %s, and writes nothing after it',
    async (_name, activity, nth) => {
      await openRig();
      await rig.run('sync');
      let seq = -1;
      let failover = '';
      at(activity, nth, async () => {
        failover = await rig.start('failover');
        seq = rig.secondary.requests.lastSeq();
      });

      const refreshed = await rig.run('refresh');
      const writes = rig.secondary.requests.mutatingSince(seq);
      before = () => Promise.resolve();
      const failedOver = await rig.drive('failover', failover);

      expect(refreshed.status).toBe('cancelled');
      expect(await hasReport(refreshed)).toBe(true);
      expect(writes).toEqual([]);
      expect(failedOver.status).toBe('succeeded');
      expect(await stateNow()).toMatchObject({ active: 'secondary', cutover: 'none' });
      expect(await claimNow()).toMatchObject({ runId: failover, released: true });
      const jobs = (side: 'primary' | 'secondary') => (dumpWorkspace(rig[side])['jobs'] as unknown[]).length;
      expect(jobs('secondary')).toBe(jobs('primary'));
    },
    60_000,
  );

  it('leaves the links alone once a failover has the pair, also in the middle of sealing them', async () => {
    const blobs = makeMemoryBlobs();
    let written = 0;
    let failover: string | undefined;
    const state: typeof blobs.state = {
      ...blobs.state,
      async write(path, bytes, options) {
        const isSealed = path.includes('/links/') && (await currentPhase()) === 'verifying';
        if (isSealed && failover === undefined) failover = await rig.start('failover');
        else if (isSealed) written += 1;
        return blobs.state.write(path, bytes, options);
      },
    };
    await openRig({ blobs: { ...blobs, state } });
    const currentPhase = async () => {
      const claim = await claimNow();
      const entered = claim && (await readEntered(rig.runtime, claim.runId));
      return entered?.verifying === undefined ? undefined : 'verifying';
    };

    const refreshed = await rig.run('refresh');

    expect(failover).toBeDefined();
    expect(refreshed.status).toBe('cancelled');
    expect(written).toBe(0);
  }, 60_000);

  it('is cancelled when somebody asks for it: nothing is switched, and the pair is free', async () => {
    await openRig();
    await rig.run('sync');
    at('restoreItem', 6, cancelRun);

    const run = await rig.run('failover');

    expect(run.status).toBe('cancelled');
    expect(await hasReport(run)).toBe(true);
    expect(await stateNow()).toMatchObject({ active: 'primary', tenure: 1 });
    expect(await claimNow()).toMatchObject({ released: true });
    expect(JSON.stringify(dumpWorkspace(rig.secondary))).not.toContain('"UNPAUSED"');
    before = () => Promise.resolve();
    expect(await rig.run('failover')).toMatchObject({ status: 'succeeded' });
  }, 60_000);

  it('knows for its own what it restored before it was cancelled, also when the source changes meanwhile', async () => {
    await openRig();
    const imported = () =>
      rig.secondary.requests.since(0).some(({ path }) => path.endsWith('/workspace/import'));
    before = async (name) => {
      if (name === 'sealWave' && imported()) await cancelRun();
    };
    const cancelled = await rig.run('refresh');
    importNotebook(rig.primary, `${home}/etl/load`, 'select 42');
    before = () => Promise.resolve();

    const refreshed = await rig.run('refresh');

    expect(cancelled.status).toBe('cancelled');
    expect(refreshed).toMatchObject({ status: 'succeeded', counts: { conflict: 0 } });
    expect(asleep(dumpWorkspace(rig.secondary))).toEqual(asleep(dumpWorkspace(rig.primary)));
  }, 60_000);

  it('leaves everything restored, asleep and unswitched when the cutover is rejected', async () => {
    await openRig({
      pair: { approval: { required: true } },
      decisions: () => Promise.resolve({ verb: 'reject', who: 'ada', why: 'not now' }),
    });
    await rig.run('sync');

    const run = await rig.run('failover');

    expect(run).toMatchObject({ status: 'cancelled', counts: { failed: 0 } });
    expect(run.reason).toContain('rejected by ada: not now');
    expect(run.counts.restored).toBeGreaterThan(20);
    expect(await stateNow()).toMatchObject({ active: 'primary', tenure: 1 });
    expect(await claimNow()).toMatchObject({ released: true });
    expect(JSON.stringify(dumpWorkspace(rig.secondary))).not.toMatch(/"UNPAUSED"|min_idle_instances/);
    expect(JSON.stringify(dumpWorkspace(rig.primary))).toContain('"UNPAUSED"');
  }, 60_000);
});
