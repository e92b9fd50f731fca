import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SkippingClock } from '../../local/host/clock';
import { type HostedApp, startApp } from '../support/local-host';

interface Report {
  readonly schedule: { readonly adjustForDST: boolean };
  readonly scheduleStatus: { readonly last: string; readonly next: string };
  readonly isPastDue: boolean;
}

const hourMs = 3_600_000;
const env = { HOURLY: '0 0 * * * *' };
let clock: SkippingClock;
let app: HostedApp;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'timers-'));
  clock = new SkippingClock();
  app = await startApp('timers', { env, timerClock: clock, db: join(folder, 'hub.db') });
});

afterEach(async () => {
  await app.host.stop();
  rmSync(folder, { recursive: true });
});

function lines(name: string): string[] {
  return app.records.filter((each) => each.functionName === name).map((each) => each.message);
}

async function reports(name: string, count: number): Promise<Report[]> {
  while (lines(name).length < count) await new Promise(setImmediate);
  return lines(name).map((line) => JSON.parse(line) as Report);
}

test('runs on schedule, again and again', async () => {
  clock.advance(hourMs);
  const [first] = await reports('hourly', 1);
  // Armed again only after the run.
  await new Promise(setImmediate);
  clock.advance(hourMs);
  const [, second] = await reports('hourly', 2);

  expect(first).toMatchObject({ schedule: { adjustForDST: true }, isPastDue: false });
  expect(first!.scheduleStatus.last).toBe('0001-01-01T00:00:00.000Z');
  expect(first!.scheduleStatus.next).toMatch(/:00:00\.000Z$/);
  expect(second!.scheduleStatus.last).not.toBe(first!.scheduleStatus.last);
});

test('makes up for a run that fell due while no host ran', async () => {
  await app.host.stop();
  clock.advance(3 * hourMs);
  app = await startApp('timers', { env, timerClock: clock, db: join(folder, 'hub.db') });
  const [report] = await reports('hourly', 1);

  expect(report!.isPastDue).toBe(true);
});

test('runs at the start where asked to', async () => {
  expect(await reports('atStart', 1)).toMatchObject([{ isPastDue: false }]);
});

test('never runs a timer twice at once', async () => {
  await Promise.all([app.host.fireTimer('slow'), app.host.fireTimer('SLOW')]);

  expect(lines('slow')).toEqual(['begin', 'end', 'begin', 'end']);
});

test('tells who fires it by hand what went wrong', async () => {
  await expect(app.host.fireTimer('broken')).rejects.toThrow('timer failed');
  await expect(app.host.fireTimer('nobody')).rejects.toThrow('no timer function');
});

test('fires over HTTP', async () => {
  const known = await fetch(`${app.host.baseUrl}/admin/functions/hourly`, { method: 'POST' });
  const unknown = await fetch(`${app.host.baseUrl}/admin/functions/nobody`, { method: 'POST' });

  expect([known.status, unknown.status]).toEqual([202, 404]);
  expect(await reports('hourly', 1)).toHaveLength(1);
});

test('needs the setting of a schedule, which may be empty', async () => {
  delete process.env['HOURLY'];
  const missing = startApp('timers');
  await expect(missing).rejects.toThrow('the schedule of "hourly" needs the setting HOURLY');

  const off = await startApp('timers', { env: { HOURLY: '' } });
  await off.host.fireTimer('hourly');
  await off.host.stop();

  expect(off.records.filter((each) => each.functionName === 'hourly')).toHaveLength(1);
});
