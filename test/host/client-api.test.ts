import { type LocalHost } from '../../local/host/host';
import { startApp } from '../support/local-host';

interface Answer {
  readonly result?: Record<string, unknown> & unknown[];
  readonly error?: string;
}

let host: LocalHost;
const longAgo = '2000-01-01T00:00:00Z';

beforeAll(async () => {
  ({ host } = await startApp('client'));
});

afterAll(() => host.stop());

/** Calls a method of the real DurableClient in a function of the app. */
async function client(method: string, ...args: unknown[]): Promise<Answer> {
  const response = await fetch(`${host.baseUrl}/api/client`, {
    method: 'POST',
    body: JSON.stringify({ method, args }),
  });
  return (await response.json()) as Answer;
}

function webhook(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${host.baseUrl}/runtime/webhooks/durabletask/${path}`, { headers, ...init });
}

async function startWaiting(id: string): Promise<void> {
  await client('startNew', 'waits', { instanceId: id, input: {} });
  while (host.status(id)?.status !== 'Running') await new Promise(setImmediate);
}

test('starts an instance and reads its status', async () => {
  await client('startNew', 'echoInput', { instanceId: 'one', input: { a: 1 } });
  await host.engine.whenEnded('one');
  const { result } = await client('getStatus', 'one');

  expect(result).toMatchObject({
    name: 'echoInput',
    runtimeStatus: 'Completed',
    input: { a: 1 },
    output: { a: 1 },
  });
});

test('starts without an input as the SDK does: with an empty text', async () => {
  const { result: id } = await client('startNew', 'echoInput');
  const row = await host.engine.whenEnded(String(id));

  expect(row.output).toBe('""');
});

test('refuses a live id, takes a finished one', async () => {
  await startWaiting('taken');
  const refused = await client('startNew', 'waits', { instanceId: 'taken', input: {} });
  await client('raiseEvent', 'taken', 'go', { n: 1 });
  await host.engine.whenEnded('taken');
  const again = await client('startNew', 'echoInput', { instanceId: 'taken', input: { second: true } });
  const row = await host.engine.whenEnded('taken');

  expect(refused.error).toContain('409');
  expect(again.result).toBe('taken');
  expect(row.output).toBe('{"second":true}');
});

test.each(['@a', 'x'.repeat(101)])('refuses the instance id %s', async (instanceId) => {
  const { error } = await client('startNew', 'echoInput', { instanceId, input: {} });

  expect(error).toContain('400');
});

test('rejects the status of an unknown instance', async () => {
  const { error } = await client('getStatus', 'nobody');

  expect(error).toContain('404');
});

test('shows a running instance with its custom status', async () => {
  await startWaiting('running');
  const { result } = await client('getStatus', 'running', { showInput: true });
  const response = await webhook('instances/running');

  expect(result).toMatchObject({ runtimeStatus: 'Running', customStatus: { waiting: true }, output: null });
  expect(response.status).toBe(202);
  expect(response.headers.get('retry-after')).toBe('5');
});

test('shows a failure as plain text and, on request, as status 500', async () => {
  await client('startNew', 'throws', { instanceId: 'failed', input: {} });
  await host.engine.whenEnded('failed');
  const { result } = await client('getStatus', 'failed');
  const asError = await webhook('instances/failed?returnInternalServerErrorOnFailure=true');

  expect(result).toMatchObject({
    runtimeStatus: 'Failed',
    output: "Orchestrator function 'throws' failed: broken",
  });
  expect(asError.status).toBe(500);
});

test('raises events; an ended instance swallows them, an unknown one does not', async () => {
  await startWaiting('events');
  await client('raiseEvent', 'events', 'go', { n: 2 });
  const row = await host.engine.whenEnded('events');

  expect(row.output).toBe('{"n":2}');
  expect(await client('raiseEvent', 'events', 'go', {})).toEqual({ result: null });
  expect((await client('raiseEvent', 'nobody', 'go', {})).error).toContain(
    "No instance with ID 'nobody' found",
  );
});

test('refuses an event that is not JSON', async () => {
  await startWaiting('strict');
  const noJson = await webhook('instances/strict/raiseEvent/go', { method: 'POST', body: '{' });
  const noType = await webhook('instances/strict/raiseEvent/go', { method: 'POST', headers: {}, body: '{}' });

  expect([noJson.status, noType.status]).toEqual([400, 400]);
});

test('suspends, resumes and terminates', async () => {
  await startWaiting('paused');
  await client('suspend', 'paused', 'wait');
  while (host.status('paused')?.status !== 'Suspended') await new Promise(setImmediate);
  const twice = await client('suspend', 'paused', 'wait');
  await client('resume', 'paused', 'go on');
  while (host.status('paused')?.status !== 'Running') await new Promise(setImmediate);
  const resumedTwice = await client('resume', 'paused', 'go on');
  await client('terminate', 'paused', 'enough');
  const row = await host.engine.whenEnded('paused');

  expect([twice.error, resumedTwice.error]).toEqual([
    expect.stringContaining('500'),
    expect.stringContaining('500'),
  ]);
  expect(row).toMatchObject({ status: 'Terminated', output: 'enough' });
  expect(await client('terminate', 'paused', 'again')).toEqual({ result: null });
  expect((await client('terminate', 'nobody', 'x')).error).toContain('nobody');
});

test('refuses rewind and entities', async () => {
  const rewind = await webhook('instances/failed/rewind?reason=x', { method: 'POST' });
  const entity = await webhook('entities/counter/a');

  expect([rewind.status, entity.status]).toEqual([501, 501]);
});

test('starts a finished instance again', async () => {
  const response = await webhook('instances/one/restart', { method: 'POST' });
  const { id } = (await response.json()) as { id: string };

  expect(id).not.toBe('one');
  expect((await host.engine.whenEnded(id)).output).toBe('{"a":1}');
});

test('starts and waits', async () => {
  const done = await webhook('orchestrators/echoInput?timeout=10&pollingInterval=1', {
    method: 'POST',
    body: '{"n":1}',
  });
  const accepted = await webhook('orchestrators/waits?timeout=0.01', { method: 'POST', body: '{}' });

  expect([done.status, await done.json()]).toEqual([200, { n: 1 }]);
  expect(accepted.status).toBe(202);
});

test('serves the helper that waits for a completion', async () => {
  const [done, failed, open] = await Promise.all(
    ['echoInput', 'throws', 'waits'].map((name) =>
      fetch(`${host.baseUrl}/api/wait?name=${name}`, { method: 'POST' }),
    ),
  );

  expect([done!.status, failed!.status, open!.status]).toEqual([200, 500, 202]);
  expect(open!.headers.get('location')).toContain(host.baseUrl);
});

test('shows the history on request', async () => {
  const response = await webhook('instances/one?showHistory=true');
  const { historyEvents } = (await response.json()) as { historyEvents: { EventType: number }[] };

  expect(historyEvents.map((event) => event.EventType)).toEqual([12, 0, 1, 13]);
});

test('lists over pages and by status, and purges', async () => {
  const ids = Array.from({ length: 230 }, (_, n) => `page-${n}`);
  for (const id of ids) host.operations.start('echoInput', '{}', id);
  await Promise.all(ids.map((id) => host.engine.whenEnded(id)));

  const all = (await client('getStatusAll')).result!;
  const running = (await client('getStatusBy', { createdTimeFrom: longAgo, runtimeStatus: ['Running'] }))
    .result!;
  const live = await client('purgeInstanceHistory', 'running');
  const purged = await client('purgeInstanceHistory', 'one');
  const unknown = await client('purgeInstanceHistory', 'nobody');
  const many = await client('purgeInstanceHistoryBy', {
    createdTimeFrom: longAgo,
    runtimeStatus: ['Completed'],
  });
  const none = await client('purgeInstanceHistoryBy', {
    createdTimeFrom: longAgo,
    runtimeStatus: ['Completed'],
  });
  const unbounded = await webhook('instances/', { method: 'DELETE' });

  expect(all.length).toBeGreaterThan(230);
  expect(running.length).toBeGreaterThan(0);
  expect(running.every((each) => (each as { runtimeStatus: string }).runtimeStatus === 'Running')).toBe(true);
  expect(live.error).toContain('412');
  expect([purged.result, unknown.result]).toEqual([{ instancesDeleted: 1 }, { instancesDeleted: 0 }]);
  expect(many.result!['instancesDeleted']).toBeGreaterThanOrEqual(230);
  expect([none.result, unbounded.status]).toEqual([{ instancesDeleted: 0 }, 400]);
});
