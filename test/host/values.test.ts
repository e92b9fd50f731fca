import { type LocalHost } from '../../local/host/host';
import { startApp } from '../support/local-host';

let host: LocalHost;

beforeAll(async () => {
  ({ host } = await startApp('patterns'));
});

afterAll(() => host.stop());

test.each([
  { name: 'nothing', input: null, seen: { type: 'undefined', value: null } },
  { name: 'a text', input: 'plain', seen: { type: 'string', value: 'plain' } },
  { name: 'a text of digits', input: '123', seen: { type: 'string', value: '123' } },
  { name: 'a number', input: 7, seen: { type: 'number', value: 7 } },
  { name: 'a boolean, as text', input: true, seen: { type: 'string', value: 'True' } },
  { name: 'an object', input: { a: [1] }, seen: { type: 'object', value: { a: [1] } } },
])('hands an activity $name', async ({ input, seen }) => {
  const ended = await host.runOrchestration('values', { inputs: [input] });

  expect(ended.output).toEqual([seen]);
});

test('brings back what activities return', async () => {
  const inputs = ['nothing', 'nan', 'bytes', 'text', 'half'].map((what) => ({ what }));
  const ended = await host.runOrchestration('values', { name: 'give', inputs });

  expect(ended.output).toEqual([null, 'NaN', 'YWJj', '123', 1.5]);
});

test('shows input, output and custom status as values', async () => {
  const id = host.operations.start('status', JSON.stringify({ value: { phase: 'restore' } }));
  while (host.status(id)?.status !== 'Running') await new Promise(setImmediate);
  const running = host.status(id);
  host.raiseEvent(id, 'go', {});
  const ended = await host.whenEnded(id);

  expect(running).toMatchObject({ name: 'status', customStatus: { phase: 'restore' }, output: null });
  expect(ended).toEqual({ status: 'Completed', output: 'done' });
  expect(host.status('nobody')).toBeUndefined();
});
