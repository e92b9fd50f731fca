import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Sample } from './adapter-estate';

/** Ids at the workspace that was filled. */
export interface SqlEstate {
  readonly warehouse: string;
  readonly query: string;
  readonly alert: string;
  readonly legacyAlert: string;
  readonly dashboard: string;
  /** `dashboard/schedule`. */
  readonly schedule: string;
  readonly mail: string;
  readonly samples: Readonly<Record<string, Sample>>;
}

const folder = '/Users/alice@example.com';
const lakeview = '/api/2.0/lakeview/dashboards';

/** What analysts make: at least one asset of each kind of SQL, on one warehouse. Alice and her home must be there. */
export function fillSql(workspace: EmulatedWorkspace): SqlEstate {
  const send = (method: string, path: string, body: object) =>
    workspace.call(method, path, body).json as Record<string, string>;
  const make = (path: string, body: object, id = 'id'): string => send('POST', path, body)[id]!;
  const tags = { custom_tags: [{ key: 'team', value: 'bi' }] };
  const bi = { name: 'bi', cluster_size: 'Small', warehouse_type: 'PRO', auto_stop_mins: 0, tags };
  const warehouse = make('/api/2.0/sql/warehouses', bi);
  const mail = makeMail(make);
  const query = makeQuery(make, warehouse);
  const legacyAlert = makeLegacyAlert(make, query);
  const alert = makeAlert(make, warehouse, mail);
  const made = makeDashboard(make, warehouse);
  const schedule = makeSchedule(workspace, make, made, mail);
  const change = (method: string, path: string, body: object) => (): void => void send(method, path, body);
  const queryChange = { query: { query_text: 'select 2' }, update_mask: 'query_text' };
  const cron_schedule = { quartz_cron_expression: '0 0 8 * * ?', timezone_id: 'UTC' };
  const samples: Record<string, Sample> = {
    'sql-warehouse': {
      name: 'bi',
      change: change('POST', `/api/2.0/sql/warehouses/${warehouse}/edit`, { max_num_clusters: 4 }),
    },
    'notification-destination': {
      name: 'on call',
      change: change('PATCH', `/api/2.0/notification-destinations/${mail}`, {
        config: { email: { addresses: ['other@example.com'] } },
      }),
    },
    query: {
      name: `${folder}/late orders`,
      change: change('PATCH', `/api/2.0/sql/queries/${query}`, queryChange),
    },
    alert: {
      name: `${folder}/too late.dbalert.json`,
      change: change('PATCH', `/api/2.0/alerts/${alert}?update_mask=query_text`, {
        query_text: 'select 2 n',
      }),
    },
    dashboard: {
      name: `${folder}/Sales.lvdash.json`,
      change: change('PATCH', `${lakeview}/${made}`, { serialized_dashboard: serialized('select 2') }),
    },
    'dashboard-schedule': {
      name: `(0 0 8 * * ? UTC) of dashboard ${made}`,
      change: change('PUT', `${lakeview}/${schedule.replace('/', '/schedules/')}`, {
        cron_schedule,
        warehouse_id: warehouse,
      }),
    },
  };
  return { warehouse, query, alert, legacyAlert, dashboard: made, schedule, mail, samples };
}

type Make = (path: string, body: object, id?: string) => string;

function makeMail(make: Make): string {
  const config = { email: { addresses: ['oncall@example.com'] } };
  return make('/api/2.0/notification-destinations', { display_name: 'on call', config });
}

function makeQuery(make: Make, warehouse_id: string): string {
  const at = '/api/2.0/sql/queries';
  const common = { warehouse_id, parent_path: folder };
  const regions = make(at, { query: { ...common, display_name: 'regions', query_text: 'select 1 r' } });
  const parameters = [{ name: 'region', query_backed_value: { query_id: regions } }];
  const late = { ...common, display_name: 'late orders', query_text: 'select 1', tags: ['bi'], parameters };
  return make(at, { query: late });
}

function makeLegacyAlert(make: Make, query_id: string): string {
  const condition = { op: 'GREATER_THAN', operand: { column: { name: 'n' } } };
  const alert = { display_name: 'too late (old)', query_id, condition, parent_path: folder };
  return make('/api/2.0/sql/alerts', { alert });
}

function makeAlert(make: Make, warehouse_id: string, destination_id: string): string {
  const subscriptions = [{ destination_id }, { user_email: 'alice@example.com' }];
  return make('/api/2.0/alerts', {
    ...{ display_name: 'too late', query_text: 'select 1 n', warehouse_id, parent_path: folder },
    evaluation: {
      ...{ source: { name: 'n' }, comparison_operator: 'GREATER_THAN' },
      ...{ threshold: { value: { double_value: 10 } }, notification: { subscriptions } },
    },
    schedule: { quartz_cron_schedule: '0 0/30 * * * ?', timezone_id: 'Europe/Berlin' },
  });
}

/** The content of a dashboard of one page and one dataset. */
export function serialized(text: string): string {
  const datasets = [{ name: 'd1', displayName: 'orders', queryLines: [text] }];
  return JSON.stringify({ pages: [{ name: 'p1', displayName: 'Page', layout: [] }], datasets }, undefined, 2);
}

function makeDashboard(make: Make, warehouse_id: string): string {
  const body = { warehouse_id, parent_path: `/Workspace${folder}` };
  const content = { serialized_dashboard: serialized('select 1') };
  const made = make(lakeview, { ...body, ...content, display_name: 'Sales' }, 'dashboard_id');
  make(`${lakeview}/${made}/published`, { embed_credentials: false, warehouse_id });
  make(lakeview, { ...body, ...content, display_name: 'Draft' }, 'dashboard_id');
  return made;
}

function makeSchedule(
  workspace: EmulatedWorkspace,
  make: Make,
  dashboard: string,
  destination_id: string,
): string {
  const cron_schedule = { quartz_cron_expression: '0 0 8 * * ?', timezone_id: 'UTC' };
  const at = `${lakeview}/${dashboard}/schedules`;
  const schedule = make(at, { cron_schedule }, 'schedule_id');
  const users = workspace.call(
    'GET',
    '/api/2.0/preview/scim/v2/Users?filter=userName eq "alice@example.com"',
  );
  const [alice] = (users.json as { Resources: { id: string }[] }).Resources;
  const subscribers = [
    { destination_subscriber: { destination_id } },
    { user_subscriber: { user_id: Number(alice!.id) } },
  ];
  for (const subscriber of subscribers) make(`${at}/${schedule}/subscriptions`, { subscriber });
  return `${dashboard}/${schedule}`;
}
