import { type ComputeWorkspace, startCompute } from '../support/compute-workspace';

let emulated: ComputeWorkspace;

beforeEach(async () => {
  emulated = await startCompute();
});
afterEach(() => emulated.close());

test('a job whose cluster was deleted can be paused, but not be given that cluster again', async () => {
  const spec = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };
  const { cluster_id } = await emulated.ok('/2.1/clusters/create', spec);
  const schedule = { quartz_cron_expression: '0 0 4 * * ?', timezone_id: 'UTC' };
  const onCluster = [
    { task_key: 'a', existing_cluster_id: cluster_id, notebook_task: { notebook_path: '/x' } },
  ];
  const { job_id } = await emulated.ok('/2.2/jobs/create', { schedule, tasks: onCluster });
  await emulated.ok('/2.1/clusters/permanent-delete', { cluster_id });

  const paused = { schedule: { ...schedule, pause_status: 'PAUSED' } };
  const pause = await emulated.post('/2.2/jobs/update', { job_id, new_settings: paused });
  const again = await emulated.post('/2.2/jobs/update', { job_id, new_settings: { tasks: onCluster } });

  expect(pause.status).toBe(200);
  const { settings } = await emulated.ok(`/2.2/jobs/get?job_id=${String(job_id)}`);
  expect(settings).toMatchObject(paused);
  expect(again).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
});
