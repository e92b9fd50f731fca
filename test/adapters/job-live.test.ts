import { job, type JobBody } from '../../shared/adapters/job';
import { poster } from '../support/adapter-estate';
import { indexOf, openAdapterPair, stubNamed, type AdapterPair } from '../support/adapter-workspaces';

let pair: AdapterPair;
const none = indexOf([]);

beforeAll(async () => {
  pair = await openAdapterPair();
});

afterAll(() => pair.close());

const spec = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };
const schedule = { quartz_cron_expression: '0 0 2 * * ?', timezone_id: 'UTC', pause_status: 'UNPAUSED' };

function task(task_key: string): object {
  return { task_key, new_cluster: spec, spark_python_task: { python_file: 'dbfs:/jobs/main.py' } };
}

function createJob(settings: object): string {
  return String(poster(pair.primary.emulated)<{ job_id: number }>('/api/2.2/jobs/create', settings).job_id);
}

function settingsOf(id: string): JobBody {
  const { json } = pair.primary.emulated.call('GET', `/api/2.2/jobs/get?job_id=${id}`);
  return (json as { settings: JobBody }).settings;
}

describe('exporting a job', () => {
  it('merges all pages of a job with more than 100 tasks, and reads it at every sync', async () => {
    const tasks = Array.from({ length: 230 }, (_, i) => task(`t${i}`));
    const parameters = Array.from({ length: 3 }, (_, i) => ({ name: `p${i}`, default: 'x' }));
    createJob({ name: 'long', tasks, parameters });
    const from = pair.primary.open();
    const stub = await stubNamed(from, 'job', 'long');

    const body = await job.export(from, stub);

    expect(body.tasks?.map((one) => one['task_key'])).toEqual(tasks.map((_, i) => `t${i}`));
    expect(body).toMatchObject({ parameters });
    expect(stub.version).toBeUndefined();
  });

  it('keeps every setting, says whom the job runs as, and leaves out what belongs to bundles and git', async () => {
    const git_source = {
      git_url: 'https://git.example.com/a.git',
      git_provider: 'gitHub',
      git_branch: 'main',
    };
    const settings = {
      name: 'whole',
      tasks: [task('a')],
      queue: { enabled: true },
      future_setting: { x: 1 },
    };
    createJob({
      ...settings,
      git_source: { ...git_source, job_source: { import_from_git_branch: 'x' } },
      edit_mode: 'EDITABLE',
    });
    const from = pair.primary.open();

    const body = await job.export(from, await stubNamed(from, 'job', 'whole'));

    expect(body).toMatchObject({ queue: { enabled: true }, future_setting: { x: 1 }, git_source });
    expect(body.run_as).toEqual({ user_name: 'admin@example.com' });
    expect(body).not.toHaveProperty('format');
    expect(body).not.toHaveProperty('edit_mode');
    expect(body).not.toHaveProperty('git_source.job_source');
  });

  it('refuses an answer without tasks for a job that was listed with tasks', async () => {
    const id = createJob({ name: 'empty' });
    const from = pair.primary.open();

    const refused = job.export(from, { id, name: 'empty', version: '2 tasks abc' });

    await expect(refused).rejects.toMatchObject({ code: 'DR_API_INVALID_ANSWER' });
    expect(await job.export(from, await stubNamed(from, 'job', 'empty'))).toMatchObject({ name: 'empty' });
  });

  it('does not carry what a bundle deployed, and still gives its triggers', async () => {
    createJob({
      name: 'bundled',
      tasks: [task('a')],
      schedule,
      deployment: { kind: 'BUNDLE', metadata_file_path: '/x' },
    });

    const stub = await stubNamed(pair.primary.open(), 'job', 'bundled');

    expect(stub.skip).toBe('managed by an asset bundle: deploy it');
    expect(job.triggers?.awake(stub.body as JobBody)).toEqual(['schedule']);
  });

  it('of a job that is gone says so', async () => {
    const gone = job.export(pair.primary.open(), { id: '404', name: 'gone' });

    await expect(gone).rejects.toMatchObject({ code: 'DR_ASSET_VANISHED' });
  });
});

describe('triggers of a job', () => {
  const continuousLess: JobBody = {
    name: 'triggered',
    schedule,
    tags: { team: 'data' },
  };

  it('are stilled and woken again, and nothing else changes', async () => {
    const id = createJob({ ...continuousLess, tasks: [task('a')], max_concurrent_runs: 4 });
    const from = pair.primary.open();
    const before = settingsOf(id);
    const body = await job.export(from, await stubNamed(from, 'job', 'triggered'));

    await job.triggers!.quiet(from, id, body);
    const quiet = settingsOf(id);
    await job.triggers!.wake(from, id, body, ['schedule']);

    expect(quiet).toEqual({ ...before, schedule: { ...schedule, pause_status: 'PAUSED' } });
    expect(settingsOf(id)).toEqual(before);
    expect(from.counts.writes).toBe(2);
  });

  it('are woken from a body that was exported while they slept', async () => {
    const paused = { ...schedule, pause_status: 'PAUSED' };
    const id = createJob({ name: 'slept', tasks: [task('a')], schedule: paused });
    const from = pair.primary.open();
    const body = await job.export(from, await stubNamed(from, 'job', 'slept'));

    await job.triggers!.wake(from, id, body, ['schedule']);

    expect(settingsOf(id).schedule).toEqual(schedule);
  });

  it('stay asleep when they are not named', async () => {
    const triggers = [
      { pause_status: 'PAUSED', periodic: { interval: 1, unit: 'DAYS' } },
      { pause_status: 'PAUSED', file_arrival: { url: 'abfss://a@b.dfs.core.windows.net/c' } },
    ];
    const id = createJob({ name: 'several', tasks: [task('a')], triggers });
    const from = pair.primary.open();
    const body = await job.export(from, await stubNamed(from, 'job', 'several'));

    await job.triggers!.wake(from, id, body, ['triggers[1]']);

    expect(settingsOf(id).triggers?.map((trigger) => trigger['pause_status'])).toEqual([
      'PAUSED',
      'UNPAUSED',
    ]);
  });

  it('of a job without any cost no call', async () => {
    const from = pair.primary.open();

    await job.triggers!.quiet(from, '1', { name: 'manual' });

    expect(from.counts.calls).toBe(0);
  });
});

describe('runs of a job', () => {
  it('are listed while they are under way, and can be stopped', async () => {
    const id = createJob({ name: 'running', tasks: [task('a')], max_concurrent_runs: 2 });
    const { run_id } = poster(pair.primary.emulated)<{ run_id: number }>('/api/2.2/jobs/run-now', {
      job_id: Number(id),
    });
    const from = pair.primary.open();

    const active = await job.triggers!.activeRuns!(from, id);
    await job.triggers!.cancelRun!(from, active[0]!);
    pair.primary.pass(60_000);

    expect(active).toEqual([String(run_id)]);
    expect(await job.triggers!.activeRuns!(from, id)).toEqual([]);
  });
});

describe('creating a job', () => {
  it('never lets it awake, not even when it is given awake', async () => {
    const body: JobBody = {
      name: 'given awake',
      tasks: [task('a')] as JobBody['tasks'] & object,
      continuous: { pause_status: 'UNPAUSED' },
    };

    const id = await job.create(pair.primary.open(), body, none);
    await job.update!(pair.primary.open(), id, body, none);

    expect(job.triggers?.awake(settingsOf(id))).toEqual([]);
  });
});
