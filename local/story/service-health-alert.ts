import { randomUUID } from 'node:crypto';
import { regionTitle } from '../../shared/domain/report-words';

const service = 'Azure Databricks';
const subscription = '/subscriptions/00000000-0000-0000-0000-000000000000';

export interface ServiceHealthAlert {
  readonly trackingId: string;
  readonly title: string;
  readonly payload: object;
}

/**
 * The alert of Azure Service Health that says that a region is hit, in the common alert schema
 * (learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema, service-health-notifications-properties).
 */
export function makeServiceHealthAlert(region: string, nowMs: number): ServiceHealthAlert {
  const now = new Date(nowMs).toISOString();
  const place = regionTitle(region);
  const title = `${service} - ${place} - Investigating`;
  const trackingId = `${randomUUID().slice(0, 4).toUpperCase()}-${randomUUID().slice(0, 3).toUpperCase()}`;
  const essentials = {
    alertId: `${subscription}/providers/Microsoft.AlertsManagement/alerts/${randomUUID()}`,
    alertRule: 'regional-failover-service-health',
    severity: 'Sev4',
    signalType: 'Activity Log',
    monitorCondition: 'Fired',
    monitoringService: 'ServiceHealth',
    alertTargetIDs: [subscription],
    originAlertId: randomUUID(),
    firedDateTime: now,
    description: `${service} in a protected region`,
    essentialsVersion: '1.0',
    alertContextVersion: '1.0',
  };
  const alertContext = { ...frameOf(now), properties: propertiesOf(place, title, trackingId, now) };
  return {
    trackingId,
    title,
    payload: { schemaId: 'azureMonitorCommonAlertSchema', data: { essentials, alertContext } },
  };
}

/** What every activity log event has. Level 2 is a warning. */
function frameOf(now: string): object {
  const correlationId = randomUUID();
  return {
    ...{ authorization: null, claims: null, caller: null, httpRequest: null },
    channels: 1,
    correlationId,
    eventSource: 2,
    eventTimestamp: now,
    eventDataId: randomUUID(),
    level: 2,
    operationName: 'Microsoft.ServiceHealth/incident/action',
    operationId: correlationId,
    status: 'Active',
    subStatus: null,
    submissionTimestamp: now,
    ResourceType: null,
  };
}

/** All of them texts, the list of impacts too. */
function propertiesOf(place: string, title: string, trackingId: string, now: string): object {
  const communication = `<p>Customers using ${service} in ${place} may be unable to access workspaces.</p>`;
  return {
    title,
    service,
    region: place,
    communication,
    incidentType: 'Incident',
    trackingId,
    impactStartTime: now,
    impactedServices: JSON.stringify([{ ImpactedRegions: [{ RegionName: place }], ServiceName: service }]),
    impactedServicesTableRows: `<tr><td>${service}</td><td>${place}</td></tr>`,
    defaultLanguageTitle: title,
    defaultLanguageContent: communication,
    stage: 'Active',
    communicationId: randomUUID(),
    isHIR: 'false',
    impactType: 'SubscriptionList',
    version: '0.1.1',
  };
}
