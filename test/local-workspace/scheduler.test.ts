import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JobsArea } from '../../local/workspace/jobs';
import { type ComputeWorkspace, type Json, startCompute } from '../support/compute-workspace';
import { openWorkspace } from '../support/emulated-workspace';

const everyMinute = { quartz_cron_expression: '0 * * * * ?', timezone_id: 'UTC' };
let emulated: ComputeWorkspace;

beforeEach(async () => {
  emulated = await startCompute('2026-03-02T10:00:30Z');
  emulated.pass(1);
});
afterEach(() => emulated.close());

async function createJob(settings: object): Promise<number> {
  return (await emulated.ok('/2.2/jobs/create', { name: 'job', ...settings }))['job_id'] as number;
}

function firings(): readonly { trigger: string; atMs: number }[] {
  return emulated.workspace.core.area<JobsArea>('jobs').firings();
}

function times(): string[] {
  return firings().map((firing) => new Date(firing.atMs).toISOString().slice(11, 19));
}

test('a job that is created with an active schedule runs', async () => {
  const jobId = await createJob({ schedule: everyMinute, tags: { dr_source_id: 'analytics:7' } });

  emulated.pass(120);

  expect(times()).toEqual(['10:01:00', '10:02:00']);
  expect(firings()[0]).toEqual({
    jobId,
    jobName: 'job',
    trigger: 'schedule',
    atMs: Date.parse('2026-03-02T10:01:00Z'),
    runId: expect.any(Number),
    marker: 'analytics:7',
  });
  const { runs } = await emulated.ok(`/2.2/jobs/runs/list?job_id=${jobId}`);
  expect(runs).toMatchObject([{ trigger: 'PERIODIC' }, { trigger: 'PERIODIC' }]);
});

test('a schedule follows the clock of its time zone', async () => {
  await createJob({ schedule: { quartz_cron_expression: '0 1 11 * * ?', timezone_id: 'Europe/Berlin' } });

  emulated.pass(60);

  expect(times()).toEqual(['10:01:00']);
});

test.each([
  { name: 'schedule', settings: { schedule: { ...everyMinute, pause_status: 'PAUSED' } } },
  { name: 'continuous job', settings: { continuous: { pause_status: 'PAUSED' } } },
  {
    name: 'trigger',
    settings: { trigger: { file_arrival: { url: 'abfss://a@b/c' }, pause_status: 'PAUSED' } },
  },
])('a paused $name does not run', async ({ settings }) => {
  await createJob(settings);

  emulated.pass(120);

  expect(firings()).toEqual([]);
});

test('a woken schedule runs from then on, without making up for what it missed', async () => {
  const jobId = await createJob({ schedule: { ...everyMinute, pause_status: 'PAUSED' } });
  emulated.pass(120);
  const new_settings = { schedule: { ...everyMinute, pause_status: 'UNPAUSED' } };
  await emulated.ok('/2.2/jobs/update', { job_id: jobId, new_settings });

  emulated.pass(60);

  expect(times()).toEqual(['10:03:00']);
});

test('firings that fall into a dark time are lost', async () => {
  await createJob({ schedule: everyMinute });

  emulated.lose(600);
  emulated.pass(60);

  expect(times()).toEqual(['10:11:00']);
});

test('a periodic trigger fires after each interval', async () => {
  await createJob({ trigger: { periodic: { interval: 1, unit: 'HOURS' } } });

  emulated.pass(2 * 3_600);

  expect(times()).toEqual(['11:00:31', '12:00:31']);
});

test.each([
  { name: 'files', trigger: { file_arrival: { url: 'abfss://landing@lake.dfs.core.windows.net/in' } } },
  { name: 'tables', trigger: { table_update: { table_names: ['main.sales.orders'] } } },
])('$name arrive about every twenty seconds', async ({ trigger }) => {
  await createJob({ trigger });

  emulated.pass(200);

  expect(firings().length).toBeGreaterThanOrEqual(8);
  expect(firings().length).toBeLessThanOrEqual(13);
});

test('an event trigger keeps its distance when told to', async () => {
  const file_arrival = { url: 'abfss://a@b/c', min_time_between_triggers_seconds: 60 };
  await createJob({ trigger: { file_arrival } });

  emulated.pass(130);

  expect(times()).toEqual(['10:01:31', '10:02:31']);
});

test('a continuous job always has one run', async () => {
  const jobId = await createJob({ continuous: { pause_status: 'UNPAUSED' } });
  const active: unknown[] = [];
  for (let second = 0; second < 10; second++) {
    emulated.pass(1);
    active.push((await emulated.ok(`/2.2/jobs/runs/list?job_id=${jobId}&active_only=true`))['runs']);
  }

  expect(active.map((runs) => (runs as Json[]).length)).toEqual(Array(10).fill(1));
  expect(firings().length).toBeGreaterThan(3);
});

test('a lock of zero runs keeps an awake trigger from firing', async () => {
  await createJob({ continuous: {}, max_concurrent_runs: 0 });
  const scheduled = await createJob({ schedule: everyMinute, max_concurrent_runs: 0 });

  emulated.pass(60);

  expect(firings()).toEqual([]);
  const { runs } = await emulated.ok(`/2.2/jobs/runs/list?job_id=${scheduled}`);
  expect(runs).toMatchObject([{ state: { life_cycle_state: 'SKIPPED' } }]);
});

test('runs asked for by people are no firings', async () => {
  const jobId = await createJob({});

  await emulated.ok('/2.2/jobs/run-now', { job_id: jobId });

  expect(firings()).toEqual([]);
});

test('a workspace that was saved goes on where it was', async () => {
  const stateFile = join(mkdtempSync(join(tmpdir(), 'workspace-')), 'state.ndjson');
  const before = await openWorkspace({ stateFile });
  before.workspace.call('POST', '/api/2.2/jobs/create', { name: 'job', schedule: everyMinute });
  before.workspace.save();
  await before.workspace.close();

  const { workspace, clock } = await openWorkspace({ stateFile });
  for (let second = 0; second < 60; second++) {
    workspace.tick();
    clock.nowMs += 1_000;
  }
  workspace.tick();
  await workspace.close();

  expect(workspace.core.area<JobsArea>('jobs').firings()).toMatchObject([
    { jobName: 'job', trigger: 'schedule' },
  ]);
});
