type Json = Readonly<Record<string, unknown>>;
type Rows = readonly Json[];
type Get = (path: string) => Json;

const dashboards = '/api/2.0/lakeview/dashboards';
/** What names each sort of row: its id, and the field that tells people. */
const sorts = {
  warehouses: { kind: 'warehouse', name: 'name', type: 'warehouses' },
  queries: { kind: 'query', name: 'display_name', type: 'queries' },
  alerts: { kind: 'alert', name: 'display_name', type: 'alertsv2' },
  legacyAlerts: { kind: 'legacy alert', name: 'display_name', type: 'alerts' },
  dashboards: { kind: 'dashboard', name: 'display_name', type: 'dashboards' },
  destinations: { kind: 'destination', name: 'display_name' },
} as const;
type Sort = keyof typeof sorts;

/** Object types of the tree that are told here and not there. */
export const sqlTypes: ReadonlySet<unknown> = new Set(['QUERY', 'ALERT', 'DASHBOARD']);

/** Warehouses, queries, alerts, dashboards with their schedules, and destinations. */
export function readSql(get: Get): Record<Sort, Rows> {
  const all = (path: string, field: string): Rows => (get(`${path}?page_size=100`)[field] ?? []) as Rows;
  const each = (path: string, field: string): Rows =>
    all(path, field).map(({ id }) => get(`${path}/${String(id)}`));
  return {
    warehouses: all('/api/2.0/sql/warehouses', 'warehouses').map(withTags),
    queries: each('/api/2.0/sql/queries', 'results').map((row) => without(row, 'last_modifier_user_name')),
    // Who made an alert of the second version owns it for good.
    alerts: all('/api/2.0/alerts', 'alerts').map((row) =>
      without(row, 'owner_user_name', 'effective_run_as'),
    ),
    legacyAlerts: each('/api/2.0/sql/alerts', 'results'),
    dashboards: all(dashboards, 'dashboards').map(({ dashboard_id }) =>
      dashboardOf(get, String(dashboard_id)),
    ),
    destinations: each('/api/2.0/notification-destinations', 'results'),
  };
}

/** Who may do what with them. */
export function withSqlGrants(
  rows: Record<Sort, Rows>,
  grantsOf: (type: string, id: unknown) => unknown,
): Record<string, Rows> {
  const granted = Object.entries(rows).map(([sort, list]): [string, Rows] => {
    const known = sorts[sort as Sort];
    return [
      sort,
      'type' in known ? list.map((row) => ({ ...row, acl: grantsOf(known.type, row['id']) })) : list,
    ];
  });
  return Object.fromEntries(granted);
}

/** Names in the place of their ids. */
export function sqlNames(rows: Record<Sort, Rows>): [id: string, name: string][] {
  return Object.entries(rows).flatMap(([sort, list]) => {
    const { kind, name } = sorts[sort as Sort];
    return list.map((row): [string, string] => [String(row['id']), `<${kind} ${String(row[name])}>`]);
  });
}

function dashboardOf(get: Get, id: string): Json {
  const schedules = (get(`${dashboards}/${id}/schedules`)['schedules'] ?? []) as Rows;
  return {
    ...get(`${dashboards}/${id}`),
    id,
    published: publishedOf(get, id),
    schedules: schedules.map((schedule) => {
      const at = `${dashboards}/${id}/schedules/${String(schedule['schedule_id'])}/subscriptions`;
      const subscriptions = (get(at)['subscriptions'] ?? []) as Rows;
      return { ...schedule, subscribers: subscriptions.map(({ subscriber }) => subscriber) };
    }),
  };
}

function publishedOf(get: Get, id: string): unknown {
  try {
    return get(`${dashboards}/${id}/published`);
  } catch {
    return 'no';
  }
}

function withTags({ tags, ...row }: Json): Json {
  const list = ((tags as Json | undefined)?.['custom_tags'] ?? []) as { key: string; value: string }[];
  return { ...row, tags: Object.fromEntries(list.map(({ key, value }) => [key, value])) };
}

function without(row: Json, ...fields: readonly string[]): Json {
  return Object.fromEntries(Object.entries(row).filter(([field]) => !fields.includes(field)));
}
