import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig, type Wish } from '../support/rig';
import { admin, fillTinyEstate, makeJob, type TinyEstate } from '../support/tiny-estate';

/** What reports say in the light of earlier ones, and of what is known not to work. */
describe('a report', () => {
  let rig: Rig;
  let estate: TinyEstate;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    estate = fillTinyEstate(rig.primary);
  }, 60_000);
  afterAll(() => rig.close());

  async function run(kind: 'refresh' | 'failover', wish?: Wish): Promise<Report> {
    const { runId } = await rig.run(kind, wish);
    return (await readReport(rig.runtime.state, runId)) as Report;
  }

  const exception = { reason: 'retired in May', owner: 'team-a' };

  it('is compared with the last green one of the same sort, never with a rehearsal or a part', async () => {
    const green = await run('refresh');
    const rehearsal = await run('failover', { dryRun: true });
    const part = await run('refresh', { scope: { jobs: [String(estate.nightly)] } });
    const body = { as: admin, tasks: [{ task_key: 'main', pipeline_task: { pipeline_id: 'p-1' } }] };
    const orphan = makeJob(rig.primary, 'orphan', 'UNPAUSED', body);

    const after = await run('refresh');

    expect([green, rehearsal, part].map((report) => report.run.status)).toEqual([
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
    expect(rehearsal.newSince).toBeNull();
    expect(after.newSince).toMatchObject({
      runId: green.run.id,
      keys: [`job/${orphan}`, `permission/job:${orphan}`],
    });
  }, 60_000);

  it('takes a valid exception for what it covers, asleep things included, and tells an expired one', async () => {
    const match = 'job:*';
    const valid = { match, ...exception, expires: '2999-01-01' };
    const expired = { match, ...exception, expires: '2001-01-01' };

    const uncovered = await run('failover', { dryRun: true, pair: { exceptions: [expired] } });
    const covered = await run('failover', { pair: { exceptions: [valid] } });

    expect(uncovered.exceptions).toMatchObject([{ expired: true, matches: 1 }]);
    expect(uncovered.warnings.join(' ')).toContain(
      'the exception for job:* (retired in May; owner team-a) expired',
    );
    expect(covered.run.status).toBe('succeeded');
    expect(covered.exceptions).toMatchObject([{ expired: false, matches: 1 }]);
    expect(covered.wake.asleep).toMatchObject([
      {
        name: 'orphan',
        expected: 'exception',
        reason: expect.stringContaining('team-a, until 2999-01-01') as string,
      },
    ]);
  }, 60_000);
});
