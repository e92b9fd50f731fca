import { connect } from 'node:net';
import { type HostedApp, startApp } from '../support/local-host';

let app: HostedApp;

beforeAll(async () => {
  app = await startApp('http', {
    extraRoutes: (request, url, body) =>
      Promise.resolve(
        url.pathname === '/local/world' ? { status: 200, json: { method: request.method, body } } : undefined,
      ),
  });
});

afterAll(() => app.host.stop());

function request(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${app.host.baseUrl}${path}`, init);
}

test.each([
  { path: '/v1/things/all', answer: { name: 'literal' } },
  { path: '/v1/things/12', answer: { name: 'number', id: '12' } },
  { path: '/v1/things/a%20b', answer: { name: 'text', id: 'a b' } },
  { path: '/V1/THINGS/Abc/', answer: { name: 'text', id: 'Abc' } },
  { path: '/v1/things/x/parts', answer: { name: 'part', id: 'x' } },
  { path: '/v1/things/x/parts/y', answer: { name: 'part', id: 'x', part: 'y' } },
  { path: '/v1/files/a/b.txt', answer: { name: 'rest', path: 'a/b.txt' } },
  { path: '/v1/files', answer: { name: 'rest' } },
  { path: '/v1/byName', answer: { name: 'byName' } },
])('routes $path to $answer.name', async ({ path, answer }) => {
  expect(await (await request(path)).json()).toEqual(answer);
});

test.each([
  { name: 'an unknown path', path: '/v1/nowhere', method: 'GET', status: 404 },
  { name: 'another prefix', path: '/api/byName', method: 'GET', status: 404 },
  { name: 'another method', path: '/v1/byName', method: 'POST', status: 404 },
  { name: 'a function that returns nothing', path: '/v1/nothing', method: 'GET', status: 204 },
  { name: 'a function that returns no object', path: '/v1/wrong', method: 'GET', status: 500 },
  { name: 'a function that takes too long', path: '/v1/never', method: 'GET', status: 500 },
])('answers $status to $name', async ({ path, method, status }) => {
  expect((await request(path, { method })).status).toBe(status);
});

test('answers a thrown error with 500 and without its text', async () => {
  const response = await request('/v1/throws');

  expect([response.status, await response.text()]).toEqual([500, '']);
  expect(app.records.some((each) => each.functionName === 'throws')).toBe(false);
});

test('carries bytes both ways', async () => {
  const bytes = new Uint8Array([0, 255, 128, 10]);
  const response = await request('/v1/echo', { method: 'POST', body: bytes });

  expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  expect(response.headers.get('x-type')).toBe('bytes');
  expect(await (await request('/v1/echo', { method: 'POST' })).text()).toBe('');
});

test('takes a large body', async () => {
  const response = await request('/v1/size', { method: 'POST', body: Buffer.alloc(5_000_000) });

  expect(await response.json()).toBe(5_000_000);
});

test('joins repeated query parameters', async () => {
  const response = await request('/v1/query?a=1&a=2&b=x%26y', { headers: { 'x-a': 'q' } });

  expect(await response.json()).toEqual({ a: '1,2', b: 'x&y', header: 'q' });
});

test('sets cookies', async () => {
  const response = await request('/v1/cookie');

  expect(response.status).toBe(201);
  expect(response.headers.getSetCookie()).toEqual([
    'a=b%20c; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Strict',
    'd=e; Expires=Fri, 02 Jan 1970 00:00:00 GMT',
  ]);
});

test('serves extra routes beside the app', async () => {
  const response = await request('/local/world', { method: 'POST', body: 'hi' });

  expect(await response.json()).toEqual({ method: 'POST', body: 'hi' });
});

test('reports that it runs', async () => {
  expect(await (await request('/admin/host/status')).json()).toMatchObject({
    state: 'Running',
    diagnostics: 0,
  });
});

test('goes on after a client that goes away', async () => {
  const socket = connect(app.host.port, '127.0.0.1');
  socket.write('POST /v1/echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\npart');
  socket.destroy();
  await new Promise((resolve) => socket.once('close', resolve));

  expect((await request('/v1/byName')).status).toBe(200);
});

test('refuses a port that is taken', async () => {
  await expect(startApp('http', { port: app.host.port })).rejects.toThrow(
    `cannot listen on port ${app.host.port}`,
  );
});
