import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate } from '../support/tiny-estate';

interface JobRow {
  readonly job_id: number;
  readonly settings: { readonly name: string; readonly tags: Readonly<Record<string, string>> };
}

describe('a job that was made twice, because an answer was lost and the listing lagged', () => {
  let rig: Rig;
  let marker = '';
  const twins: number[] = [];
  beforeAll(async () => {
    rig = await makeRig({
      blobs: makeMemoryBlobs(),
      virtualTime: true,
      async around(name, run) {
        if (name === 'sealWave' && twins.length === 0) makeTwin();
        return run();
      },
    });
    fillTinyEstate(rig.primary);
  }, 60_000);
  afterAll(() => rig.close());

  function jobs(): readonly JobRow[] {
    const { json } = rig.secondary.call('GET', '/api/2.2/jobs/list?limit=100');
    return (json as { jobs?: JobRow[] }).jobs ?? [];
  }

  /** The create that got no answer takes effect after all. */
  function makeTwin(): void {
    const copy = jobs().find(({ settings }) => settings.tags['dr_source_id'] !== undefined);
    if (copy === undefined) return;
    marker = copy.settings.tags['dr_source_id'] ?? '';
    const { settings } = rig.secondary.call('GET', `/api/2.2/jobs/get?job_id=${copy.job_id}`).json as JobRow;
    const made = rig.secondary.call('POST', '/api/2.2/jobs/create', settings).json as JobRow;
    twins.push(copy.job_id, made.job_id);
  }

  it('is there once when the wave is over, and the run says so', async () => {
    const run = await rig.run('refresh');

    const report = (await readReport(rig.runtime.state, run.runId)) as Report;
    const ids = jobs().filter(({ settings }) => settings.tags['dr_source_id'] === marker);
    expect(twins).toHaveLength(2);
    expect(ids.map(({ job_id }) => job_id)).toEqual([Math.min(...twins)]);
    const told = report.outcomes.find(({ key }) => `analytics:${key.replace('job/', '')}` === marker);
    expect(told?.reason).toContain(`${Math.max(...twins)} is removed again`);
  }, 60_000);

  it('is known by the one that stayed', async () => {
    const seq = rig.secondary.requests.lastSeq();

    await rig.run('refresh');

    const writes = rig.secondary.requests.mutatingSince(seq).map(({ path }) => path);
    expect(writes.filter((path) => path.includes('/jobs/'))).toEqual([]);
  }, 60_000);
});
