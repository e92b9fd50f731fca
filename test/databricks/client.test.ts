import { DrError } from '../../shared/domain/errors';
import type { Session } from '../../shared/databricks/client';
import { json, type ScriptedServer, startScriptedServer, text } from '../support/scripted-server';
import { makeTestClient, makeTokens, type TestClient } from '../support/workspace-client';

const ok = json({ clusters: [] });
const list = '/api/2.1/clusters/list';
const create = '/api/2.1/clusters/create';

describe('a workspace', () => {
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

  describe('sends', () => {
    it('the token, the query and the body', async () => {
      await open().get('/api/2.0/workspace/list', { path: '/Users/a b+c/ä&é', since: undefined, deep: true });
      await open().post(create, { cluster_name: 'x' });

      expect(server.seen[0]?.url).toBe(
        '/api/2.0/workspace/list?path=%2FUsers%2Fa%20b%2Bc%2F%C3%A4%26%C3%A9&deep=true',
      );
      expect(server.seen[0]?.headers).toMatchObject({ authorization: 'Bearer token-1' });
      // The last one: on a busy machine the read before it may have been repeated.
      expect(server.seen.at(-1)?.headers).toMatchObject({ 'content-type': 'application/json' });
      expect(server.seen.at(-1)?.body.toString()).toBe('{"cluster_name":"x"}');
    });

    it('bytes as they are, and gets them so', async () => {
      const bytes = Buffer.from([0, 255, 128, 10]);
      server.play(json({}), (_seen, response) => {
        response.end(bytes);
      });

      await open().postBytes('/api/2.0/workspace-files/import-file/a', bytes, { overwrite: true });
      const got = await open().getBytes('/api/2.0/workspace/export', { direct_download: true });

      expect(server.seen[0]).toMatchObject({ url: expect.stringContaining('?overwrite=true') });
      expect([server.seen[0]?.body, got]).toEqual([bytes, bytes]);
    });

    it('PUT, PATCH and DELETE', async () => {
      const workspace = open();

      await workspace.put('/api/2.0/x', {});
      await workspace.patch('/api/2.0/x', {});
      await workspace.delete('/api/2.0/x');

      expect(server.seen.map(({ method }) => method)).toEqual(['PUT', 'PATCH', 'DELETE']);
      expect(workspace.counts).toEqual({ calls: 3, writes: 3, throttled: 0 });
    });
  });

  it('does not follow a redirect to where the token does not belong', async () => {
    const elsewhere = await startScriptedServer(ok);
    server.play(
      text('', 303, { location: `${elsewhere.url}/login.html?error=private-link-validation-error` }),
    );

    await expect(open().get(list)).rejects.toMatchObject({ code: 'DR_API_REDIRECTED' });
    expect(elsewhere.seen).toHaveLength(0);
    await elsewhere.close();
  });

  it('has another address only with a word for it', () => {
    const strict = makeTestClient({ allowLoopback: false }).workspaces;
    const target = { pair: 'a', side: 'primary', url: server.url, token: makeTokens('t') } as const;

    expect(() => strict.open(target)).toThrow(DrError);
    expect(() => strict.probe(target)).toThrow(DrError);
  });

  describe('asks before it writes', () => {
    it('each time, repeated calls too, and not before it reads', async () => {
      let asked = 0;
      const beforeWrite = () => Promise.resolve(void (asked += 1));
      server.play(json({}, 429), ok);
      const workspace = open({ beforeWrite });

      await workspace.put('/api/2.0/x', {});
      await workspace.get(list);

      expect(asked).toBe(2);
    });

    it('and sends nothing when the answer is no', async () => {
      const lost = new DrError('DR_CLAIM_LOST', 'the claim is lost');

      await expect(open({ beforeWrite: () => Promise.reject(lost) }).post(create, {})).rejects.toBe(lost);
      expect(server.seen).toHaveLength(0);
    });

    it('and writes nothing at all in a dry run', async () => {
      const workspace = open({ readOnly: true });
      const writes = [
        () => workspace.post(create, {}),
        () => workspace.postBytes('/api/2.0/x', Buffer.from('x')),
        () => workspace.put('/api/2.0/x', {}),
        () => workspace.patch('/api/2.0/x', {}),
        () => workspace.delete('/api/2.0/x'),
      ];

      for (const write of writes)
        await expect(write()).rejects.toMatchObject({ code: 'DR_WRITE_IN_DRY_RUN' });
      await workspace.get(list);
      expect(server.seen.map(({ method }) => method)).toEqual(['GET']);
    });
  });

  describe('is left', () => {
    it('at once when the run ends while it answers', async () => {
      const run = new AbortController();
      server.play(() => {
        run.abort();
      });

      await expect(open({ signal: run.signal }).get(list)).rejects.toMatchObject({
        code: 'DR_RUN_CANCELLED',
      });
    });

    it.each<[string, () => Promise<void>]>([
      ['never ends', () => new Promise(() => undefined)],
      ['is aborted too', () => Promise.reject(new DOMException('aborted', 'AbortError'))],
    ])('at once when the run ends during a wait that %s', async (_name, wait) => {
      const run = new AbortController();
      const patient = makeTestClient({
        sleep: () => {
          run.abort(new DrError('DR_CLAIM_LOST', 'pre-empted'));
          return wait();
        },
      });
      server.play(text('', 503));
      const target = { pair: 'a', side: 'primary', url: server.url, token: makeTokens('t') } as const;
      const workspace = patient.workspaces.open(target, { signal: run.signal });

      await expect(workspace.get(list)).rejects.toMatchObject({ code: 'DR_CLAIM_LOST' });
      await patient.workspaces.close();
    });

    it('alone when the run has ended before', async () => {
      await expect(open({ signal: AbortSignal.abort() }).get(list)).rejects.toMatchObject({
        code: 'DR_RUN_CANCELLED',
      });
      expect(server.seen).toHaveLength(0);
    });
  });
});
