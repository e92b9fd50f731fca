import { type Caller } from '../workspace/area';
import { type Json } from '../workspace/fields';
import { type SqlWarehouses } from '../workspace/sql-warehouses';
import { type Builder } from './builder';
import { teamFolder } from './folders';
import { type People, type Team } from './people';
import { type Random } from './random';
import { actions, subjects } from './vocabulary';

interface Around {
  readonly builder: Builder;
  readonly random: Random;
  readonly team: Team;
  readonly owner: Caller;
  readonly folder: string;
  readonly warehouse: string;
  readonly mail: string;
}

const lakeview = '/2.0/lakeview/dashboards';

/** What analysts made: warehouses, queries, alerts, dashboards with their schedules; some awake, some paused. */
export function fillSql(builder: Builder, people: People): void {
  const random = builder.random('sql');
  const mail = makeMail(builder);
  const warehouses = makeWarehouses(builder, people);
  const count = Math.max(4, Math.ceil(builder.counts.jobs / 10));
  for (let at = 0; at < count; at++) {
    const team = people.teams[at % people.teams.length];
    if (!team) throw new Error('an estate needs teams');
    const owner = at % 5 === 4 ? team.robot : random.pick(team.members);
    const folder = owner.servicePrincipal ? teamFolder(team) : `/Users/${owner.name}`;
    const around = { builder, random, team, owner, folder, warehouse: random.pick(warehouses), mail };
    const query = makeQuery(around, at);
    makeAlert(around, at, query);
    makeDashboard(around, at);
  }
  builder.workspace.core.area<SqlWarehouses>('sql-warehouses').stopAll();
}

function makeMail(builder: Builder): string {
  const config = { email: { addresses: ['data-on-call@contoso.com'] } };
  const body = { display_name: 'data on call', config };
  return String(builder.post('/2.0/notification-destinations', body)['id']);
}

function makeWarehouses(builder: Builder, { teams }: People): string[] {
  const count = Math.max(2, Math.ceil(builder.counts.clusters / 10));
  return Array.from({ length: count }, (_, at) => {
    const team = teams[at % teams.length];
    const id = builder.post(
      '/2.0/sql/warehouses',
      {
        name: `${team?.name ?? ''} ${at + 1}`,
        cluster_size: at % 2 === 0 ? '2X-Small' : 'Medium',
        warehouse_type: 'PRO',
        enable_serverless_compute: at % 2 === 0,
        max_num_clusters: 1 + (at % 3),
        auto_stop_mins: 10,
        channel: { name: at % 3 === 1 ? 'CHANNEL_NAME_PREVIEW' : 'CHANNEL_NAME_CURRENT' },
        tags: { custom_tags: [{ key: 'team', value: team?.name ?? '' }] },
      },
      team?.members[0],
    )['id'];
    const grants = team ? [{ group_name: team.group, permission_level: 'CAN_USE' }] : [];
    builder.grant('warehouses', String(id), grants);
    return String(id);
  });
}

function makeQuery({ builder, random, team, owner, folder, warehouse }: Around, at: number): string {
  const subject: string = random.pick(subjects);
  const query = {
    display_name: `${random.pick(actions)} ${subject} ${at + 1}`,
    query_text: `SELECT region, count(*) AS total\nFROM gold.${subject}\nGROUP BY region`,
    warehouse_id: warehouse,
    parent_path: `/Workspace${folder}`,
    run_as_mode: at % 2 === 0 ? 'OWNER' : 'VIEWER',
    tags: [team.name],
    ...(at % 3 === 1 ? { description: `Made for ${team.name}`, catalog: 'main', schema: 'gold' } : {}),
    ...(at % 4 === 2 ? { parameters: [{ name: 'region', text_value: { value: 'EMEA' } }] } : {}),
  };
  const id = String(builder.post('/2.0/sql/queries', { query }, owner)['id']);
  if (at % 2 === 1) builder.grant('queries', id, [{ group_name: team.group, permission_level: 'CAN_RUN' }]);
  return id;
}

function makeAlert(around: Around, at: number, query_id: string): void {
  const { builder, random, team, owner, folder, warehouse, mail } = around;
  const name = `${random.pick(subjects)} too low ${at + 1}`;
  if (at % 4 === 3) {
    const condition = { op: 'LESS_THAN', operand: { column: { name: 'total' } } };
    const alert = { display_name: `${name} (old)`, query_id, condition, parent_path: folder };
    builder.post('/2.0/sql/alerts', { alert }, owner);
  }
  const subscriptions: Json[] = [{ destination_id: mail }];
  if (!owner.servicePrincipal) subscriptions.push({ user_email: owner.name });
  builder.post(
    '/2.0/alerts',
    {
      display_name: name,
      query_text: `SELECT count(*) AS total FROM gold.${random.pick(subjects)}`,
      warehouse_id: warehouse,
      parent_path: folder,
      evaluation: {
        source: { name: 'total' },
        comparison_operator: 'LESS_THAN',
        threshold: { value: { double_value: random.between(1, 500) } },
        notification: { subscriptions, notify_on_ok: at % 2 === 0 },
      },
      schedule: {
        quartz_cron_schedule: `0 ${random.between(0, 59)} 6 * * ?`,
        timezone_id: 'Europe/Berlin',
        pause_status: at % 3 === 1 ? 'PAUSED' : 'UNPAUSED',
      },
      ...(at % 5 === 0 ? { run_as: { service_principal_name: team.robot.name } } : {}),
    },
    owner,
  );
}

/** The content as the editor writes it: pages of widgets over datasets. */
function makeDashboard(around: Around, at: number): void {
  const { builder, random, team, owner, folder, warehouse } = around;
  const subject: string = random.pick(subjects);
  const queryLines = [`SELECT region, total\n`, `FROM gold.${subject}_by_region\n`];
  const widget = { name: 'w1', queries: [{ name: 'main', query: { datasetName: 'd1' } }] };
  const position = { x: 0, y: 0, width: 6, height: 6 };
  const content = {
    datasets: [{ name: 'd1', displayName: subject, queryLines }],
    pages: [{ name: 'p1', displayName: 'Overview', layout: [{ widget, position }] }],
  };
  const id = String(
    builder.post(
      lakeview,
      {
        display_name: `${subject} ${at + 1}`,
        parent_path: folder,
        warehouse_id: warehouse,
        serialized_dashboard: JSON.stringify(content),
      },
      owner,
    )['dashboard_id'],
  );
  if (at % 2 === 0)
    builder.grant('dashboards', id, [{ group_name: team.group, permission_level: 'CAN_READ' }]);
  if (at % 3 === 2) return;
  builder.post(
    `${lakeview}/${id}/published`,
    { embed_credentials: at % 3 === 1, warehouse_id: warehouse },
    owner,
  );
  if (at % 2 === 0) makeSchedule(around, id, at);
}

function makeSchedule({ builder, random, owner, mail }: Around, dashboard: string, at: number): void {
  const schedules = `${lakeview}/${dashboard}/schedules`;
  const schedule = {
    cron_schedule: { quartz_cron_expression: `0 ${random.between(0, 59)} 8 ? * MON-FRI`, timezone_id: 'UTC' },
    pause_status: at % 4 === 2 ? 'PAUSED' : 'UNPAUSED',
  };
  const id = String(builder.post(schedules, schedule, owner)['schedule_id']);
  const subscriber = { destination_subscriber: { destination_id: mail } };
  builder.post(`${schedules}/${id}/subscriptions`, { subscriber }, owner);
}
