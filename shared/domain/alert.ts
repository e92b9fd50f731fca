import { z } from 'zod';
import { normalName } from './alert-names';
import { fromServiceHealth, serviceHealthEvent } from './alert-service-health';
import {
  ignored,
  instantOf,
  invalid,
  type IgnoredAlert,
  type InvalidAlert,
  type Signal,
  type SignalLevel,
} from './signal';

const text = z.string().nullish();

const essentials = z.object({
  alertId: text,
  alertRule: text,
  severity: text,
  monitorCondition: text,
  monitoringService: z.string(),
  alertTargetIDs: z.array(z.string()).nullish(),
  originAlertId: text,
  firedDateTime: text,
  resolvedDateTime: text,
});
type Essentials = z.output<typeof essentials>;

/** https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema */
const commonAlert = z.object({
  schemaId: z.literal('azureMonitorCommonAlertSchema'),
  data: z.object({
    essentials,
    alertContext: z.record(z.string(), z.unknown()),
    customProperties: z.record(z.string(), z.unknown()).nullish(),
  }),
});
type CommonAlert = z.output<typeof commonAlert>['data'];

/** https://learn.microsoft.com/azure/azure-monitor/alerts/activity-log-alerts-webhook */
const legacyAlert = z.object({
  schemaId: z.literal('Microsoft.Insights/activityLogs'),
  data: z.object({ context: z.object({ activityLog: z.looseObject({ eventSource: z.string() }) }) }),
});

const resourceHealthEvent = z.object({
  eventTimestamp: text,
  eventDataId: text,
  properties: z.object({ title: text, currentHealthStatus: text, cause: text }),
});

/** What an Azure Monitor webhook says: a signal, something of no concern, or nothing that can be read. Never throws. */
export function normaliseAlert(payload: unknown): Signal | IgnoredAlert | InvalidAlert {
  const common = commonAlert.safeParse(payload);
  if (common.success) return fromCommon(common.data.data);
  const legacy = legacyAlert.safeParse(payload);
  if (!legacy.success) return invalid('this is neither the common alert schema nor an activity log alert');
  const { activityLog } = legacy.data.data.context;
  if (activityLog.eventSource !== 'ServiceHealth') return ignored(`events of ${activityLog.eventSource}`);
  const event = serviceHealthEvent.safeParse(activityLog);
  return event.success ? fromServiceHealth(event.data) : invalid('the activity log has no properties');
}

function fromCommon(alert: CommonAlert): Signal | IgnoredAlert | InvalidAlert {
  switch (alert.essentials.monitoringService) {
    case 'ServiceHealth': {
      const event = serviceHealthEvent.safeParse(alert.alertContext);
      if (!event.success) return invalid('the alert context has no properties of a Service Health event');
      return fromServiceHealth(event.data, alert.essentials.firedDateTime);
    }
    // Two spellings: the test sample has the blank, the prose has not.
    case 'Resource Health':
    case 'ResourceHealth':
      return fromResourceHealth(alert);
    case 'Platform':
      return fromMetric(alert);
    default:
      return ignored(`alerts of ${alert.essentials.monitoringService}`);
  }
}

/** Workspaces have no Resource Health; that of storage or a vault counts only where the rule names the pair. */
function fromResourceHealth(alert: CommonAlert): Signal | IgnoredAlert | InvalidAlert {
  const event = resourceHealthEvent.safeParse(alert.alertContext);
  if (!event.success) return invalid('the alert context has no properties of a Resource Health event');
  const { currentHealthStatus: health, cause, title } = event.data.properties;
  if (cause === 'UserInitiated') return ignored('somebody did this on purpose');
  if (health !== 'Unavailable' && health !== 'Available')
    return ignored(`the resource is ${health ?? 'of no health'}: no outage`);
  const [target] = alert.essentials.alertTargetIDs ?? [];
  const at = instantOf(event.data.eventTimestamp ?? alert.essentials.firedDateTime);
  const seenId = event.data.eventDataId ?? alert.essentials.alertId;
  if (!target || !seenId || at === undefined)
    return invalid('alertTargetIDs, eventDataId and a time are needed');
  return {
    kind: 'signal',
    source: 'resourceHealth',
    key: target.toLowerCase(),
    seenId,
    status: health === 'Available' ? 'resolved' : 'active',
    impacts: [],
    level: 'warning',
    at,
    title: title ?? alert.essentials.alertRule ?? '',
    ...hintOf(alert),
  };
}

/** A metric alert is stateful: fired and resolved carry the same alert id. */
function fromMetric(alert: CommonAlert): Signal | IgnoredAlert | InvalidAlert {
  const { alertId, originAlertId, monitorCondition, alertRule } = alert.essentials;
  const resolved = monitorCondition === 'Resolved';
  const at = instantOf(resolved ? alert.essentials.resolvedDateTime : alert.essentials.firedDateTime);
  if (!alertId || !originAlertId || at === undefined)
    return invalid('alertId, originAlertId and a time are needed');
  return {
    kind: 'signal',
    source: 'metric',
    key: originAlertId,
    seenId: `${alertId}:${resolved ? 'Resolved' : 'Fired'}`,
    status: resolved ? 'resolved' : 'active',
    impacts: [],
    level: levelOf(alert.essentials),
    at,
    title: alertRule ?? '',
    ...hintOf(alert),
  };
}

function levelOf({ severity }: Essentials): SignalLevel {
  if (severity === 'Sev0' || severity === 'Sev1') return 'error';
  return severity === 'Sev2' ? 'warning' : 'informational';
}

function hintOf({ customProperties }: CommonAlert): { pairHint?: string } {
  const hint = customProperties?.['pairId'];
  return typeof hint === 'string' && hint !== '' ? { pairHint: hint } : {};
}

/** What a signal is matched against. */
export interface AlertTarget {
  readonly name: string;
  /** The region of the side that is active. */
  readonly region: string;
  /** Names of services whose outage concerns the pair; the region `Global` counts when it is among them. */
  readonly services: readonly string[];
}

/** Whether a signal is about this pair: by name, or service and region inside one and the same impact. */
export function matchAlert(signal: Signal, pair: AlertTarget): { matches: boolean; reason: string } {
  if (signal.pairHint !== undefined)
    return signal.pairHint === pair.name
      ? { matches: true, reason: `the alert names ${pair.name}` }
      : { matches: false, reason: `the alert names ${signal.pairHint}` };
  const services = new Set(pair.services.map(normalName));
  const regions = new Set([normalName(pair.region), ...(services.has('global') ? ['global'] : [])]);
  const hit = signal.impacts.find(
    (impact) =>
      services.has(normalName(impact.service)) &&
      impact.regions.some((region) => regions.has(normalName(region))),
  );
  return hit
    ? { matches: true, reason: `${hit.service} is hit in ${pair.region}` }
    : { matches: false, reason: `no service of ${pair.name} is hit in ${pair.region}` };
}
