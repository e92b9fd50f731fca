import { type EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { base64 } from '../support/emulated-workspace';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';

type Row = Readonly<Record<string, unknown>>;

const scripts = '/api/2.0/global-init-scripts';
const pipelines = '/api/2.0/pipelines';
const dashboards = '/api/2.0/lakeview/dashboards';

/** Somebody changes the copy in the standby; a cutover that finds it changed on both sides leaves it as it is. */
describe('what a person changed in the standby', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
  });
  afterEach(() => rig.close());

  function first(workspace: EmulatedWorkspace, path: string, rows: string): Row {
    return ((workspace.call('GET', path).json as Row)[rows] as Row[])[0] ?? {};
  }

  async function failOver(): Promise<string[]> {
    const { runId } = await rig.run('failover');
    const { wake } = (await readReport(rig.runtime.state, runId)) as Report;
    return wake.woken.map(({ triggers }) => triggers.join());
  }

  it('is kept in a pipeline that wakes', async () => {
    const spec = { name: 'stream', catalog: 'main', serverless: true, continuous: true, development: false };
    rig.primary.call('POST', pipelines, spec);
    await rig.run('refresh');
    const id = String(first(rig.secondary, pipelines, 'statuses')['pipeline_id']);
    const copy = (rig.secondary.call('GET', `${pipelines}/${id}`).json as Row)['spec'] as Row;
    rig.secondary.call('PUT', `${pipelines}/${id}`, { ...copy, channel: 'PREVIEW' });

    expect(await failOver()).toEqual(['continuous,production']);

    const { spec: now } = rig.secondary.call('GET', `${pipelines}/${id}`).json as { spec: Row };
    expect(now).toMatchObject({ continuous: true, development: false, channel: 'PREVIEW' });
  });

  it('is kept in an init script that is enabled', async () => {
    rig.primary.call('POST', scripts, { name: 'proxy', script: base64('echo 1'), enabled: true });
    await rig.run('refresh');
    const id = String(first(rig.secondary, scripts, 'scripts')['script_id']);
    rig.secondary.call('PATCH', `${scripts}/${id}`, { name: 'proxy', script: base64('echo 2') });

    expect(await failOver()).toEqual(['enabled']);

    expect(rig.secondary.call('GET', `${scripts}/${id}`).json).toMatchObject({
      enabled: true,
      script: base64('echo 2'),
    });
  });

  it('is kept in the schedule of a dashboard that wakes', async () => {
    const body = { display_name: 'sales', parent_path: '/Shared', serialized_dashboard: '{"pages":[]}' };
    const { dashboard_id } = rig.primary.call('POST', dashboards, body).json as { dashboard_id: string };
    const cron_schedule = { quartz_cron_expression: '0 0 6 * * ?', timezone_id: 'UTC' };
    const schedule = { display_name: 'daily', cron_schedule, pause_status: 'UNPAUSED' };
    rig.primary.call('POST', `${dashboards}/${dashboard_id}/schedules`, schedule);
    await rig.run('refresh');
    const copy = String(first(rig.secondary, dashboards, 'dashboards')['dashboard_id']);
    const path = `${dashboards}/${copy}/schedules`;
    const made = first(rig.secondary, path, 'schedules');
    const id = String(made['schedule_id']);
    rig.secondary.call('PUT', `${path}/${id}`, { ...made, display_name: 'daily, of the standby' });

    expect(await failOver()).toEqual(['schedule']);

    expect(rig.secondary.call('GET', `${path}/${id}`).json).toMatchObject({
      pause_status: 'UNPAUSED',
      display_name: 'daily, of the standby',
    });
  });

  it('is kept in a pool that gets its idle machines', async () => {
    const root = '/api/2.0/instance-pools';
    const pool = { instance_pool_name: 'warm', node_type_id: 'Standard_DS3_v2', min_idle_instances: 2 };
    rig.primary.call('POST', `${root}/create`, pool);
    await rig.run('refresh');
    const copy = first(rig.secondary, `${root}/list`, 'instance_pools');
    const { instance_pool_id, instance_pool_name, node_type_id, custom_tags } = copy;
    const head = { instance_pool_id, instance_pool_name, node_type_id, custom_tags };
    rig.secondary.call('POST', `${root}/edit`, { ...head, min_idle_instances: 0, max_capacity: 7 });

    expect(await failOver()).toEqual(['min_idle']);

    const now = first(rig.secondary, `${root}/list`, 'instance_pools');
    expect(now).toMatchObject({ min_idle_instances: 2, max_capacity: 7 });
  });
});
