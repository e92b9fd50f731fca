import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostProcess } from '../support/host-process';
import { startApp } from '../support/local-host';

let folder: string;
let db: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-'));
  db = join(folder, 'hub.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function loadFile(file: string): void {
  jest.isolateModules(() => {
    jest.requireActual(file);
  });
}

test('goes on after restarts between turns, with fresh module state', async () => {
  const first = await startApp('durable', { db, loadFile });
  const id = first.host.operations.start('acrossRestart', '{}');
  while (first.host.operations.history(id).length < 6) await new Promise(setImmediate);
  await first.host.stop();

  const second = await startApp('durable', { db, loadFile });
  second.host.raiseEvent(id, 'go', {});
  const row = await second.host.engine.whenEnded(id);
  await second.host.stop();

  // With state in the module the second call would see 2.
  expect(row.output).toBe('[1,1]');
});

test('keeps what was asked for while it stopped', async () => {
  const first = await startApp('durable', { db });
  const id = first.host.operations.start('acrossRestart', '{}');
  const stopping = first.host.stop();
  await stopping;
  const second = await startApp('durable', { db });
  second.host.raiseEvent(id, 'go', {});

  expect((await second.host.engine.whenEnded(id)).status).toBe('Completed');
  await second.host.stop();
});

test('refuses a task hub that another host uses', async () => {
  const first = await startApp('durable', { db });

  await expect(startApp('durable', { db })).rejects.toThrow(
    `cannot open the task hub ${db}: another host is using it`,
  );
  await first.host.stop();
});

test.each(['batch', 'single'])('loses nothing to kill -9, with %s delivery', async (turn) => {
  const [lanes, rounds, concurrency] = [3, 3, 4];
  const journal = join(folder, 'journal');
  const killAt = [3, 11, 20];
  const start = (): HostProcess =>
    new HostProcess('durable', ['--db', db, '--turn', turn, '--strict'], {
      JOURNAL: journal,
      KILL_AT: killAt.join(),
    });

  let kills = 0;
  let host = start();
  let url = (await host.message('ready'))!.url!;
  const body = JSON.stringify({ lanes, rounds });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/durabletask/orchestrators/run/r1`, { method: 'POST', headers, body });
  while ((await host.message('told', 'waiting')) === undefined) {
    kills++;
    expect((await host.end()).signal).toBe('SIGKILL');
    host = start();
    url = (await host.message('ready'))!.url!;
  }
  const event = { method: 'POST', headers, body: '{"ok":true}' };
  await fetch(`${url}/durabletask/instances/r1/raiseEvent/approve`, event);
  await host.message('told', 'finished');
  let status: { runtimeStatus: string; output: unknown };
  do status = (await (await fetch(`${url}/durabletask/instances/r1`)).json()) as typeof status;
  while (status.runtimeStatus === 'Running');
  host.child.kill('SIGTERM');

  const lines = readFileSync(journal, 'utf8').trim().split('\n');
  expect(await host.end()).toEqual({ code: 0, signal: null });
  expect(status).toMatchObject({
    runtimeStatus: 'Completed',
    output: { lanes, rounds, event: { ok: true } },
  });
  expect(kills).toBe(killAt.length);
  expect(new Set(lines).size).toBe(lanes * rounds * 3);
  expect(lines.length).toBeLessThanOrEqual(new Set(lines).size + kills * concurrency);
});

test('ends with its parent', async () => {
  const host = new HostProcess('basic', [], { TICK_SCHEDULE: '' });
  await host.message('ready');
  host.child.disconnect();

  expect(await host.end()).toEqual({ code: 0, signal: null });
});

test.each([
  { name: 'HTTP streaming', app: 'refused/streaming', message: 'does not support HTTP streaming' },
  { name: 'an app that registers nothing', app: 'refused/empty', message: 'the app registered no function' },
])('ends with code 1 on $name', async ({ app, message }) => {
  const host = new HostProcess(app);

  expect((await host.end()).code).toBe(1);
  expect(host.output).toContain(message);
});

test('ends with code 1 on an error that nobody catches', async () => {
  const host = new HostProcess('settings');
  const { url } = (await host.message('ready'))!;
  await fetch(`${url!}/api/crash`).catch(() => undefined);

  expect((await host.end()).code).toBe(1);
  expect(host.output).toContain('loose end');
});

test('answers from the loopback interface only, with values of local.settings.json', async () => {
  const host = new HostProcess('settings', [], { KEPT: 'from outside' });
  const { url } = (await host.message('ready'))!;
  const answer = await (await fetch(`${url!}/api/settings`)).json();
  host.child.kill('SIGINT');

  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect(answer).toEqual({ kept: 'from outside', added: 'from the file' });
  expect((await host.end()).code).toBe(0);
});
