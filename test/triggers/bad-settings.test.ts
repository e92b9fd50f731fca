import { startHost, type LocalHost } from '../../local/host/host';
import { appDir } from '../support/local-host';

let host: LocalHost;
const logged: string[] = [];

beforeAll(async () => {
  host = await startHost({
    appDir: appDir('product'),
    db: ':memory:',
    port: 0,
    log: ({ message }) => logged.push(message),
    env: { TASKHUB_NAME: 'x', DR_PROBE_SCHEDULE: '', DR_REFRESH_SCHEDULE: 'hourly', DR_DRY_RUN_SCHEDULE: '' },
  });
}, 60_000);

afterAll(() => host.stop());

test('an app with wrong settings starts, and its health lists every fault', async () => {
  const answer = await fetch(`${host.baseUrl}/api/health`);

  const { status, deployable, faults } = (await answer.json()) as Record<string, unknown>;
  expect({ http: answer.status, status, deployable }).toEqual({
    http: 503,
    status: 'unavailable',
    deployable: false,
  });
  expect((faults as { path: string }[]).map(({ path }) => path)).toEqual([
    'AzureWebJobsStorage',
    'TASKHUB_NAME',
    'DR_STORAGE_URL',
    'DR_HOME_REGION',
    'DR_REFRESH_SCHEDULE',
  ]);
});

test('its other routes say the same', async () => {
  const answer = await fetch(`${host.baseUrl}/api/pairs`);

  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: 'DR_SETTING_INVALID' });
});

test('its timers fail with words', async () => {
  await expect(host.fireTimer('probeTimer')).rejects.toMatchObject({ code: 'DR_SETTING_INVALID' });

  expect(logged.join('\n')).toContain('DR_HOME_REGION is missing');
});
