import { type Answer, ApiError, type Call, type Core } from './area';
import { copyOf, invalid, type Json, jsonIn, numberIn, requiredText, textIn } from './fields';
import { makeUuid } from './ids';
import { type DashboardRecord, type ScheduleRecord } from './lakeview-record';
import { type NotificationDestinations } from './notification-destinations';
import { limitIn, pageOf } from './page';
import { type ScimArea } from './scim';
import { checkCron } from './sql-alerts';
import { type SqlWarehouses } from './sql-warehouses';

const item = '/api/2.0/lakeview/dashboards/{id}/schedules';
const maxSubscriptions = 100;

/** When a dashboard is refreshed, and who is sent it. */
export class LakeviewSchedules {
  readonly routes = {
    [`GET ${item}`]: (call: Call) => this.list(call),
    [`POST ${item}`]: (call: Call) => this.create(call),
    [`GET ${item}/{schedule}`]: (call: Call) => ({ json: show(...this.known(call)) }),
    [`PUT ${item}/{schedule}`]: (call: Call) => this.replace(call),
    [`DELETE ${item}/{schedule}`]: (call: Call) => this.remove(call),
    [`GET ${item}/{schedule}/subscriptions`]: (call: Call) => this.listSubscriptions(call),
    [`POST ${item}/{schedule}/subscriptions`]: (call: Call) => this.subscribe(call),
    [`DELETE ${item}/{schedule}/subscriptions/{subscription}`]: (call: Call) => this.unsubscribe(call),
  };

  constructor(
    private readonly core: Core,
    private readonly dashboardOf: (id?: string) => DashboardRecord,
  ) {}

  private known({ params }: Call): [DashboardRecord, ScheduleRecord] {
    const dashboard = this.dashboardOf(params['id']);
    const schedule = dashboard.schedules[params['schedule'] ?? ''];
    if (schedule) return [dashboard, schedule];
    throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Unable to find schedule ${params['schedule'] ?? ''}`);
  }

  private list({ params, query }: Call): Answer {
    const dashboard = this.dashboardOf(params['id']);
    const all = Object.values(dashboard.schedules).map((schedule) => show(dashboard, schedule));
    return pageAnswer('schedules', all, query);
  }

  private create({ params, body }: Call): Answer {
    const dashboard = this.dashboardOf(params['id']);
    const schedule = { id: makeUuid(this.core), settings: this.checked(body), etag: 1, subscriptions: {} };
    dashboard.schedules[schedule.id] = schedule;
    return { json: show(dashboard, schedule) };
  }

  private replace(call: Call): Answer {
    const [dashboard, schedule] = this.known(call);
    const etag = textIn(call.body, 'etag');
    if (etag !== undefined && etag !== String(schedule.etag))
      throw new ApiError(
        409,
        'ABORTED',
        'The schedule was changed since it was read: its etag is another one.',
      );
    schedule.settings = this.checked(call.body);
    schedule.etag += 1;
    return { json: show(dashboard, schedule) };
  }

  private remove(call: Call): Answer {
    const [dashboard, schedule] = this.known(call);
    Reflect.deleteProperty(dashboard.schedules, schedule.id);
    return {};
  }

  private checked(body: Readonly<Json>): Json {
    const cron = jsonIn(body, 'cron_schedule');
    checkCron(requiredText(cron, 'quartz_cron_expression'), requiredText(cron, 'timezone_id'));
    const warehouse_id = textIn(body, 'warehouse_id');
    this.core.area<SqlWarehouses>('sql-warehouses').check(warehouse_id);
    const display_name = textIn(body, 'display_name');
    return {
      cron_schedule: copyOf(cron),
      pause_status: textIn(body, 'pause_status') ?? 'UNPAUSED',
      ...(warehouse_id === undefined ? {} : { warehouse_id }),
      ...(display_name === undefined ? {} : { display_name }),
    };
  }

  private listSubscriptions(call: Call): Answer {
    const [, schedule] = this.known(call);
    return pageAnswer('subscriptions', Object.values(schedule.subscriptions), call.query);
  }

  private subscribe(call: Call): Answer {
    const [dashboard, schedule] = this.known(call);
    if (Object.keys(schedule.subscriptions).length >= maxSubscriptions)
      throw new ApiError(
        400,
        'RESOURCE_LIMIT_EXCEEDED',
        `At most ${maxSubscriptions} subscriptions a schedule.`,
      );
    const subscriber = this.subscriberIn(call.body);
    const subscription_id = makeUuid(this.core);
    const ids = { subscription_id, schedule_id: schedule.id, dashboard_id: dashboard.id };
    const made = { ...ids, subscriber, skip_notify: call.body['skip_notify'] === true, etag: '1' };
    schedule.subscriptions[subscription_id] = made;
    return { json: made };
  }

  /** A destination, or a user by the id that SCIM gives. */
  private subscriberIn(body: Readonly<Json>): Json {
    const subscriber = jsonIn(body, 'subscriber');
    const destination = textIn(jsonIn(subscriber, 'destination_subscriber'), 'destination_id');
    const user = numberIn(jsonIn(subscriber, 'user_subscriber'), 'user_id');
    if ((destination === undefined) === (user === undefined))
      throw invalid('subscriber must be either a destination_subscriber or a user_subscriber');
    this.core.area<NotificationDestinations>('notification-destinations').check(destination);
    if (user !== undefined && !this.core.area<ScimArea>('scim').isUserId(String(user)))
      throw invalid(`User ${String(user)} does not exist.`);
    return copyOf(subscriber);
  }

  private unsubscribe(call: Call): Answer {
    const [, schedule] = this.known(call);
    const id = call.params['subscription'] ?? '';
    if (!schedule.subscriptions[id])
      throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Unable to find subscription ${id}`);
    Reflect.deleteProperty(schedule.subscriptions, id);
    return {};
  }
}

function show(dashboard: DashboardRecord, { id, settings, etag }: ScheduleRecord): Json {
  return { schedule_id: id, dashboard_id: dashboard.id, ...settings, etag: String(etag) };
}

function pageAnswer(field: string, all: readonly Json[], query: URLSearchParams): Answer {
  const page = pageOf(all, limitIn(query, 'page_size', 20, 100), query.get('page_token'));
  return {
    json: {
      ...(page.rows.length > 0 ? { [field]: page.rows } : {}),
      ...(page.next === undefined ? {} : { next_page_token: page.next }),
    },
  };
}
