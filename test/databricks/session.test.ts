import type { Workspace } from '../../shared/databricks/workspace';
import { json, type Script, type ScriptedServer, startScriptedServer } from '../support/scripted-server';
import { makeTestClient, makeTokens, type TestClient } from '../support/workspace-client';

describe('a session on a workspace', () => {
  let server: ScriptedServer;
  let client: TestClient;
  let workspace: Workspace;

  beforeEach(async () => {
    server = await startScriptedServer(json({}));
    client = makeTestClient();
    workspace = open();
  });
  afterEach(async () => {
    await client.workspaces.close();
    await server.close();
  });

  function open(): Workspace {
    return client.workspaces.open({
      pair: 'analytics',
      side: 'secondary',
      url: server.url,
      token: makeTokens('token'),
    });
  }
  async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
    const got: T[] = [];
    for await (const row of rows) got.push(row);
    return got;
  }
  const urls = () => server.seen.map(({ url }) => url);

  it('says where it is', () => {
    expect(workspace).toMatchObject({ pair: 'analytics', side: 'secondary', url: server.url });
  });

  it('counts its own calls only', async () => {
    await open().get('/api/2.0/a');
    await workspace.get('/api/2.0/a');

    expect(workspace.counts).toEqual({ calls: 1, writes: 0, throttled: 0 });
  });

  describe('pages', () => {
    it('follow the token over empty pages', async () => {
      server.play(
        json({ jobs: [1, 2], next_page_token: 'a' }),
        json({ next_page_token: 'b' }),
        json({ jobs: [3], next_page_token: '' }),
      );

      expect(await all(workspace.pages('/api/2.2/jobs/list', 'jobs', { limit: 100 }))).toEqual([1, 2, 3]);
      expect(urls()).toEqual([
        '/api/2.2/jobs/list?limit=100',
        '/api/2.2/jobs/list?limit=100&page_token=a',
        '/api/2.2/jobs/list?limit=100&page_token=b',
      ]);
    });

    it.each<[string, Script[]]>([
      ['the field is not a list', [json({ jobs: 'none' })]],
      ['the document is a list', [json([])]],
      ['a page repeats itself', [json({ jobs: [1], next_page_token: 'a' })]],
      ['a page is refused', [json({ jobs: [1], next_page_token: 'a' }), json({ error_code: 'X' }, 400)]],
    ])('fail as a whole when %s', async (_name, scripts) => {
      server.play(...scripts);

      await expect(all(workspace.pages('/api/2.2/jobs/list', 'jobs'))).rejects.toMatchObject({
        code: expect.stringMatching(/^DR_API_(INVALID_ANSWER|BAD_REQUEST)$/),
      });
    });
  });

  describe('SCIM listings', () => {
    it('go on behind what came, whatever the page size was', async () => {
      server.play(json({ totalResults: 3, Resources: [1, 2] }), json({ totalResults: 3, Resources: [3] }));

      expect(
        await all(workspace.scim('/api/2.0/preview/scim/v2/Users', { excludedAttributes: 'x' })),
      ).toEqual([1, 2, 3]);
      expect(urls()).toEqual([
        '/api/2.0/preview/scim/v2/Users?excludedAttributes=x&startIndex=1&count=100',
        '/api/2.0/preview/scim/v2/Users?excludedAttributes=x&startIndex=3&count=100',
      ]);
    });

    it('end at an empty page when nobody says how many there are', async () => {
      server.play(json({ Resources: [1] }), json({}));

      expect(await all(workspace.scim('/api/2.0/preview/scim/v2/Users'))).toEqual([1]);
    });

    it('may be empty', async () => {
      server.play(json({ totalResults: 0 }));

      expect(await all(workspace.scim('/api/2.0/preview/scim/v2/Users'))).toEqual([]);
      expect(server.seen).toHaveLength(1);
    });

    it('fail when fewer came than there are', async () => {
      server.play(json({ totalResults: 3, Resources: [1, 2] }), json({ totalResults: 3, Resources: [] }));

      await expect(all(workspace.scim('/api/2.0/preview/scim/v2/Users'))).rejects.toMatchObject({
        code: 'DR_API_INVALID_ANSWER',
        message: expect.stringContaining('2 of 3'),
      });
    });
  });

  describe('work over many', () => {
    const many = Array.from({ length: 40 }, (_one, at) => at);

    it('keeps the order and does at most ten at a time', async () => {
      let underWay = 0;
      let most = 0;

      const results = await workspace.each(many, async (one) => {
        most = Math.max(most, (underWay += 1));
        for (let turns = 0; turns < 5 - (one % 5); turns += 1) await new Promise(setImmediate);
        underWay -= 1;
        return one * 2;
      });

      expect(results).toEqual(many.map((one) => one * 2));
      expect(most).toBe(10);
    });

    it('begins nothing after a failure and waits for what is under way', async () => {
      const begun: number[] = [];
      let ended = 0;

      const work = workspace.each(many, async (one) => {
        begun.push(one);
        if (one === 3) throw new Error('third');
        await new Promise(setImmediate);
        ended += 1;
        return one;
      });

      await expect(work).rejects.toThrow('third');
      expect(begun).toHaveLength(10);
      expect(ended).toBe(9);
    });

    it('is nothing over nothing', async () => {
      await expect(workspace.each([], () => Promise.reject(new Error('never')))).resolves.toEqual([]);
    });
  });

  describe('once', () => {
    it('makes an answer for everybody who asks under the name', async () => {
      const make = () => workspace.get('/api/2.0/a');

      await Promise.all([workspace.once('a', make), workspace.once('a', make), workspace.once('b', make)]);

      expect(server.seen).toHaveLength(2);
    });

    it('is per session', async () => {
      await workspace.once('a', () => workspace.get('/api/2.0/a'));
      await expect(open().once('a', () => Promise.resolve('mine'))).resolves.toBe('mine');
    });

    it('is made again after it was forgotten', async () => {
      await workspace.once('a', () => Promise.resolve('old'));
      workspace.forget();
      await expect(workspace.once('a', () => Promise.resolve('new'))).resolves.toBe('new');
    });

    it('does not keep a failure', async () => {
      await expect(workspace.once('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      await expect(workspace.once('a', () => Promise.resolve('yes'))).resolves.toBe('yes');
    });
  });
});
