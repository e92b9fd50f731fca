import type { Session } from '../../shared/databricks/client';
import {
  cutOff,
  hang,
  json,
  reset,
  type Script,
  type ScriptedServer,
  stall,
  startScriptedServer,
  text,
  trickle,
} from '../support/scripted-server';
import { makeTestClient, makeTokens, type TestClient } from '../support/workspace-client';

const ok = json({ clusters: [] });
const list = '/api/2.1/clusters/list';
const create = '/api/2.1/clusters/create';

describe('a call', () => {
  let server: ScriptedServer;
  let client: TestClient;

  beforeEach(async () => {
    server = await startScriptedServer(ok);
    client = makeTestClient({ deadlines: { idleMs: 200, totalMs: 300 } });
  });
  afterEach(async () => {
    await client.workspaces.close();
    await server.close();
  });

  function open(session: Session = {}, token = makeTokens('token-1', 'token-2')) {
    return client.workspaces.open({ pair: 'analytics', side: 'primary', url: server.url, token }, session);
  }

  describe('repeats a reading call', () => {
    it.each<[string, Script]>([
      ['429', json({ error_code: 'REQUEST_LIMIT_EXCEEDED' }, 429)],
      ['429 without a body', text('', 429)],
      ['500', json({ error_code: 'INTERNAL_ERROR' }, 500)],
      ['a page with 502', text('<html><title>Bad gateway</title></html>', 502)],
      ['503', text('', 503)],
      ['504', text('upstream', 504)],
      ['200 with an error', json({ error_code: 'TEMPORARILY_UNAVAILABLE', message: 'later' })],
      ['a reset', reset()],
      ['an answer that is cut off', cutOff()],
      ['half a document', text('{"clusters": [{')],
      ['an empty answer', text('')],
      ['no answer', hang()],
      ['half an answer and silence', stall()],
      ['an endless answer', trickle(20)],
    ])('after %s', async (_name, script) => {
      server.play(script, ok);
      const workspace = open();

      await expect(workspace.get(list)).resolves.toEqual({ clusters: [] });
      expect(workspace.counts.calls).toBe(2);
    });
  });

  describe('does not repeat a create', () => {
    it.each<[string, Script]>([
      ['500', json({ error_code: 'INTERNAL_ERROR' }, 500)],
      ['503', text('', 503)],
      ['a reset', reset()],
      ['an answer that is cut off', cutOff()],
      ['half a document', text('{"cluster_id": "')],
      ['no answer', hang()],
    ])('after %s', async (_name, script) => {
      server.play(script, ok);

      await expect(open().post(create, {})).rejects.toMatchObject({ code: 'DR_API_AMBIGUOUS' });
      expect(server.seen).toHaveLength(1);
    });

    it('but one that was throttled', async () => {
      server.play(json({ error_code: 'RESOURCE_EXHAUSTED' }, 429), json({ cluster_id: '1' }));
      const workspace = open();

      await expect(workspace.post(create, {})).resolves.toEqual({ cluster_id: '1' });
      expect(workspace.counts).toEqual({ calls: 2, writes: 2, throttled: 1 });
    });

    it('but a write that says it may be sent twice', async () => {
      server.play(reset(), json({}));

      await expect(open().post(list, {}, { repeatable: true })).resolves.toEqual({});
    });

    it('but one that never left, when nobody listens', async () => {
      const gone = await startScriptedServer(ok);
      await gone.close();
      const target = { pair: 'analytics', side: 'primary', url: gone.url, token: makeTokens('t') } as const;
      const workspace = client.workspaces.open(target, { retry: { maxFailures: 3 } });

      await expect(workspace.post(create, {})).rejects.toMatchObject({
        code: 'DR_API_UNREACHABLE',
        details: { errorCode: 'ECONNREFUSED' },
      });
      expect(workspace.counts.calls).toBe(3);
    });
  });

  describe('waits', () => {
    it('as long as the server asks, and everybody else with it', async () => {
      server.play(json({}, 429, { 'retry-after': '17' }), ok);
      const workspace = open();
      const begun = client.clock.now();

      await workspace.get(list);

      expect(client.clock.now() - begun).toBeGreaterThanOrEqual(17_000);
    });

    it('through a storm of 429s without a failure', async () => {
      const storm = Array.from({ length: 10 }, () => json({}, 429, { 'retry-after': '20' }));
      server.play(...storm, ok);

      await expect(open().get(list)).resolves.toEqual({ clusters: [] });
    });

    it('no longer than its budget', async () => {
      server.play(json({}, 429, { 'retry-after': '60' }));
      const begun = client.clock.now();

      await expect(open().get(list)).rejects.toMatchObject({ code: 'DR_API_THROTTLED', retryable: true });
      expect(client.clock.now() - begun).toBeLessThanOrEqual(300_000);
    });

    it('no longer than its session wants', async () => {
      server.play(text('', 503));

      await expect(open({ retry: { budgetMs: 0 } }).get(list)).rejects.toMatchObject({
        code: 'DR_API_SERVER_ERROR',
      });
      expect(server.seen).toHaveLength(1);
    });
  });

  describe('with a refused token', () => {
    const refused = json({ error_code: 'UNAUTHENTICATED', message: 'Invalid access token' }, 401);
    const refused403 = json({ error_code: 403, message: 'Invalid access token' }, 403);

    it.each([
      ['401', refused],
      ['a numeric 403', refused403],
    ])('renews it once and repeats the call, a create too: %s', async (_name, script) => {
      server.play(script, json({ cluster_id: '1' }));

      await expect(open().post(create, {})).resolves.toEqual({ cluster_id: '1' });
      expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
        'Bearer token-1',
        'Bearer token-2',
      ]);
    });

    it('gives up when the new one is refused too', async () => {
      server.play(refused);

      await expect(open().get(list)).rejects.toMatchObject({ code: 'DR_API_UNAUTHORIZED' });
      expect(server.seen).toHaveLength(2);
    });

    it('renews it once for many calls', async () => {
      const tokens = makeTokens('old', 'new', 'newer');
      server.play((seen, response) => {
        const script = seen.headers.authorization === 'Bearer old' ? refused : ok;
        return script(seen, response);
      });
      const workspace = open({}, tokens);

      await Promise.all(Array.from({ length: 8 }, () => workspace.get(list)));

      expect(tokens.fetched()).toBe(2);
    });

    it('does not take a missing permission for one', async () => {
      server.play(json({ error_code: 'PERMISSION_DENIED', message: 'no' }, 403));

      await expect(open().get(list)).rejects.toMatchObject({
        code: 'DR_API_FORBIDDEN',
        message: `cannot GET ${list} on primary of analytics: 403 PERMISSION_DENIED: no`,
        details: { status: 403, errorCode: 'PERMISSION_DENIED', pair: 'analytics', side: 'primary' },
      });
      expect(server.seen).toHaveLength(1);
    });
  });
});
