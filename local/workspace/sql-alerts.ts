import { ApiError, type Caller, type Core } from './area';
import { parseCron } from './cron';
import { invalid, type Json, jsonIn, requiredText, rowsIn, textIn, without } from './fields';
import { type NotificationDestinations } from './notification-destinations';
import { isPrincipal } from './principals';
import { SqlObjects } from './sql-objects';
import { checkQueryId } from './sql-queries';
import { type SqlWarehouses } from './sql-warehouses';
import { isZone } from './zone';

/** Alerts: https://docs.databricks.com/api/azure/workspace/alertsv2 */
export function sqlAlerts(core: Core): SqlObjects {
  return new SqlObjects(core, {
    area: 'sql-alerts',
    path: '/api/2.0/alerts',
    rows: 'alerts',
    hidesFolder: false,
    tree: { type: 'ALERT', securable: 'alertsv2', extension: '.dbalert.json' },
    check: checkAlert,
    show: ({ settings, owner }) => ({
      evaluation: { ...jsonIn(settings, 'evaluation'), state: 'UNKNOWN' },
      effective_run_as: settings['run_as'] ?? { user_name: owner },
    }),
    ownable: false,
  });
}

/** Alerts of the first version, on a saved query: https://docs.databricks.com/api/azure/workspace/alerts. Their schedules are not in the API. */
export function legacyAlerts(core: Core): SqlObjects {
  return new SqlObjects(core, {
    area: 'legacy-alerts',
    path: '/api/2.0/sql/alerts',
    wrapper: 'alert',
    rows: 'results',
    hidesFolder: true,
    tree: { type: 'ALERT', securable: 'alerts', extension: '.dbalert' },
    check: checkLegacyAlert,
    show: () => ({ state: 'UNKNOWN' }),
    ownable: true,
  });
}

function checkLegacyAlert(core: Core, settings: Json): Json {
  requiredText(settings, 'display_name');
  checkQueryId(core, requiredText(settings, 'query_id'));
  if (Object.keys(jsonIn(settings, 'condition')).length === 0)
    throw invalid('Missing required field: condition');
  return settings;
}

function checkAlert(core: Core, settings: Json, caller: Caller, before: Json = {}): Json {
  requiredText(settings, 'display_name');
  requiredText(settings, 'query_text');
  const warehouse = requiredText(settings, 'warehouse_id');
  if (warehouse !== before['warehouse_id']) core.area<SqlWarehouses>('sql-warehouses').check(warehouse);
  const evaluation = jsonIn(settings, 'evaluation');
  requiredText(evaluation, 'comparison_operator');
  const subscriptions = rowsIn(jsonIn(evaluation, 'notification'), 'subscriptions');
  const destinations = core.area<NotificationDestinations>('notification-destinations');
  for (const subscription of subscriptions) destinations.check(textIn(subscription, 'destination_id'));
  const schedule = jsonIn(settings, 'schedule');
  checkCron(requiredText(schedule, 'quartz_cron_schedule'), requiredText(schedule, 'timezone_id'));
  checkRunAs(core, jsonIn(settings, 'run_as'), caller);
  return {
    ...settings,
    evaluation: without(evaluation, 'state', 'last_evaluated_at'),
    schedule: { pause_status: 'UNPAUSED', ...schedule },
  };
}

export function checkCron(expression: string, timeZone: string): void {
  if (!parseCron(expression) || !isZone(timeZone))
    throw invalid(`Invalid schedule: ${expression} (${timeZone})`);
}

/** A user can only be said by that user; a service principal must be there. */
function checkRunAs(core: Core, runAs: Json, caller: Caller): void {
  const user = textIn(runAs, 'user_name');
  if (user !== undefined && user !== caller.name)
    throw new ApiError(403, 'PERMISSION_DENIED', 'run_as can only be set to your own user name.');
  const robot = textIn(runAs, 'service_principal_name');
  if (robot !== undefined && !isPrincipal(core, robot))
    throw invalid(`The principal ${robot} does not exist.`);
}
