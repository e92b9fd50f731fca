import { appDir, startApp } from '../support/local-host';

test.each([
  { app: 'duplicate', message: 'function "Same" is registered twice' },
  { app: 'entity', message: 'does not support entityTrigger' },
  { app: 'queue', message: 'does not support queueTrigger' },
  { app: 'throws', message: 'cannot start' },
  { app: 'empty', message: 'the app registered no function' },
  { app: 'module', message: 'ES modules are not supported: app.js' },
  { app: 'nomatch', message: 'no file matches "main" (dist/*.js)' },
  { app: 'nomain', message: 'has no "main"' },
  { app: 'hook', message: 'unknown hook "noSuchHook"' },
  { app: 'cron', message: '"every day" is no NCRONTAB expression' },
])('refuses to start an app: $app', async ({ app, message }) => {
  await expect(startApp(`refused/${app}`)).rejects.toThrow(message);
});

test('runs hooks in their order and lets them change what happens', async () => {
  const { host, records } = await startApp('hooks');
  const get = async (name: string): Promise<unknown> => {
    const text = await (await fetch(`${host.baseUrl}/api/${name}`)).text();
    return text === '' ? undefined : JSON.parse(text);
  };

  await get('logs');
  const seen = await get('seen');
  const replaced = await get('replaced');
  const healed = await get('heals');
  await get('lateRegistration');
  await host.stop();

  expect(seen).toEqual(['appStart', 'first', 'second', 'after logs', 'first', 'second']);
  expect([replaced, healed]).toEqual(['another handler', 'healed']);
  expect(records).toContainEqual(expect.objectContaining({ level: 'warning', message: 'changed: hello' }));
  expect(records.at(-1)?.message).toContain('can only be registered while the app starts');
  expect(process.env['HOOKS_TERMINATED']).toBe('yes');
});

test('gives the app its settings and tells it where it runs', async () => {
  const { host } = await startApp('basic', { env: { TICK_SCHEDULE: '', SOME_SETTING: 'x' } });

  expect(process.env).toMatchObject({
    SOME_SETTING: 'x',
    DR_HOST: 'local',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Local',
    WEBSITE_HOSTNAME: `localhost:${host.port}`,
    NO_PROXY: expect.stringContaining('127.0.0.1') as string,
  });
  await host.stop();
});

test('loads a folder once per process, or anew when told how', async () => {
  const loaded: string[] = [];
  const loadFile = (file: string): void => {
    loaded.push(file);
    jest.isolateModules(() => {
      jest.requireActual(file);
    });
  };
  const first = await startApp('patterns');
  const second = await startApp('patterns');
  const fresh = await startApp('patterns', { loadFile });

  expect(second.host.functions).toEqual(first.host.functions);
  expect(fresh.host.functions[0]?.callback).not.toBe(first.host.functions[0]?.callback);
  expect(loaded).toEqual([`${appDir('patterns')}/app.js`]);
  expect((await fresh.host.runOrchestration('chain', {})).status).toBe('Completed');
  for (const { host } of [first, second, fresh]) await host.stop();
});
