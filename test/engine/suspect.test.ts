import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { readLatest } from '../../shared/storage/snapshots';
import { readSuspect } from '../../shared/storage/suspects';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig, type Wish } from '../support/rig';
import { fillTinyEstate, makeJob } from '../support/tiny-estate';
import type { Clusters } from '../../local/workspace/clusters';

describe('a snapshot in which too much is gone', () => {
  let rig: Rig;
  let jobs: number[];
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    fillTinyEstate(rig.primary);
    jobs = Array.from({ length: 17 }, (_none, i) => makeJob(rig.primary, `job ${i}`, 'PAUSED'));
    await rig.run('refresh');
    for (const job_id of jobs.slice(0, 12)) rig.primary.call('POST', '/api/2.2/jobs/delete', { job_id });
  }, 60_000);
  afterAll(() => rig.close());

  async function refresh(wish?: Wish) {
    const seq = rig.secondary.requests.lastSeq();
    const run = await rig.run('refresh', wish);
    return {
      run,
      writes: rig.secondary.requests.mutatingSince(seq),
      report: (await readReport(rig.runtime.state, run.runId)) as Report,
    };
  }

  it('is sealed and not applied, and the run says why', async () => {
    const before = await readLatest(rig.runtime, rig.pair.name);

    const { run, writes, report } = await refresh();

    expect(run.status).toBe('failed');
    expect(run.reason).toMatch(
      /^the snapshot is suspect and was not applied: 12 of \d+ jobs are gone.*; accept it by a refresh with "snapshot": "/,
    );
    expect(report.run.reason).toBe(run.reason);
    expect(writes).toEqual([]);
    expect(await readLatest(rig.runtime, rig.pair.name)).toEqual(before);
    expect(await readSuspect(rig.runtime, rig.pair.name)).toMatchObject({
      id: run.runId,
      reasons: [expect.stringMatching(/^12 of \d+ jobs are gone$/)] as string[],
    });
  }, 60_000);

  it('stays suspect as long as nobody accepts it, and is applied once somebody does', async () => {
    const { run } = await refresh();

    const accepted = await refresh({ snapshot: run.runId });

    expect(accepted.run.snapshot).toBe(run.runId);
    expect(accepted.report.retire.filter(({ key }) => key.startsWith('job/'))).toHaveLength(12);
    expect((await readLatest(rig.runtime, rig.pair.name))?.id).toBe(run.runId);
    expect(await readSuspect(rig.runtime, rig.pair.name)).toBeUndefined();
    const next = await refresh();
    expect(next.run.status).not.toBe('failed');
    expect(next.writes).toEqual([]);
  }, 60_000);

  it('is told from bodies that are all others', async () => {
    for (let i = 0; i < 12; i += 1) makeJob(rig.primary, `new ${i}`, 'PAUSED');
    await refresh();
    const listed = rig.primary.call('GET', '/api/2.2/jobs/list?limit=100').json as {
      jobs: { job_id: number }[];
    };
    for (const { job_id } of listed.jobs)
      rig.primary.call('POST', '/api/2.2/jobs/update', { job_id, new_settings: { timeout_seconds: 9 } });

    const { run } = await refresh();

    expect(run.reason).toMatch(/: (\d+) of \1 jobs have changed/);
    expect((await refresh({ pair: { maxChange: 1 } })).run.status).not.toBe('failed');
  }, 60_000);
});

it('clusters that jobs made come and go, and make no snapshot suspect', async () => {
  const rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
  const clusters = rig.primary.core.area<Clusters>('clusters');
  const spec = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };
  const made = Array.from({ length: 12 }, () =>
    clusters.make({ spec, owner: 'admin@example.com', source: 'JOB' }),
  );
  await rig.run('refresh');
  for (const { id: cluster_id } of made)
    rig.primary.call('POST', '/api/2.1/clusters/permanent-delete', { cluster_id });

  const run = await rig.run('refresh');
  await rig.close();

  expect(run).toMatchObject({ status: 'succeeded' });
}, 30_000);
