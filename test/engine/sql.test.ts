import { asleep, dumpWorkspace } from '../../local/workspace/dump';
import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { base64 } from '../support/emulated-workspace';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillSql, type SqlEstate } from '../support/sql-estate';

type Json = Record<string, unknown>;
type Side = 'primary' | 'secondary';

const scim = '/api/2.0/preview/scim/v2';
const alertPath = '/Users/alice@example.com/too late.dbalert.json';
const lakeview = '/api/2.0/lakeview/dashboards';
const cluster = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };
let rig: Rig;
let sql: SqlEstate;
let hook: string;

beforeAll(async () => {
  rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true, activityMs: 10 });
  call('primary', 'POST', `${scim}/Users`, { userName: 'alice@example.com', displayName: 'Alice' });
  sql = fillSql(rig.primary);
  call('primary', 'PUT', `/api/2.0/permissions/warehouses/${sql.warehouse}`, grants('IS_OWNER'));
  call('primary', 'PATCH', `/api/2.0/permissions/alerts/${sql.legacyAlert}`, grants('CAN_RUN'));
  call('primary', 'PATCH', `/api/2.0/permissions/dashboards/${sql.dashboard}`, grants('CAN_READ'));
  const notebook = { language: 'SQL', content: base64('-- Databricks notebook source\nselect 1') };
  call('primary', 'POST', '/api/2.0/workspace/import', { path: '/Shared/nb', format: 'SOURCE', ...notebook });
  makeJob('every SQL task', tasks());
  rig.primary.tick();
}, 60_000);

afterAll(() => rig.close());

function call(side: Side, method: string, path: string, body?: object): Json {
  return (rig[side].call(method, path, body).json ?? {}) as Json;
}
function grants(permission_level: string) {
  return { access_control_list: [{ user_name: 'alice@example.com', permission_level }] };
}
function makeJob(name: string, list: object[]): number {
  return call('primary', 'POST', '/api/2.2/jobs/create', { name, tasks: list })['job_id'] as number;
}
/** A task for each way to point at something of SQL. */
function tasks(): object[] {
  const { warehouse, query, alert, legacyAlert, dashboard, mail } = sql;
  const warehouse_id = warehouse;
  const subscribers = [{ destination_id: mail }, { user_name: 'alice@example.com' }];
  const work = {
    query: { sql_task: { warehouse_id, query: { query_id: query } } },
    legacy: { sql_task: { warehouse_id, alert: { alert_id: legacyAlert, subscriptions: subscribers } } },
    alert: { alert_task: { alert_id: alert, warehouse_id, subscribers } },
    byPath: { alert_task: { workspace_path: `/Workspace${alertPath}`, warehouse_id } },
    dashboard: { dashboard_task: { dashboard_id: dashboard, warehouse_id, subscription: { subscribers } } },
    dbt: { new_cluster: cluster, dbt_task: { commands: ['dbt run'], warehouse_id } },
    powerBi: { power_bi_task: { warehouse_id } },
    notebook: { notebook_task: { notebook_path: '/Shared/nb', warehouse_id } },
    repeated: {
      for_each_task: {
        inputs: '[1]',
        task: { task_key: 'one', sql_task: { warehouse_id, query: { query_id: query } } },
      },
    },
    told: {
      new_cluster: cluster,
      webhook_notifications: { on_failure: [{ id: mail }] },
      sql_task: { warehouse_id },
    },
  };
  return Object.entries(work).map(([task_key, task]) => ({ task_key, ...task }));
}
async function refresh() {
  const { runId, status, counts } = await rig.run('refresh');
  const report = (await readReport(rig.runtime.state, runId)) as Report;
  const outcomes = new Map(report.outcomes.map((one) => [one.key, `${one.outcome}: ${one.reason}`]));
  return { status, counts, outcomes, report };
}
function jobsOf(side: Side): Json[] {
  return call(side, 'GET', '/api/2.2/jobs/list?limit=100&expand_tasks=true')['jobs'] as Json[];
}
function stateOf(side: Side) {
  const [warehouse] = call(side, 'GET', '/api/2.0/sql/warehouses')['warehouses'] as Json[];
  const alerts = call(side, 'GET', '/api/2.0/alerts')['alerts'] as { display_name: string; schedule: Json }[];
  const dashboards = call(side, 'GET', lakeview)['dashboards'] as Json[];
  const schedules = dashboards.flatMap(
    ({ dashboard_id }) =>
      (call(side, 'GET', `${lakeview}/${String(dashboard_id)}/schedules`)['schedules'] ?? []) as Json[],
  );
  return {
    warehouse: warehouse!['state'],
    alerts: alerts
      .map(({ display_name, schedule }) => `${display_name} ${String(schedule['pause_status'])}`)
      .sort(),
    schedules: schedules.map((schedule) => schedule['pause_status']).sort(),
  };
}

it('is all carried, asleep, and every id in a job is that of the other side', async () => {
  const { status, outcomes, report } = await refresh();
  await rig.clock.sleep(5_000);
  rig.secondary.tick();

  expect([...outcomes].filter(([, text]) => !text.startsWith('restored'))).toEqual([]);
  expect(status).toBe('succeeded');
  expect(report.readiness.jobs).toEqual([]);
  expect(stateOf('secondary')).toEqual({
    warehouse: 'STOPPED',
    alerts: ['too late PAUSED'],
    schedules: ['PAUSED'],
  });
  const text = JSON.stringify(jobsOf('secondary').map(({ settings }) => (settings as Json)['tasks']));
  for (const id of [sql.warehouse, sql.query, sql.alert, sql.legacyAlert, sql.dashboard, sql.mail])
    expect(text).not.toContain(id);
  expect(asleep(dumpWorkspace(rig.secondary))).toEqual(asleep(dumpWorkspace(rig.primary)));
}, 60_000);

it('is left alone by the next refresh', async () => {
  const seq = rig.secondary.requests.lastSeq();

  const { status } = await refresh();

  expect(status).toBe('succeeded');
  expect(rig.secondary.requests.mutatingSince(seq)).toEqual([]);
}, 60_000);

it('follows what is changed: one call for each, and a draft that was published is published again', async () => {
  call('primary', 'PATCH', `${lakeview}/${sql.dashboard}`, { display_name: 'Sales of today' });
  call('primary', 'POST', `${lakeview}/${sql.dashboard}/published`, { embed_credentials: true });
  const paused = {
    schedule: { quartz_cron_schedule: '0 0 6 * * ?', timezone_id: 'UTC', pause_status: 'PAUSED' },
  };
  const second = {
    ...call('primary', 'GET', `/api/2.0/alerts/${sql.alert}`),
    display_name: 'paused',
    ...paused,
  };
  call('primary', 'POST', '/api/2.0/alerts', second);
  const seq = rig.secondary.requests.lastSeq();

  const { status, outcomes } = await refresh();

  expect(status).toBe('succeeded');
  const writes = rig.secondary.requests.mutatingSince(seq).map(({ method, path }) => `${method} ${path}`);
  expect(writes.filter((write) => write.includes('/lakeview/'))).toEqual([
    expect.stringMatching(/^PATCH \/api\/2.0\/lakeview\/dashboards\/\w+$/),
    expect.stringMatching(/^POST \/api\/2.0\/lakeview\/dashboards\/\w+\/published$/),
  ]);
  expect(outcomes.get(`dashboard/${sql.dashboard}`)).toContain('restored');
  expect(asleep(dumpWorkspace(rig.secondary))).toEqual(asleep(dumpWorkspace(rig.primary)));
}, 60_000);

it('leaves a destination with a secret to a person, blocks what needs it with the chain, and links it once it is there', async () => {
  const destination = { display_name: 'ops', config: { slack: { url: 'https://hooks.example/secret' } } };
  hook = call('primary', 'POST', '/api/2.0/notification-destinations', destination)['id'] as string;
  const told = {
    task_key: 'told',
    new_cluster: cluster,
    webhook_notifications: { on_failure: [{ id: hook }] },
  };
  const needy = makeJob('needy', [{ ...told, notebook_task: { notebook_path: '/Shared/nb' } }]);
  const before = await refresh();
  call('secondary', 'POST', '/api/2.0/notification-destinations', destination);
  const after = await refresh();

  const todo = /^blocked: make the slack destination "ops" there with its URL or key/;
  expect(before.outcomes.get(`notification-destination/${hook}`)).toMatch(todo);
  expect(before.outcomes.get(`job/${needy}`)).toContain(
    `needs notification-destination/${hook}: blocked: make the`,
  );
  expect(JSON.stringify(before.report)).not.toContain('hooks.example');
  expect([before.status, after.status]).toEqual(['partiallyFailed', 'succeeded']);
  expect(jobsOf('secondary').map(({ settings }) => (settings as Json)['name'])).toContain('needy');
}, 60_000);

it('is woken at the cutover exactly as it was awake, and stilled at the source', async () => {
  const run = await rig.run('failover');

  expect(run.status).toBe('succeeded');
  expect(stateOf('secondary')).toMatchObject({
    alerts: ['paused PAUSED', 'too late UNPAUSED'],
    schedules: ['UNPAUSED'],
  });
  expect(stateOf('primary')).toMatchObject({
    alerts: ['paused PAUSED', 'too late PAUSED'],
    schedules: ['PAUSED'],
  });
}, 60_000);
