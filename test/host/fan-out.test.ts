import { type LocalHost } from '../../local/host/host';
import { startApp } from '../support/local-host';

let host: LocalHost;

beforeAll(async () => {
  ({ host } = await startApp('patterns', { strict: false }));
});

afterAll(() => host.stop());

test('replays a large fan-out a few times, not once for each completion', async () => {
  const id = host.operations.start('fanOut', '{"count":3000}');
  const ended = await host.whenEnded(id);
  const turns = host.operations.history(id).filter((event) => event.EventType === 12);

  expect(ended).toEqual({ status: 'Completed', output: 3000 });
  expect(turns.length).toBeLessThan(300);
});

test('answers requests while a large fan-out runs', async () => {
  const id = host.operations.start('fanOut', '{"count":3000}');
  let answers = 0;
  while (host.status(id)?.status !== 'Completed') {
    answers += (await fetch(`${host.baseUrl}/admin/host/status`)).status === 200 ? 1 : 0;
  }

  expect(answers).toBeGreaterThan(1);
});

test('runs many children', async () => {
  expect(await host.runOrchestration('manyChildren', { count: 500 })).toEqual({
    status: 'Completed',
    output: 500,
  });
  expect(host.maxHistoryEvents).toBeGreaterThan(3_000);
});
