import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const alertFixtures = {
  active: '01-sh-incident-active-primary',
  update: '02-sh-incident-update-same-tracking-more-services',
  resolved: '03-sh-incident-resolved-still-Fired',
  maintenance: '05-sh-maintenance-must-not-match',
  synthetic: '06-sh-test-action-synthetic-must-not-match',
  metric: '08-metric-webtest-workspace-down',
} as const;

/** A documented payload of an Azure Monitor webhook, free to be changed. */
export interface AlertPayload {
  schemaId: string;
  data: {
    essentials: Record<string, unknown>;
    alertContext: Record<string, unknown> & { properties: Record<string, unknown> };
    customProperties?: Record<string, unknown>;
  };
}

export function readAlert(name: keyof typeof alertFixtures): AlertPayload {
  const file = join(__dirname, '..', 'fixtures', 'alerts', `${alertFixtures[name]}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as AlertPayload;
}

/** The active incident of the fixtures with other impacted services. */
export function alertWithImpacts(impactedServices: unknown): AlertPayload {
  const alert = readAlert('active');
  alert.data.alertContext.properties['impactedServices'] = impactedServices;
  return alert;
}

/** One element of `impactedServices`, as Azure writes it. */
export function impact(service: string, ...regions: readonly string[]): object {
  return { ServiceName: service, ImpactedRegions: regions.map((RegionName) => ({ RegionName })) };
}

/** A Resource Health alert, by the documentation of its properties. */
export function resourceHealthAlert(monitoringService: string, properties: object): AlertPayload {
  const alert = readAlert('active');
  alert.data.essentials['monitoringService'] = monitoringService;
  alert.data.essentials['alertTargetIDs'] = ['/subscriptions/1/…/storageAccounts/LakeEastUs2'];
  alert.data.alertContext.properties = { title: 'storage', ...properties };
  return alert;
}

/** The same event as the legacy schema carries it. */
export function legacyAlert(eventSource = 'ServiceHealth'): object {
  const { properties } = readAlert('active').data.alertContext;
  const activityLog = {
    eventSource,
    eventTimestamp: '2026-03-04T09:41:05.5778226+00:00',
    eventDataId: 'e0000001',
    level: 'Warning',
    status: 'Active',
    subscriptionId: '11111111-1111-1111-1111-111111111111',
    properties,
  };
  return {
    schemaId: 'Microsoft.Insights/activityLogs',
    data: { status: 'Activated', context: { activityLog } },
  };
}
