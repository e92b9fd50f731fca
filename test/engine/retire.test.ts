import type { Report } from '../../shared/domain/report';
import type { RunSummary } from '../../shared/domain/run';
import { listLinkPartitions } from '../../shared/storage/links';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig, type Wish } from '../support/rig';
import {
  admin,
  fillTinyEstate,
  home,
  importNotebook,
  makeJob,
  type TinyEstate,
} from '../support/tiny-estate';

const scim = '/api/2.0/preview/scim/v2';
const dayMs = 24 * 3600 * 1000;
/** So that tests need not wait for the month that is the default. */
const pair = { retireDays: 2 };

describe('what is gone at the source', () => {
  let rig: Rig;
  let estate: TinyEstate;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    estate = fillTinyEstate(rig.primary);
    call('primary', 'POST', '/api/2.0/workspace/mkdirs', { path: '/Project/old' });
    importNotebook(rig.primary, '/Project/old/one', 'select 1');
    importNotebook(rig.primary, '/Project/old/two', 'select 2');
    call('primary', 'POST', `${scim}/Users`, { userName: 'leaver@example.com' });
    await refresh();
  }, 60_000);
  afterAll(() => rig.close());

  type Side = 'primary' | 'secondary';

  function call(side: Side, method: string, path: string, body?: object): Record<string, unknown> {
    return (rig[side].call(method, path, body).json ?? {}) as Record<string, unknown>;
  }

  async function refresh(wish: Wish = {}): Promise<{ run: RunSummary; writes: string[]; report: Report }> {
    const seq = rig.secondary.requests.lastSeq();
    const run = await rig.run('refresh', { ...wish, pair: { ...pair, ...wish.pair } });
    const writes = rig.secondary.requests.mutatingSince(seq).map(({ method, path }) => `${method} ${path}`);
    return { run, writes, report: (await readReport(rig.runtime.state, run.runId)) as Report };
  }

  function pass(days: number): Promise<void> {
    return rig.clock.sleep(days * dayMs);
  }

  async function copyOf(kind: string, id: string | number): Promise<string> {
    for await (const { links } of listLinkPartitions(rig.runtime.state, rig.pair.name, kind)) {
      const link = links.find(({ primary }) => primary === String(id));
      if (link !== undefined) return link.secondary;
    }
    throw new Error(`${kind}/${id} is not linked`);
  }

  function userOf(side: Side, userName: string): Record<string, unknown> {
    const filter = encodeURIComponent(`userName eq "${userName}"`);
    const { Resources } = call(side, 'GET', `${scim}/Users?filter=${filter}`) as { Resources: object[] };
    return (Resources[0] ?? {}) as Record<string, unknown>;
  }

  function fateOf({ retire }: Report, key: string): string {
    const thing = retire.find((one) => one.key === key);
    return thing === undefined ? 'not told' : `${thing.fate}: ${thing.reason}`;
  }

  function pauseOf(job: string): unknown {
    const { settings } = call('secondary', 'GET', `/api/2.2/jobs/get?job_id=${job}`);
    return (settings as { schedule: { pause_status: string } }).schedule.pause_status;
  }

  function wakeByHand(job: string): void {
    const schedule = { quartz_cron_expression: '0 0 6 * * ?', timezone_id: 'UTC', pause_status: 'UNPAUSED' };
    const body = { job_id: Number(job), new_settings: { schedule } };
    call('secondary', 'POST', '/api/2.2/jobs/update', body);
  }

  it('is put asleep at once, and nothing more is done to it the next time', async () => {
    const job = makeJob(rig.primary, 'short-lived', 'UNPAUSED');
    await refresh();
    const copy = await copyOf('job', job);
    wakeByHand(copy);
    call('primary', 'POST', '/api/2.2/jobs/delete', { job_id: job });

    const { run, writes, report } = await refresh();

    expect(writes).toEqual(['POST /api/2.2/jobs/update']);
    expect(pauseOf(copy)).toBe('PAUSED');
    expect(fateOf(report, `job/${job}`)).toBe('waits: gone at the source: put asleep (schedule)');
    expect(run.counts.failed).toBe(0);
    expect((await refresh()).writes).toEqual([]);
  }, 60_000);

  it('is removed after the days that are given, and then forgotten', async () => {
    await pass(3);

    const { writes, report } = await refresh();

    expect(writes).toEqual(['POST /api/2.2/jobs/delete']);
    expect(report.retire.map(({ fate }) => fate)).toContain('removed');
    const after = await refresh();
    expect(after.writes).toEqual([]);
    expect(after.report.retire).toEqual([]);
  }, 60_000);

  it('stays when somebody changed it since it was written, and when it was there before us', async () => {
    const there = makeJob(rig.secondary, 'theirs', 'PAUSED', { as: admin });
    call('primary', 'POST', '/api/2.2/jobs/delete', { job_id: estate.resting });
    const group = call('secondary', 'POST', `${scim}/Groups`, { displayName: 'both' });
    const same = call('primary', 'POST', `${scim}/Groups`, { displayName: 'both' });
    await refresh();
    call('primary', 'DELETE', `${scim}/Groups/${String(same['id'])}`);
    const copy = await copyOf('job', estate.resting);
    const changed = { job_id: Number(copy), new_settings: { timeout_seconds: 77 } };
    call('secondary', 'POST', '/api/2.2/jobs/update', changed);
    await refresh();
    await pass(3);

    const { writes, report } = await refresh();

    expect(writes).toEqual([]);
    expect(fateOf(report, `job/${estate.resting}`)).toMatch(/^stays: .* somebody changed it in the target/);
    expect(fateOf(report, `group/${String(same['id'])}`)).toMatch(/^stays: .* had it before us/);
    expect(call('secondary', 'GET', `${scim}/Groups/${String(group['id'])}`)['displayName']).toBe('both');
    expect(call('secondary', 'GET', `/api/2.2/jobs/get?job_id=${there}`)['job_id']).toBe(there);
    expect(report.manualSteps.join()).toContain('Remove 2 assets');
  }, 60_000);

  it('goes from the deepest folder up, and a folder that holds what is not ours stays', async () => {
    call('primary', 'POST', '/api/2.0/workspace/delete', { path: '/Project/old', recursive: true });
    importNotebook(rig.secondary, '/Project/old/theirs', 'select 0');
    await refresh();
    await pass(3);

    const { writes, report } = await refresh();

    expect(writes).toEqual(['POST /api/2.0/workspace/delete', 'POST /api/2.0/workspace/delete']);
    expect(fateOf(report, 'directory//Project/old')).toContain('it is not empty');
    expect((await refresh()).writes).toEqual([]);
    call('secondary', 'POST', '/api/2.0/workspace/delete', { path: '/Project/old/theirs' });
    expect((await refresh()).writes).toEqual(['POST /api/2.0/workspace/delete']);
    expect((await refresh()).report.retire.filter(({ key }) => key.includes('/old'))).toEqual([]);
  }, 60_000);

  it('is an identity: it is disabled, never removed, and enabled when it comes back under another id', async () => {
    call('primary', 'DELETE', `${scim}/Users/${String(userOf('primary', 'leaver@example.com')['id'])}`);

    const { writes, report } = await refresh();

    const there = userOf('secondary', 'leaver@example.com');
    expect(there['active']).toBe(false);
    // What the home says of its owner travels too.
    expect(writes.filter((write) => write.includes(scim))).toEqual([
      `PATCH ${scim}/Users/${String(there['id'])}`,
    ]);
    expect(report.retire.map(({ reason }) => reason)).toContain(
      'gone at the source: taken out of use, and never removed',
    );
    await pass(3);
    expect((await refresh()).writes).toEqual([]);
    call('primary', 'POST', `${scim}/Users`, { userName: 'leaver@example.com' });
    const back = await refresh();
    expect(userOf('secondary', 'leaver@example.com')['active']).toBe(true);
    expect(back.writes).toContain(`PATCH ${scim}/Users/${String(there['id'])}`);
    expect((await refresh()).writes).toEqual([]);
  }, 60_000);

  it('counts from when it was last gone: what comes back is no longer retired', async () => {
    call('primary', 'POST', '/api/2.0/workspace/delete', { path: `${home}/etl/deep/R` });
    await refresh();
    await pass(1);
    importNotebook(rig.primary, `${home}/etl/deep/R`, 'select 3');
    await refresh();
    call('primary', 'POST', '/api/2.0/workspace/delete', { path: `${home}/etl/deep/R` });
    await refresh();
    await pass(1);

    const { writes, report } = await refresh();

    expect(writes).toEqual([]);
    expect(fateOf(report, `notebook/${home}/etl/deep/R`)).toMatch(/^waits: gone at the source since /);
  }, 60_000);
});
