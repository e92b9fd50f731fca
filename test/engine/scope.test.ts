import type { Report } from '../../shared/domain/report';
import { listLinkPartitions } from '../../shared/storage/links';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig, type Wish } from '../support/rig';
import { admin, fillTinyEstate, grant, home, makeJob, type TinyEstate } from '../support/tiny-estate';

describe('a scope', () => {
  let rig: Rig;
  let estate: TinyEstate;
  beforeEach(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    estate = fillTinyEstate(rig.primary);
  }, 60_000);
  afterEach(() => rig.close());

  function tagged(name: string, tags: Readonly<Record<string, string>>, more: object = {}): number {
    const body = { as: admin, tags, ...more };
    return makeJob(rig.primary, name, 'UNPAUSED', body);
  }

  async function run(kind: 'refresh' | 'failover', wish: Wish) {
    const summary = await rig.run(kind, wish);
    const report = (await readReport(rig.runtime.state, summary.runId)) as Report;
    const of = (verb: string) => report.outcomes.filter(({ outcome }) => outcome === verb);
    const left = new Map(
      of('skipped').flatMap(({ key, reason }) => (reason.startsWith('out of scope') ? [[key, reason]] : [])),
    );
    return { summary, report, left, restored: of('restored').map(({ key }) => key as string) };
  }

  function jobNames(): string[] {
    const answer = rig.secondary.call('GET', '/api/2.2/jobs/list?limit=100').json as {
      jobs?: { settings: { name: string } }[];
    };
    return (answer.jobs ?? []).map(({ settings }) => settings.name).sort();
  }

  async function linked(kind: string): Promise<string[]> {
    const parts = await Array.fromAsync(listLinkPartitions(rig.runtime.state, rig.pair.name, kind));
    return parts.flatMap(({ links }) => links.map(({ primary }) => primary));
  }

  it('of one job brings the job and everything that it needs, and counts all the rest', async () => {
    grant(rig.primary, 'jobs', String(estate.nightly), 'analysts', 'CAN_VIEW');

    const { summary, report, left, restored } = await run('refresh', {
      scope: { jobs: [String(estate.nightly)] },
    });

    expect(summary.status).toBe('succeeded');
    expect(jobNames()).toEqual(['child', 'nightly']);
    expect(restored).toEqual(
      expect.arrayContaining([
        `job/${estate.nightly}`,
        `permission/job:${estate.nightly}`,
        `cluster/${estate.sharedCluster}`,
        `cluster-policy/${estate.policy}`,
        `instance-pool/${estate.pool}`,
        `permission/cluster:${estate.sharedCluster}`,
        `permission/instance-pool:${estate.pool}`,
      ]),
    );
    expect(restored.filter((key) => key.startsWith('group/'))).not.toEqual([]);
    expect(left.get(`job/${estate.hourly}`)).toBe(`out of scope (no part of job ${estate.nightly})`);
    expect(left.has(`cluster/${estate.ownCluster}`)).toBe(true);
    expect(left.has(`permission/cluster:${estate.ownCluster}`)).toBe(true);
    const { total, ...counts } = report.run.counts;
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(counts.skipped).toBeGreaterThanOrEqual(left.size);
    expect(report.readiness.tiers.reduce((sum, { runnable }) => sum + runnable, 0)).toBe(2);
    expect(report.manualSteps.join(' ')).not.toContain('out of scope');
  }, 60_000);

  it('of tiers takes tiers of two digits, by the tag, with notebooks, folders and homes of their tasks', async () => {
    const late = tagged('late', { 'dr-tier': '12' });
    tagged('early', { 'dr-tier': '1' });

    const { restored, left } = await run('refresh', { scope: { tiers: [12] } });

    expect(jobNames()).toEqual(['late']);
    const notebook = `notebook/${home}/etl/load`;
    expect(restored).toEqual(
      expect.arrayContaining([
        `job/${late}`,
        notebook,
        `directory/${home}/etl`,
        `permission/${notebook.replace('/', ':')}`,
      ]),
    );
    expect(left.has(`job/${estate.nightly}`)).toBe(true);
  }, 60_000);

  it('of a pair leaves excluded jobs out of the snapshot, with their permissions, by tag and by id', async () => {
    const off = tagged('off', { dr: 'off' });
    const pair = { scope: { exclude: ['job:tag:dr=off', `job/${estate.hourly}`] } };

    const first = await run('refresh', { pair });
    const seq = rig.secondary.requests.lastSeq();
    const second = await run('refresh', { pair });

    expect(first.summary.status).toBe('succeeded');
    expect(jobNames()).toEqual(['child', 'nightly', 'resting']);
    for (const { left } of [first, second]) {
      expect(left.get(`job/${off}`)).toBe('out of scope (pattern job:tag:dr=off)');
      expect(left.get(`permission/job:${off}`)).toBe('out of scope (pattern job:tag:dr=off)');
      expect(left.get(`permission/job:${estate.hourly}`)).toBe(`out of scope (pattern job/${estate.hourly})`);
    }
    expect(rig.secondary.requests.mutatingSince(seq)).toEqual([]);
  }, 60_000);

  it('that something leaves takes nothing away at the target, and lets it in again later', async () => {
    await run('refresh', {});
    const links = await linked('job');

    const { report, left } = await run('refresh', { pair: { scope: { exclude: [`job/${estate.hourly}`] } } });

    expect(left.has(`job/${estate.hourly}`)).toBe(true);
    expect(report.retire).toEqual([]);
    expect(jobNames()).toContain('hourly');
    expect((await linked('job')).sort()).toEqual([...links].sort());
    const seq = rig.secondary.requests.lastSeq();
    const again = await run('refresh', {});
    expect(again.summary.counts).toMatchObject({ restored: 0, blocked: 0, conflict: 0 });
    expect(rig.secondary.requests.mutatingSince(seq)).toEqual([]);
  }, 60_000);

  it('that excludes what a job needs blocks the job and says by which pattern', async () => {
    const scope = { jobs: ['nightly'], exclude: [`cluster:${estate.sharedCluster}`] };

    const { report } = await run('refresh', { scope });

    const job = report.outcomes.find(({ key }) => key === `job/${estate.nightly}`);
    expect(job?.outcome).toBe('blocked');
    expect(job?.reason).toBe(
      `needs cluster/${estate.sharedCluster}: skip: out of scope (pattern cluster:${estate.sharedCluster})`,
    );
    const state = { state: 'notRunnable' };
    expect(report.readiness.jobs).toContainEqual(
      expect.objectContaining({ key: `job/${estate.nightly}`, ...state }),
    );
  }, 60_000);

  it('of a failover wakes only the jobs in it, and says what stays asleep', async () => {
    await run('refresh', {});

    const { summary, report } = await run('failover', { scope: { jobs: ['nightly'] } });

    expect(summary.status).toBe('succeeded');
    expect(report.wake.woken.map(({ name }) => name)).toContain('nightly');
    expect(report.wake.woken.map(({ name }) => name)).not.toContain('hourly');
    expect(report.wake.asleep).toContainEqual(
      expect.objectContaining({
        name: 'hourly',
        reason: 'stays asleep: out of scope (no part of job nightly)',
      }),
    );
    expect(report.manualSteps.join(' ')).toMatch(/wake .*outside of the scope/i);
    expect(report.scope).toMatchObject({ asked: { jobs: ['nightly'] } });
    expect(report.scope?.left).toBeGreaterThan(0);
  }, 60_000);

  it('of a pair that names only some takes them with what they need', async () => {
    const own = tagged('own', { team: 'x' });

    const { restored, left } = await run('refresh', {
      pair: { scope: { include: ['job:tag:team=*'], exclude: [] } },
    });

    expect(jobNames()).toEqual(['own']);
    expect(restored).toContain(`job/${own}`);
    expect(left.get(`job/${estate.nightly}`)).toBe('out of scope (no part of what matches job:tag:team=*)');
  }, 60_000);
});
