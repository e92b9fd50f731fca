import { fillEstate } from '../../local/estate/estate';
import { type Clusters } from '../../local/workspace/clusters';
import { isJson, type Json, jsonIn, rowsIn, textIn } from '../../local/workspace/fields';
import { withNested } from '../../local/workspace/job-tasks';
import { type JobsArea } from '../../local/workspace/jobs';
import { type EmulatedWorkspace, startWorkspace } from '../../local/workspace/workspace';

const token = 'dapi-admin';
let workspace: EmulatedWorkspace;
let summary: ReturnType<typeof fillEstate>;

beforeAll(async () => {
  workspace = await openEmpty();
  summary = fillEstate(workspace, { size: 'small', seed: 1 });
});
afterAll(() => workspace.close());

function openEmpty(): Promise<EmulatedWorkspace> {
  return startWorkspace({ name: 'primary', region: 'eastus2', token, now: () => Date.UTC(2026, 2, 2) });
}

function get(path: string): Json {
  return workspace.call('GET', `/api${path}`).json as Json;
}

function allJobs(): Json[] {
  return workspace.core
    .area<JobsArea>('jobs')
    .all()
    .map((job) => job.settings);
}

function tasksOf(job: Json): Json[] {
  return rowsIn(job, 'tasks').flatMap(withNested);
}

function triggersOf(job: Json): [kind: string, pauseStatus: unknown][] {
  const trigger = jsonIn(job, 'trigger');
  const kinds = ['file_arrival', 'table_update', 'periodic'].filter((kind) => trigger[kind] !== undefined);
  return [
    ...kinds.map((kind): [string, unknown] => [kind, trigger['pause_status']]),
    ...['schedule', 'continuous']
      .filter((kind) => job[kind] !== undefined)
      .map((kind): [string, unknown] => [kind, jsonIn(job, kind)['pause_status']]),
  ];
}

test('a small estate has what its size promises', () => {
  expect(summary.kinds).toMatchObject({
    // With the administrator and the home of the administrator.
    user: 21,
    directory: 61,
    notebook: 400,
    cluster: 20,
    job: 50,
  });
  for (const count of Object.values(summary.kinds)) expect(count).toBeGreaterThan(0);
  expect(summary.jobClusters).toBeGreaterThan(0);
});

test('a medium estate has what its size promises', async () => {
  const medium = await openEmpty();

  const { kinds } = fillEstate(medium, { size: 'medium', seed: 1 });
  await medium.close();

  expect(kinds).toMatchObject({ user: 201, directory: 1_201, notebook: 10_000, cluster: 100, job: 500 });
});

test('the same seed gives the same estate, another seed another one', async () => {
  const [same, other] = [await openEmpty(), await openEmpty()];

  fillEstate(same, { size: 'small', seed: 1 });
  fillEstate(other, { size: 'small', seed: 2 });
  await Promise.all([same.close(), other.close()]);

  const jobsOf = (one: EmulatedWorkspace): unknown =>
    one.call('GET', '/api/2.2/jobs/list?expand_tasks=true').json;
  const homesOf = (one: EmulatedWorkspace): unknown =>
    one.call('GET', '/api/2.0/workspace/list?path=/Users').json;
  expect(jobsOf(same)).toEqual(jobsOf(workspace));
  expect(homesOf(same)).toEqual(homesOf(workspace));
  expect(jobsOf(other)).not.toEqual(jobsOf(workspace));
});

test('every kind of trigger is there, awake and asleep', () => {
  const seen = new Set(
    allJobs()
      .flatMap(triggersOf)
      .map(([kind, status]) => `${kind} ${String(status)}`),
  );

  const kinds = ['schedule', 'periodic', 'file_arrival', 'table_update', 'continuous'];
  expect([...seen].sort()).toEqual(kinds.flatMap((kind) => [`${kind} PAUSED`, `${kind} UNPAUSED`]).sort());
  expect(summary.awakeJobs / summary.kinds['job']!).toBeGreaterThan(0.35);
});

test('jobs that run often use clusters of their own', () => {
  const frequent = allJobs().filter(
    (job) =>
      triggersOf(job).some(([kind]) => kind !== 'schedule') ||
      jsonIn(job, 'schedule')['quartz_cron_expression'] === '0 * * * * ?',
  );

  expect(frequent.length).toBeGreaterThan(5);
  for (const task of frequent.flatMap(tasksOf)) {
    expect(task).not.toHaveProperty('existing_cluster_id');
    expect(task).not.toHaveProperty('run_job_task');
  }
});

test('jobs use every kind of compute and task', () => {
  const fields = new Set(
    allJobs()
      .flatMap(tasksOf)
      .flatMap((task) => Object.keys(task)),
  );
  const text = JSON.stringify(allJobs());

  for (const field of [
    'existing_cluster_id',
    'new_cluster',
    'job_cluster_key',
    'notebook_task',
    'spark_python_task',
    'run_job_task',
    'for_each_task',
    'condition_task',
  ])
    expect(fields).toContain(field);
  for (const reference of ['instance_pool_id', 'policy_id', 'dr-tier', 'email_notifications'])
    expect(text).toContain(reference);
  expect(allJobs().some((job) => rowsIn(job, 'tasks').length > 100)).toBe(true);
});

test('every notebook and script that a job or cluster names is there', () => {
  const clusters = workspace.core.area<Clusters>('clusters').all();
  const paths = [
    ...allJobs()
      .flatMap(tasksOf)
      .flatMap((task) => [
        textIn(jsonIn(task, 'notebook_task'), 'notebook_path'),
        textIn(jsonIn(task, 'spark_python_task'), 'python_file'),
      ]),
    ...clusters
      .flatMap((cluster) => rowsIn(cluster.spec, 'init_scripts'))
      .map((script) => textIn(jsonIn(script, 'workspace'), 'destination')),
  ].filter((path) => path !== undefined);

  expect(paths.length).toBeGreaterThan(100);
  for (const path of paths)
    expect(get(`/2.0/workspace/get-status?path=${encodeURIComponent(path)}`)).toHaveProperty('object_id');
});

test('every job of the estate can run', async () => {
  let nowMs = Date.UTC(2026, 2, 2);
  const running = await startWorkspace({ name: 'primary', region: 'eastus2', token, now: () => nowMs });
  fillEstate(running, { size: 'small', seed: 1 });
  const jobs = running.core.area<JobsArea>('jobs').all();

  const failures: unknown[] = [];
  for (const job of jobs.filter((one) => one.triggers.length === 0)) {
    const { run_id } = running.call('POST', '/api/2.2/jobs/run-now', { job_id: job.id }).json as Json;
    for (let second = 0; second < 8; second++) {
      nowMs += 1_000;
      running.tick();
    }
    const { state } = running.call('GET', `/api/2.2/jobs/runs/get?run_id=${String(run_id)}`).json as Json;
    if (!isJson(state) || state['result_state'] !== 'SUCCESS') failures.push([job.settings['name'], state]);
  }
  await running.close();

  expect(failures).toEqual([]);
});

test('policies hold ids of pools inside their rules', () => {
  const pools = rowsIn(get('/2.0/instance-pools/list'), 'instance_pools').map((pool) =>
    String(pool['instance_pool_id']),
  );

  const definitions = rowsIn(get('/2.0/policies/clusters/list'), 'policies').map((policy) =>
    String(policy['definition']),
  );

  expect(definitions.filter((rules) => pools.some((id) => rules.includes(id))).length).toBeGreaterThan(1);
});

test('clusters are on policies, pools, plain and pinned, of many people, and all terminated', () => {
  const clusters = rowsIn(get('/2.1/clusters/list?page_size=100'), 'clusters');
  const users = clusters.filter((cluster) => cluster['cluster_source'] !== 'JOB');

  for (const field of [
    'policy_id',
    'instance_pool_id',
    'pinned_by_user_name',
    'single_user_name',
    'init_scripts',
  ])
    expect(users.some((cluster) => cluster[field] !== undefined)).toBe(true);
  expect(new Set(users.map((cluster) => cluster['creator_user_name'])).size).toBeGreaterThan(5);
  expect(new Set(clusters.map((cluster) => cluster['state']))).toEqual(new Set(['TERMINATED']));
});

test('groups are nested three levels deep', () => {
  const groups = rowsIn(get('/2.0/preview/scim/v2/Groups?count=100'), 'Resources');
  const find = (name: string): Json | undefined => groups.find((group) => group['displayName'] === name);
  const membersOf = (group: Json | undefined): Json[] => {
    const ids = rowsIn(group ?? {}, 'members').map((member) => member['value']);
    return groups.filter((one) => ids.includes(one['id']));
  };

  const teams = membersOf(find('data-platform')).flatMap(membersOf);

  expect(teams.length).toBeGreaterThan(3);
  for (const team of teams) expect(rowsIn(team, 'members').length).toBeGreaterThan(2);
});

test('direct grants stand beside inherited ones', () => {
  const shared = rowsIn(get('/2.0/workspace/list?path=/Shared'), 'objects').find(
    (one) => one['path'] === '/Shared/risk',
  );
  const entries = rowsIn(
    get(`/2.0/permissions/directories/${String(shared?.['object_id'])}`),
    'access_control_list',
  );

  const kinds = entries.flatMap((entry) => rowsIn(entry, 'all_permissions')).map((one) => one['inherited']);

  expect(entries.some((entry) => entry['group_name'] === 'team-risk')).toBe(true);
  expect(new Set(kinds)).toEqual(new Set([true, false]));
});

test('jobs are owned and run by different principals', () => {
  const rows = rowsIn(get('/2.2/jobs/list?limit=100'), 'jobs');

  const other = rows.filter((job) => job['run_as_user_name'] !== job['creator_user_name']);

  expect(new Set(rows.map((job) => job['creator_user_name'])).size).toBeGreaterThan(5);
  expect(other.length).toBeGreaterThan(3);
  expect(rows.every((job) => isJson(job['settings']))).toBe(true);
});
