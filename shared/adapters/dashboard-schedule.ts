import type { Workspace } from '../databricks/workspace';
import { canonicalJson, hashBody, keyOf, type Stub } from '../domain/asset';
import { hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { dashboardsPath, listDashboards } from './dashboard';
import { isRow, omit, sortedBy, type Row } from './fields';
import { readEach } from './sql-object';
import { listedBody } from './vanished';

/** When a dashboard is refreshed and to whom it is sent. */
export interface DashboardScheduleBody {
  readonly dashboard_id: string;
  readonly display_name?: string;
  readonly cron_schedule?: Row;
  readonly pause_status?: string;
  readonly warehouse_id?: string;
  /** A set: users and destinations. */
  readonly subscriptions: readonly Row[];
}

interface ScheduleRow extends Row {
  readonly schedule_id: string;
}

interface SubscriptionRow extends Row {
  readonly subscription_id: string;
}

const platformOwned = ['schedule_id', 'create_time', 'update_time', 'etag'];
const subscriptionOwned = [
  ...['subscription_id', 'schedule_id', 'dashboard_id', 'create_time', 'update_time', 'etag'],
  ...['created_by_user_id', 'skip_notify'],
];

export const dashboardSchedule: Adapter<DashboardScheduleBody> = {
  kind: 'dashboard-schedule',
  step: 'ecosystem',
  carries: 'when AI/BI dashboards are refreshed and to whom they are sent; paused until cutover',
  references: [
    { at: 'dashboard_id', to: 'dashboard' },
    { at: 'warehouse_id', to: 'sql-warehouse' },
    {
      at: 'subscriptions[].subscriber.destination_subscriber.destination_id',
      to: 'notification-destination',
    },
    { at: 'subscriptions[].subscriber.user_subscriber.user_id', to: 'user' },
  ],
  ignore: ['subscriptions'],
  late: ['subscriptions'],
  // Its dashboard, name and time are all that there is to know it by.
  unlinked: 'link',

  async *list(from) {
    const lists = await readEach(from, await listDashboards(from), ({ dashboard_id }) =>
      schedulesOf(from, dashboard_id),
    );
    yield* withoutTwins(lists.flat());
  },
  export: (_from, stub) => listedBody('dashboard-schedule', stub),
  // What this run made is in the index under its name at the source, which has another dashboard in it.
  find: (index, { body }, marker) => (index.byMarker(marker) ?? index.byName(nameOf(body)))?.id,
  asleep: (body) => ({ ...body, pause_status: 'PAUSED', subscriptions: sorted(body.subscriptions) }),
  async create(target, body) {
    const at = `${dashboardsPath}/${body.dashboard_id}/schedules`;
    const { schedule_id } = await target.post<ScheduleRow>(at, requestOf(body, 'PAUSED'));
    return `${body.dashboard_id}/${schedule_id}`;
  },
  async update(target, id, body) {
    await replace(target, id, body, 'PAUSED');
  },
  settle: (target, id, body) => settleSubscriptions(target, id, body),
  async remove(target, id) {
    await target.delete(pathOf(id));
  },
  triggers: {
    awake: (body) => (body.pause_status === 'PAUSED' ? [] : ['schedule']),
    quiet: (from, id, body) => replace(from, id, body, 'PAUSED'),
    // Only when it runs: what somebody changed else there, and a conflict has left, stays.
    async wake(target, id, { cron_schedule }, triggers) {
      if (!triggers.includes('schedule')) return;
      const row = omit(await target.get<ScheduleRow>(pathOf(id)), platformOwned);
      const body = { ...row, ...(cron_schedule && { cron_schedule }) } as unknown as DashboardScheduleBody;
      await replace(target, id, body, 'UNPAUSED');
    },
  },
};

/** The API addresses a schedule under its dashboard. */
function pathOf(id: string): string {
  return `${dashboardsPath}/${id.replace('/', '/schedules/')}`;
}

async function schedulesOf(from: Workspace, dashboardId: string): Promise<Stub[]> {
  const path = `${dashboardsPath}/${dashboardId}/schedules`;
  const rows = await Array.fromAsync(from.pages<ScheduleRow>(path, 'schedules', { page_size: 100 }));
  return from.each(rows, async (row) => {
    const id = `${dashboardId}/${row.schedule_id}`;
    const subscriptions = (await listSubscriptions(from, id)).map((one) => omit(one, subscriptionOwned));
    const body: DashboardScheduleBody = {
      ...omit(row, platformOwned),
      dashboard_id: dashboardId,
      subscriptions: sorted(subscriptions),
    };
    const stub = { id, name: nameOf(body), version: hashBody(body), body };
    return { ...stub, owner: keyOf('dashboard', dashboardId) };
  });
}

/** Two that nothing tells apart cannot both be found again. */
function withoutTwins(stubs: readonly Stub[]): Stub[] {
  const seen = new Set<string>();
  return stubs.map((stub) => {
    if (!seen.has(stub.name)) {
      seen.add(stub.name);
      return stub;
    }
    const { id, name, body = {} } = stub;
    // Its body says what has to be paused.
    return { id, name, body, skip: 'its dashboard has another schedule of the same name and time' };
  });
}

function nameOf({ dashboard_id, display_name, cron_schedule = {} }: DashboardScheduleBody): string {
  const { quartz_cron_expression: cron, timezone_id: zone } = cron_schedule;
  const label = display_name === undefined ? '' : `${display_name} `;
  return `${label}(${String(cron)} ${String(zone)}) of dashboard ${dashboard_id}`;
}

function sorted(subscriptions: readonly Row[]): Row[] {
  return sortedBy(subscriptions, canonicalJson);
}

function requestOf(body: DashboardScheduleBody, pause_status: 'PAUSED' | 'UNPAUSED'): object {
  return { ...omit(body, ['dashboard_id', 'subscriptions']), pause_status };
}

async function replace(
  workspace: Workspace,
  id: string,
  body: DashboardScheduleBody,
  pause_status: 'PAUSED' | 'UNPAUSED',
): Promise<void> {
  await workspace.put(pathOf(id), requestOf(body, pause_status));
}

function listSubscriptions(from: Workspace, id: string): Promise<SubscriptionRow[]> {
  const path = `${pathOf(id)}/subscriptions`;
  return Array.fromAsync(from.pages<SubscriptionRow>(path, 'subscriptions', { page_size: 100 }));
}

/** After a lost answer somebody may be subscribed already: it is looked again, this often, before anybody is asked for twice. */
const looks = 3;

/** Subscribes who is missing and ends what is not wanted any more. */
async function settleSubscriptions(
  target: Workspace,
  id: string,
  body: DashboardScheduleBody,
  looksLeft = looks,
): Promise<readonly string[]> {
  const path = `${pathOf(id)}/subscriptions`;
  const now = await listSubscriptions(target, id);
  const there = new Map(now.map((row) => [subscriberIn(row), row.subscription_id]));
  try {
    for (const wanted of body.subscriptions) {
      if (!there.delete(subscriberIn(wanted))) await target.post(path, { ...wanted, skip_notify: true });
    }
  } catch (error) {
    if (!hasCode(error, 'DR_API_AMBIGUOUS') || looksLeft === 0) throw error;
    return settleSubscriptions(target, id, body, looksLeft - 1);
  }
  for (const unwanted of there.values()) await target.delete(`${path}/${unwanted}`);
  return [];
}

function subscriberIn(row: Row): string {
  return canonicalJson(isRow(row['subscriber']) ? row['subscriber'] : {});
}
