import type { Report } from '../../shared/domain/report';
import { fenceSource } from '../../shared/engine/fence';
import { reasonToWait } from '../../shared/engine/prober';
import { incidentOf } from '../../shared/engine/incident-keeper';
import { readLateAwake } from '../../shared/storage/late-awake';
import { readClaim, requestCancel } from '../../shared/storage/claims';
import { readAwake, readState } from '../../shared/storage/pair-state';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate, makeJob } from '../support/tiny-estate';

type Side = 'primary' | 'secondary';
type Job = { job_id: number; settings: { name: string; schedule?: { pause_status: string } } };

describe('a cutover that does not go smoothly', () => {
  let rig: Rig;
  /** Called before each activity. */
  let before: (name: string) => Promise<void>;
  beforeEach(async () => {
    before = () => Promise.resolve();
    rig = await makeRig({
      blobs: makeMemoryBlobs(),
      virtualTime: true,
      async around(name, run) {
        await before(name);
        return run();
      },
    });
    fillTinyEstate(rig.primary);
    await rig.run('refresh');
  }, 60_000);
  afterEach(() => rig.close());

  const stateNow = () => readState(rig.runtime.state, rig.pair.name, '');
  const requiring = () => ({ pair: { cutover: { ...rig.pair.cutover, fence: 'require' as const } } });
  function jobs(side: Side): Job[] {
    return (rig[side].call('GET', '/api/2.2/jobs/list?limit=100').json as { jobs: Job[] }).jobs;
  }
  function awake(side: Side): string[] {
    const isAwake = ({ settings }: Job): boolean => settings.schedule?.pause_status === 'UNPAUSED';
    return jobs(side)
      .filter(isAwake)
      .map(({ settings }) => settings.name)
      .sort();
  }
  /** The secondary takes over while the primary is dark, and then has a snapshot of its own. */
  async function failOverAndSync(): Promise<string> {
    rig.primary.setDark(true);
    const { runId } = await rig.run('failover');
    rig.primary.setDark(false);
    await rig.run('sync');
    return runId;
  }

  it('is given up when the fence is required and the source cannot be reached: the clock goes on, and nothing is sealed', async () => {
    rig.primary.setDark(true);
    const run = await rig.run('failover', requiring());
    rig.primary.setDark(false);

    expect(run.status).toBe('failed');
    expect(await stateNow()).toMatchObject({ active: 'primary', tenure: 1, cutover: 'none', fence: 'none' });
    expect(reasonToWait(await stateNow(), await incidentOf(rig.runtime, rig.pair.name))).toBeUndefined();
    expect(await readAwake(rig.runtime.state, rig.pair.name, 1)).toBeUndefined();

    makeJob(rig.primary, 'came later', 'UNPAUSED');
    await rig.run('refresh');
    expect(await rig.run('failover', requiring())).toMatchObject({ status: 'succeeded' });
    expect(awake('secondary')).toContain('came later');
  }, 60_000);

  it('says what it paused at the source when the fence is required and stops half-way', async () => {
    rig.primary.faults.add({ path: '/api/2.2/jobs/update', kind: 'status', status: 403, after: 1 });

    const run = await rig.run('failover', requiring());

    expect(run.status).toBe('failed');
    expect(run.reason).toMatch(/and [1-9] that were awake stay paused at the source$/);
    rig.primary.faults.clear();
    expect(await rig.run('failover', requiring())).toMatchObject({ status: 'succeeded' });
    expect([awake('primary'), awake('secondary')]).toEqual([[], ['hourly', 'nightly']]);
  }, 60_000);

  it('goes on when the source answers and refuses to be quieted', async () => {
    rig.primary.faults.add({ path: /jobs\/list/, kind: 'status', status: 403 });

    const run = await rig.run('failover');

    expect(run.status).toBe('succeeded');
    expect(await stateNow()).toMatchObject({ active: 'secondary', fence: 'pending', fenceRunId: run.runId });
  }, 60_000);

  it('reports what it asked of the source', async () => {
    const seen = rig.primary.requests.lastSeq();

    const { runId } = await rig.run('failover');

    const writes = rig.primary.requests.since(seen).filter(({ mutating }) => mutating);
    const { requests } = (await readReport(rig.runtime.state, runId)) as Report;
    expect(writes).not.toEqual([]);
    expect(requests.bySide.primary).toMatchObject({ writes: writes.length });
  }, 60_000);

  it('knows what came awake after the snapshot before it pauses the first of it', async () => {
    const late = makeJob(rig.primary, 'came later', 'UNPAUSED');
    rig.primary.faults.add({ path: '/api/2.2/jobs/update', kind: 'status', status: 403 });

    await rig.run('failover');

    const written = await readLateAwake(rig.runtime.state, rig.pair.name, 1);
    expect(written.map(({ key }) => key)).toEqual([`job/${late}`]);
    expect(awake('primary')).toContain('came later');
  }, 60_000);

  it('says how much stays asleep when not everything can be woken', async () => {
    rig.secondary.faults.add({ path: '/api/2.2/jobs/update', kind: 'status', status: 403 });

    const run = await rig.run('failover');

    expect(run).toMatchObject({ status: 'partiallyFailed', counts: { failed: 0 } });
    expect(run.reason).toMatch(/^[1-9]\d* that were awake stay asleep$/);
  }, 60_000);

  it('goes on waking for as long as the target refuses', async () => {
    let rounds = 0;
    before = (name) => {
      if (name === 'switchActive') rig.secondary.faults.add({ path: '/api/2.2/jobs/update', kind: 'status' });
      if (name === 'layWake' && (rounds += 1) === 3) rig.secondary.faults.clear();
      return Promise.resolve();
    };

    const run = await rig.run('failover');

    expect(rounds).toBe(3);
    expect(run).toMatchObject({ status: 'succeeded', counts: { failed: 0 } });
    expect(await stateNow()).toMatchObject({ active: 'secondary', cutover: 'none' });
    expect(awake('secondary')).toEqual(['hourly', 'nightly']);
  }, 60_000);

  it('goes on waking when what it works on does not answer for long after the switch', async () => {
    let tries = 0;
    before = (name) => {
      if (name !== 'layWake') return Promise.resolve();
      tries += 1;
      return tries <= 30 ? Promise.reject(new Error('the storage does not answer')) : Promise.resolve();
    };

    const run = await rig.run('failover');

    expect(run.status).toBe('succeeded');
    expect(awake('secondary')).toEqual(['hourly', 'nightly']);
  }, 60_000);

  it('never quiets the active side, whatever became of a later run', async () => {
    const first = await failOverAndSync();
    const active = awake('secondary');
    before = (name) => {
      if (name === 'fenceSource') rig.secondary.setDark(true);
      return Promise.resolve();
    };
    const second = await rig.run('failover', requiring());
    rig.secondary.setDark(false);

    expect(second.status).toBe('failed');
    expect(await stateNow()).toMatchObject({ active: 'secondary', fence: 'pending', fenceRunId: first });
    await expect(rig.contexts.openFence(second.runId)).rejects.toMatchObject({ code: 'DR_CLAIM_LOST' });
    expect(await fenceSource(await rig.contexts.openFence(first))).toMatchObject({ left: [] });
    expect(awake('primary')).toEqual([]);
    expect(awake('secondary')).toEqual(active);
    expect(active).toContain('hourly');
  }, 60_000);

  it('cannot be stopped half-way, also when somebody asked at the last moment', async () => {
    const answers: boolean[] = [];
    before = async (name) => {
      if (name !== 'wakeItem') return;
      const claim = await readClaim(rig.runtime.state, rig.pair.name);
      answers.push(await requestCancel(rig.runtime.state, rig.pair.name, claim?.runId ?? ''));
    };

    const run = await rig.run('failover');

    expect(new Set(answers)).toEqual(new Set([false]));
    expect(run.status).toBe('succeeded');
    expect(awake('secondary')).toContain('hourly');
  }, 60_000);
});
