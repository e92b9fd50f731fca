import { matchAlert, normaliseAlert } from '../../shared/domain/alert';
import type { Signal } from '../../shared/domain/signal';
import {
  alertWithImpacts,
  impact,
  legacyAlert,
  readAlert,
  resourceHealthAlert,
  type AlertPayload,
} from '../support/alerts';

const pair = { name: 'analytics', region: 'eastus2', services: ['Azure Databricks'] };

function signalOf(payload: unknown): Signal {
  const signal = normaliseAlert(payload);
  if (signal.kind !== 'signal') throw new Error(`${signal.kind}: ${signal.reason}`);
  return signal;
}

function changed(change: (alert: AlertPayload) => unknown): AlertPayload {
  const alert = readAlert('active');
  change(alert);
  return alert;
}

test('a Service Health incident becomes a signal that matches the pair', () => {
  const signal = signalOf(readAlert('active'));

  expect(signal).toEqual({
    kind: 'signal',
    source: 'serviceHealth',
    key: '7KV2-9P8',
    seenId: '11000000000001',
    status: 'active',
    impacts: [{ service: 'Azure Databricks', regions: ['East US 2'] }],
    level: 'warning',
    at: '2026-03-04T09:41:05.577Z',
    title: 'Azure Databricks - East US 2 - Investigating',
  });
  expect(matchAlert(signal, pair).matches).toBe(true);
});

test('an update of the incident has its key, and another message id', () => {
  const signal = signalOf(readAlert('update'));

  expect([signal.key, signal.seenId, signal.status]).toEqual(['7KV2-9P8', '11000000000002', 'active']);
  expect(matchAlert(signal, pair).matches).toBe(true);
});

test('an incident is resolved by its stage although the alert still says Fired', () => {
  const alert = readAlert('resolved');

  expect(alert.data.essentials['monitorCondition']).toBe('Fired');
  expect(signalOf(alert).status).toBe('resolved');
});

test('a web test alert is a signal for the pair that its rule names', () => {
  const signal = signalOf(readAlert('metric'));

  expect(signal).toMatchObject({
    source: 'metric',
    key: '11111111-1111-1111-1111-111111111111_rg-dr_microsoft.insights_metricAlerts_adb-primary-availability_-117781227',
    status: 'active',
    level: 'error',
    at: '2026-03-04T09:17:24.370Z',
    pairHint: 'eus2-cus',
  });
  expect(matchAlert(signal, { ...pair, name: 'eus2-cus' }).matches).toBe(true);
  expect(matchAlert(signal, pair).matches).toBe(false);
});

test('a web test alert is resolved at its own time, under the same key', () => {
  const fired = readAlert('metric');
  const over = readAlert('metric');
  over.data.essentials['monitorCondition'] = 'Resolved';
  over.data.essentials['resolvedDateTime'] = '2026-03-04T09:40:00Z';

  const signal = signalOf(over);

  expect([signal.status, signal.at]).toEqual(['resolved', '2026-03-04T09:40:00.000Z']);
  expect(signal.key).toBe(signalOf(fired).key);
  expect(signal.seenId).not.toBe(signalOf(fired).seenId);
});

test.each([
  { name: 'maintenance', payload: readAlert('maintenance') },
  { name: 'a test of the action group', payload: readAlert('synthetic') },
  {
    name: 'a root cause analysis',
    payload: changed((a) => (a.data.alertContext.properties['stage'] = 'RCA')),
  },
  {
    name: 'a security advisory',
    payload: changed((a) => (a.data.alertContext.properties['incidentType'] = 'Security')),
  },
  {
    name: 'a log alert',
    payload: changed((a) => (a.data.essentials['monitoringService'] = 'Log Alerts V2')),
  },
  {
    name: 'an administrative event',
    payload: changed((a) => (a.data.essentials['monitoringService'] = 'Activity Log - Administrative')),
  },
  { name: 'a legacy event of another source', payload: legacyAlert('Administrative') },
  {
    name: 'a resource that somebody stopped',
    payload: resourceHealthAlert('Resource Health', {
      currentHealthStatus: 'Unavailable',
      cause: 'UserInitiated',
    }),
  },
  {
    name: 'a degraded resource',
    payload: resourceHealthAlert('Resource Health', {
      currentHealthStatus: 'Degraded',
      cause: 'PlatformInitiated',
    }),
  },
])('ignores $name, with a reason', ({ payload }) => {
  expect(normaliseAlert(payload)).toEqual({ kind: 'ignored', reason: expect.stringMatching(/./) });
});

test.each([
  { name: 'nothing', payload: undefined },
  { name: 'a text', payload: 'alert' },
  { name: 'a list', payload: [readAlert('active')] },
  { name: 'an unknown schema', payload: changed((a) => (a.schemaId = 'Other')) },
  { name: 'no essentials', payload: changed((a) => Reflect.deleteProperty(a.data, 'essentials')) },
  { name: 'a context that is null', payload: changed((a) => Reflect.set(a.data, 'alertContext', null)) },
  {
    name: 'no properties',
    payload: changed((a) => Reflect.deleteProperty(a.data.alertContext, 'properties')),
  },
  {
    name: 'no tracking id',
    payload: changed((a) => Reflect.deleteProperty(a.data.alertContext.properties, 'trackingId')),
  },
  {
    name: 'a time that is none',
    payload: changed((a) => (a.data.alertContext['eventTimestamp'] = 'yesterday')),
  },
  { name: 'services that are no JSON', payload: alertWithImpacts('[{"ImpactedRegions":') },
  { name: 'services that are no list', payload: alertWithImpacts('{"ServiceName":"Azure Databricks"}') },
  { name: 'services without regions', payload: alertWithImpacts('[{"ServiceName":"Azure Databricks"}]') },
])('a payload with $name is invalid', ({ payload }) => {
  expect(normaliseAlert(payload)).toEqual({ kind: 'invalid', reason: expect.stringMatching(/./) });
});

test('the legacy schema says the same as the common one', () => {
  expect(signalOf(legacyAlert())).toEqual(signalOf(readAlert('active')));
});

test('a level that is informational or unknown is informational', () => {
  const levels = [1, 2, 3, 4, 'Error', 'Warning', 'Informational', null].map(
    (level) => signalOf(changed((a) => (a.data.alertContext['level'] = level))).level,
  );

  expect(levels).toEqual([
    'error',
    'warning',
    'informational',
    'informational',
    'error',
    'warning',
    'informational',
    'informational',
  ]);
});

test.each(['Resource Health', 'ResourceHealth'])(
  'an unavailable resource (%s) is a signal without a region',
  (name) => {
    const down = signalOf(
      resourceHealthAlert(name, { currentHealthStatus: 'Unavailable', cause: 'PlatformInitiated' }),
    );
    const up = signalOf(
      resourceHealthAlert(name, { currentHealthStatus: 'Available', cause: 'PlatformInitiated' }),
    );

    expect([down.status, up.status]).toEqual(['active', 'resolved']);
    expect(down.key).toBe(up.key);
    expect(matchAlert(down, pair).matches).toBe(false);
    expect(matchAlert({ ...down, pairHint: 'analytics' }, pair).matches).toBe(true);
  },
);

test.each([
  { name: 'the list itself', impacts: [impact('Azure Databricks', 'East US 2')], matches: true },
  { name: 'names in another spelling', impacts: [impact('azure-databricks', 'eastus2')], matches: true },
  {
    name: 'our region among others',
    impacts: [impact('Azure Databricks', 'West US', 'East US 2')],
    matches: true,
  },
  { name: 'an empty text', impacts: '', matches: false },
  { name: 'an empty list', impacts: '[]', matches: false },
  { name: 'null', impacts: null, matches: false },
  { name: 'null in a text', impacts: 'null', matches: false },
  {
    name: 'a region whose name goes on',
    impacts: [impact('Azure Databricks', 'East US 2 EUAP')],
    matches: false,
  },
  {
    name: 'a region whose name is shorter',
    impacts: [impact('Azure Databricks', 'East US')],
    matches: false,
  },
  { name: 'another service', impacts: [impact('Storage', 'East US 2')], matches: false },
  {
    name: 'Global, which is not configured',
    impacts: [impact('Azure Databricks', 'Global')],
    matches: false,
  },
  {
    name: 'another service in our region and ours in another',
    impacts: [impact('Storage', 'East US 2'), impact('Azure Databricks', 'West Europe')],
    matches: false,
  },
])('impacted services: $name, matches: $matches', ({ impacts, matches }) => {
  expect(matchAlert(signalOf(alertWithImpacts(impacts)), pair).matches).toBe(matches);
});

test('Global matches where it is configured, for the services that are', () => {
  const everywhere = { ...pair, services: ['Azure Databricks', 'Global'] };

  expect(
    matchAlert(signalOf(alertWithImpacts([impact('Azure Databricks', 'Global')])), everywhere).matches,
  ).toBe(true);
  expect(matchAlert(signalOf(alertWithImpacts([impact('Storage', 'Global')])), everywhere).matches).toBe(
    false,
  );
});

test('a body of 260 KB is read like any other', () => {
  const alert = changed((a) => (a.data.alertContext.properties['communication'] = 'x'.repeat(260_000)));

  expect(JSON.stringify(signalOf(alert)).length).toBeLessThan(1_000);
});
