import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate, home, importNotebook, objectId } from '../support/tiny-estate';

/** What counts as unchanged, and what has to be looked at. */
describe('a link', () => {
  let rig: Rig;
  let before: (name: string) => void;
  beforeEach(async () => {
    before = () => undefined;
    rig = await makeRig({
      blobs: makeMemoryBlobs(),
      virtualTime: true,
      around(name, run) {
        before(name);
        return run();
      },
    });
    fillTinyEstate(rig.primary);
  });
  afterEach(() => rig.close());

  async function outcomesOf(kind: 'refresh' | 'failover'): Promise<Map<string, string>> {
    const { runId } = await rig.run(kind);
    const { outcomes } = (await readReport(rig.runtime.state, runId)) as Report;
    return new Map(outcomes.map(({ key, outcome }) => [key, outcome]));
  }

  it('that was written and not found to be right is looked at again', async () => {
    const path = `${home}/etl/load`;
    before = (name) => {
      if (name !== 'verifyItem') return;
      const url = `/api/2.0/permissions/notebooks/${objectId(rig.secondary, path)}`;
      rig.secondary.call('PUT', url, { access_control_list: [] });
    };
    const first = await outcomesOf('refresh');
    before = () => undefined;

    const second = await outcomesOf('refresh');

    expect(first.get(`permission/notebook:${path}`)).toBe('failed');
    expect(second.get(`permission/notebook:${path}`)).toBe('restored');
  }, 60_000);

  it('in dispute is not trusted unseen by a failover', async () => {
    const path = `${home}/etl/load`;
    await rig.run('refresh');
    importNotebook(rig.secondary, path, 'changed by hand');
    const refreshed = await outcomesOf('refresh');

    const failedOver = await outcomesOf('failover');

    expect(refreshed.get(`notebook/${path}`)).toBe('conflict');
    expect(failedOver.get(`notebook/${path}`)).toBe('conflict');
  }, 60_000);

  it('is not made over what somebody put at the same path after the plan was made', async () => {
    const path = `${home}/etl/load`;
    before = (name) => {
      if (name !== 'layPlan') return;
      rig.secondary.call('POST', '/api/2.0/workspace/mkdirs', { path: `${home}/etl` });
      importNotebook(rig.secondary, path, 'made by hand');
    };

    const outcomes = await outcomesOf('refresh');

    expect(outcomes.get(`notebook/${path}`)).toBe('conflict');
    expect(outcomes.get(`permission/notebook:${path}`)).toBe('blocked');
    const url = `/api/2.0/workspace/export?format=SOURCE&path=${encodeURIComponent(path)}`;
    const { content } = rig.secondary.call('GET', url).json as { content: string };
    expect(Buffer.from(content, 'base64').toString()).toContain('made by hand');
  }, 60_000);

  it('to what has no version, because its listing is cut off, is looked at every time', async () => {
    const tasks = Array.from({ length: 101 }, (_none, number) => ({
      task_key: `task_${number}`,
      new_cluster: { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 },
      notebook_task: { notebook_path: `${home}/etl/load` },
    }));
    const { job_id } = rig.primary.call('POST', '/api/2.2/jobs/create', { name: 'nightly long', tasks })
      .json as { job_id: number };
    await rig.run('refresh');
    const copy = jobNamed('nightly long');
    rig.secondary.call('POST', '/api/2.2/jobs/update', {
      job_id: copy,
      new_settings: { max_concurrent_runs: 7 },
    });

    const outcomes = await outcomesOf('refresh');

    expect(outcomes.get(`job/${job_id}`)).toBe('conflict');
  }, 60_000);

  function jobNamed(name: string): number {
    const { jobs } = rig.secondary.call('GET', '/api/2.2/jobs/list?limit=100').json as {
      jobs: { job_id: number; settings: { name: string } }[];
    };
    return jobs.find(({ settings }) => settings.name === name)!.job_id;
  }
});
