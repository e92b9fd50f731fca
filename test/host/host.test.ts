import { join } from 'node:path';
import { type LocalHost, startHost } from '../../local/host/host';

let host: LocalHost;
const lines: string[] = [];

beforeAll(async () => {
  host = await startHost({
    appDir: join(__dirname, '../fixtures/apps/basic'),
    db: ':memory:',
    port: 0,
    strict: true,
    env: { TICK_SCHEDULE: '' },
    log: (record) => lines.push(`${record.level} ${record.category} ${record.message}`),
  });
});

afterAll(() => host.stop());

test('runs an orchestration to its end', async () => {
  const ended = await host.runOrchestration('hello', { name: 'you' });

  expect(ended).toEqual({ status: 'Completed', output: { text: 'hello you', sum: 6 } });
  expect(host.diagnostics).toEqual([]);
});

test('starts an orchestration from an HTTP function', async () => {
  const response = await fetch(`${host.baseUrl}/api/start/me`, { method: 'POST' });
  const { id, statusQueryGetUri } = (await response.json()) as Record<string, string>;
  await host.engine.whenEnded(id!);
  const status = (await (await fetch(statusQueryGetUri!)).json()) as { output: unknown };

  expect(response.status).toBe(202);
  expect(status.output).toEqual({ text: 'hello me', sum: 6 });
});

test('fires a timer that has no schedule', async () => {
  await host.fireTimer('tick');

  expect(lines).toContain('information Function.tick.User tick false');
});
