import { type Awake } from './side';

type Row = Readonly<Record<string, unknown>>;
type Read = <T>(path: string) => Promise<T>;

const dashboards = '/api/2.0/lakeview/dashboards';

/** What is awake of the kinds that carry no marker: alerts, schedules of dashboards, global init scripts. Both sides know them by name. */
export async function namedAwake(read: Read): Promise<Awake[]> {
  const [alerts, boards, scripts] = await Promise.all([
    rowsOf(read, '/api/2.0/alerts?page_size=100', 'alerts'),
    rowsOf(read, `${dashboards}?page_size=100`, 'dashboards'),
    rowsOf(read, '/api/2.0/global-init-scripts', 'scripts'),
  ]);
  const schedules = await Promise.all(boards.map((board) => schedulesOf(read, board)));
  return [
    ...alerts.flatMap((row) =>
      isPaused(row['schedule']) ? [] : [awake('alert', alertPath(row), 'schedule')],
    ),
    ...schedules.flat(),
    ...scripts.flatMap(({ name, enabled }) =>
      enabled === true ? [awake('global-init-script', textOf(name), 'enabled')] : [],
    ),
  ];
}

async function schedulesOf(read: Read, { dashboard_id, display_name }: Row): Promise<Awake[]> {
  const path = `${dashboards}/${textOf(dashboard_id)}/schedules?page_size=100`;
  const schedules = await rowsOf(read, path, 'schedules');
  return schedules.flatMap((row) =>
    isPaused(row)
      ? []
      : [awake('dashboard-schedule', `${textOf(display_name)}: ${textOf(row['display_name'])}`, 'schedule')],
  );
}

/** As reports name it. */
function alertPath({ parent_path, display_name }: Row): string {
  return `${textOf(parent_path).replace(/^\/Workspace(?=\/)/, '')}/${textOf(display_name)}.dbalert.json`;
}

function awake(kind: string, name: string, triggers: string): Awake {
  return { key: `${kind}/${name}`, name, triggers };
}

function isPaused(schedule: unknown): boolean {
  return typeof schedule !== 'object' || schedule === null || (schedule as Row)['pause_status'] === 'PAUSED';
}

async function rowsOf(read: Read, path: string, member: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let next = ''; ;) {
    const page = await read<Row>(next === '' ? path : `${path}&page_token=${encodeURIComponent(next)}`);
    rows.push(...((page[member] ?? []) as Row[]));
    next = textOf(page['next_page_token']);
    if (next === '') return rows;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
