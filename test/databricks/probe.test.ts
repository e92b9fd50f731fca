import type { TokenProvider } from '../../shared/databricks/token';
import {
  hang,
  json,
  reset,
  type Script,
  type ScriptedServer,
  startScriptedServer,
  text,
} from '../support/scripted-server';
import { makeTestClient, makeTokens, type TestClient } from '../support/workspace-client';

describe('a probe', () => {
  let server: ScriptedServer;
  let client: TestClient;

  beforeEach(async () => {
    server = await startScriptedServer(json({}));
    client = makeTestClient({ probeMs: 300 });
  });
  afterEach(async () => {
    await client.workspaces.close();
    await server.close();
  });

  function probe(url = server.url, token: TokenProvider = makeTokens('token')) {
    return client.workspaces.probe({ pair: 'analytics', side: 'primary', url, token });
  }

  it.each<[string, Script]>([
    ['200', json({})],
    ['401', json({}, 401)],
    ['403', json({}, 403)],
    ['429', text('', 429)],
    ['a redirect', text('', 303)],
  ])('takes %s for a sign of life', async (_name, script) => {
    server.play(script);

    await expect(probe()).resolves.toMatchObject({ alive: true });
  });

  it.each<[string, Script]>([
    ['500', text('', 500)],
    ['503', text('', 503)],
    ['a reset', reset()],
    ['silence', hang()],
  ])('takes %s for an outage, and asks once', async (_name, script) => {
    server.play(script);

    await expect(probe()).resolves.toMatchObject({ alive: false });
    expect(server.seen).toHaveLength(2);
  });

  it('takes a refused connection for an outage and says so', async () => {
    const gone = await startScriptedServer(json({}));
    await gone.close();

    const health = await probe(gone.url);

    expect(health).toMatchObject({ alive: false, detail: expect.stringContaining('ECONNREFUSED') });
    expect(health.millis).toBeGreaterThanOrEqual(0);
  });

  it('knocks at the front door without the token and asks the API with it', async () => {
    await probe();

    const asked = server.seen.map(({ url, headers }) => `${url} ${headers.authorization ?? 'nobody'}`);
    expect(asked.sort()).toEqual(['/ nobody', '/api/2.0/workspace/get-status?path=%2F Bearer token']);
  });

  it('believes the API, not the front door', async () => {
    server.play((seen, response) => text('', seen.url === '/' ? 200 : 503)(seen, response));

    await expect(probe()).resolves.toMatchObject({
      alive: false,
      detail: 'get-status: 503; front door: 200',
    });
  });

  it.each<[string, () => Promise<string>]>([
    ['is down', () => Promise.reject(new Error('down'))],
    ['hangs', () => new Promise<string>(() => undefined)],
  ])('finds a living workspace although the vault %s', async (_name, token) => {
    server.play(json({}, 401));

    await expect(probe(server.url, { token, invalidate: () => undefined })).resolves.toMatchObject({
      alive: true,
    });
  });
});
