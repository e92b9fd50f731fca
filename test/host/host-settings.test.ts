import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHostSettings, readLocalSettings } from '../../local/host/host-settings';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(json: unknown): void {
  writeFileSync(join(folder, 'host.json'), JSON.stringify(json));
}

test('has the defaults of Azure without a host.json', () => {
  expect(readHostSettings(folder, {})).toEqual({
    routePrefix: 'api',
    taskHubName: 'LocalHub',
    maxConcurrentActivities: 10,
    functionTimeoutMs: 1_800_000,
    logLevels: {},
  });
  expect(readLocalSettings(folder)).toEqual({});
});

test('reads host.json and puts settings into it', () => {
  write({
    functionTimeout: '00:10:00',
    logging: { logLevel: { default: 'Warning' } },
    extensions: {
      http: { routePrefix: '' },
      durableTask: { hubName: '%HUB%east', maxConcurrentActivityFunctions: 20 },
    },
  });

  expect(readHostSettings(folder, { HUB: 'dr' })).toEqual({
    routePrefix: '',
    taskHubName: 'dreast',
    maxConcurrentActivities: 20,
    functionTimeoutMs: 600_000,
    logLevels: { default: 'Warning' },
  });
});

test('takes -1 as no limit', () => {
  write({ functionTimeout: '-1' });

  expect(readHostSettings(folder, {}).functionTimeoutMs).toBe(Infinity);
});

test('refuses what it cannot read', () => {
  write({ functionTimeout: 'soon' });
  expect(() => readHostSettings(folder, {})).toThrow('functionTimeout of host.json is no TimeSpan: "soon"');

  writeFileSync(join(folder, 'host.json'), '{');
  expect(() => readHostSettings(folder, {})).toThrow('cannot read');
});
