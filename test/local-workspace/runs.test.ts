import { type Clusters } from '../../local/workspace/clusters';
import { type ComputeWorkspace, type Json, startCompute } from '../support/compute-workspace';

const cluster = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };
const onNewCluster = { task_key: 'etl', new_cluster: cluster };
let emulated: ComputeWorkspace;

beforeEach(async () => {
  emulated = await startCompute();
});
afterEach(() => emulated.close());

async function createJob(settings: object): Promise<number> {
  return (await emulated.ok('/2.2/jobs/create', settings))['job_id'] as number;
}

async function runNow(jobId: number, more: object = {}): Promise<number> {
  return (await emulated.ok('/2.2/jobs/run-now', { job_id: jobId, ...more }))['run_id'] as number;
}

function getRun(runId: number): Promise<Json> {
  return emulated.ok(`/2.2/jobs/runs/get?run_id=${runId}`);
}

async function listRuns(query: string): Promise<Json[]> {
  return ((await emulated.ok(`/2.2/jobs/runs/list?${query}`))['runs'] ?? []) as Json[];
}

async function clusterIds(query = ''): Promise<unknown[]> {
  const { clusters } = await emulated.ok(`/2.1/clusters/list?${query}`);
  return ((clusters ?? []) as Json[]).map((one) => [one['cluster_source'], one['state']]);
}

test('a run makes a cluster for itself that ends with it', async () => {
  const runId = await runNow(await createJob({ name: 'Job', tasks: [onNewCluster] }));
  const before = await getRun(runId);
  const clustersBefore = await clusterIds();

  emulated.pass(4);

  expect(before).toMatchObject({
    run_name: 'Job',
    state: { life_cycle_state: 'RUNNING' },
    trigger: 'ONE_TIME',
  });
  expect(before['tasks']).toMatchObject([
    { task_key: 'etl', cluster_instance: { cluster_id: expect.any(String) } },
  ]);
  expect(clustersBefore).toEqual([['JOB', 'PENDING']]);
  expect((await getRun(runId))['state']).toMatchObject({
    life_cycle_state: 'TERMINATED',
    result_state: 'SUCCESS',
  });
  expect(await clusterIds()).toEqual([['JOB', 'TERMINATED']]);
});

test('tasks share a job cluster', async () => {
  const job_clusters = [{ job_cluster_key: 'shared', new_cluster: cluster }];
  const tasks = ['a', 'b'].map((task_key) => ({ task_key, job_cluster_key: 'shared' }));

  await runNow(await createJob({ job_clusters, tasks }));

  expect(await clusterIds('filter_by.cluster_sources=JOB')).toHaveLength(1);
});

test('a run on an existing cluster starts it and leaves it running', async () => {
  const { cluster_id } = await emulated.ok('/2.1/clusters/create', cluster);
  emulated.workspace.core.area<Clusters>('clusters').stopAll();
  const tasks = [{ task_key: 'a', existing_cluster_id: cluster_id }];

  const runId = await runNow(await createJob({ tasks }));
  emulated.pass(4);

  expect((await getRun(runId))['state']).toMatchObject({ result_state: 'SUCCESS' });
  expect(await clusterIds()).toEqual([['API', 'RUNNING']]);
});

test('a run fails when its cluster finds no machines', async () => {
  emulated.workspace.core.area<Clusters>('clusters').capacity.failNext(1);

  const runId = await runNow(await createJob({ tasks: [onNewCluster] }));
  emulated.pass(4);

  expect((await getRun(runId))['state']).toMatchObject({
    life_cycle_state: 'INTERNAL_ERROR',
    result_state: 'FAILED',
  });
});

test('a run fails when its notebook is not there', async () => {
  const tasks = [{ ...onNewCluster, notebook_task: { notebook_path: '/Shared/nothing' } }];

  const runId = await runNow(await createJob({ tasks }));

  expect((await getRun(runId))['state']).toMatchObject({
    result_state: 'FAILED',
    state_message: 'Notebook not found: /Shared/nothing',
  });
});

test('a run job task runs the other job and waits for it', async () => {
  const inner = await createJob({ name: 'inner', tasks: [onNewCluster] });
  const outer = await createJob({ tasks: [{ task_key: 'a', run_job_task: { job_id: inner } }] });

  const runId = await runNow(outer);
  const children = await listRuns(`job_id=${inner}&active_only=true`);
  emulated.pass(5);

  expect(children).toMatchObject([{ trigger: 'RUN_JOB_TASK' }]);
  expect((await getRun(runId))['state']).toMatchObject({ result_state: 'SUCCESS' });
});

test('the same idempotency token starts one run', async () => {
  const jobId = await createJob({ tasks: [onNewCluster], max_concurrent_runs: 5 });
  const first = await runNow(jobId, { idempotency_token: 'once' });
  const again = await runNow(jobId, { idempotency_token: 'once' });
  const submitted = { run_name: 'smoke', tasks: [onNewCluster], idempotency_token: 'twice' };
  const { run_id } = await emulated.ok('/2.2/jobs/runs/submit', submitted);

  expect(again).toBe(first);
  expect(await emulated.ok('/2.2/jobs/runs/submit', submitted)).toEqual({ run_id });
  expect(await getRun(run_id as number)).toMatchObject({ run_name: 'smoke', run_type: 'SUBMIT_RUN' });
});

test('runs beyond max_concurrent_runs are skipped, or queued when the job has a queue', async () => {
  const strict = await createJob({ tasks: [onNewCluster] });
  const patient = await createJob({ tasks: [onNewCluster], queue: { enabled: true } });
  const locked = await createJob({ tasks: [onNewCluster], max_concurrent_runs: 0 });

  const second = async (jobId: number): Promise<number> => {
    await runNow(jobId);
    return runNow(jobId);
  };
  const runs = [await second(strict), await second(patient), await second(locked)];

  const states = async (): Promise<unknown[]> =>
    Promise.all(runs.map(async (run) => ((await getRun(run))['state'] as Json)['life_cycle_state']));
  expect(await states()).toEqual(['SKIPPED', 'QUEUED', 'SKIPPED']);
  emulated.pass(8);
  expect(await states()).toEqual(['SKIPPED', 'TERMINATED', 'SKIPPED']);
});

test('a cancelled run ends, with its cluster and the runs that it started', async () => {
  const inner = await createJob({ tasks: [onNewCluster] });
  const outer = await createJob({ tasks: [{ task_key: 'a', run_job_task: { job_id: inner } }] });
  const runId = await runNow(outer);

  await emulated.ok('/2.2/jobs/runs/cancel', { run_id: runId });
  emulated.pass(1);

  expect((await getRun(runId))['state']).toMatchObject({ result_state: 'CANCELED' });
  expect(await listRuns('active_only=true')).toEqual([]);
  expect(await clusterIds()).toEqual([['JOB', 'TERMINATED']]);
});

test('cancel-all ends every run of a job', async () => {
  const jobId = await createJob({ tasks: [onNewCluster], max_concurrent_runs: 3 });
  const other = await runNow(await createJob({ tasks: [onNewCluster] }));
  await Promise.all([runNow(jobId), runNow(jobId)]);

  await emulated.ok('/2.2/jobs/runs/cancel-all', { job_id: jobId });

  expect(await listRuns('active_only=true')).toMatchObject([{ run_id: other }]);
});

test('runs are listed newest first, at most 24 at a time', async () => {
  const jobId = await createJob({ tasks: [], max_concurrent_runs: 100 });
  for (let at = 0; at < 30; at++) await runNow(jobId);

  const first = await emulated.ok(`/2.2/jobs/runs/list?job_id=${jobId}&limit=24`);
  const rest = await listRuns(`job_id=${jobId}&limit=24&page_token=${String(first['next_page_token'])}`);
  const tooMany = await emulated.get(`/2.2/jobs/runs/list?job_id=${jobId}&limit=25`);

  expect(first).toMatchObject({ has_more: true });
  expect((first['runs'] as Json[])[0]).toMatchObject({ number_in_job: 30 });
  expect(rest.map((run) => run['number_in_job'])).toEqual([6, 5, 4, 3, 2, 1]);
  expect(tooMany.status).toBe(400);
});

test('a run that does not exist is a bad request', async () => {
  const reply = await emulated.get('/2.2/jobs/runs/get?run_id=42');

  expect(reply).toMatchObject({
    status: 400,
    body: { error_code: 'INVALID_PARAMETER_VALUE', message: 'Run 42 does not exist.' },
  });
});
