import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorldProcess } from '../support/world-process';

async function post(url: string, body: object = {}): Promise<number> {
  return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;
}

/** A start takes two seconds on an idle machine; several of them take their time on a busy one. */
const patienceMs = 90_000;

describe('npm start', () => {
  let dir: string;
  const open: WorldProcess[] = [];

  function start(...args: string[]): WorldProcess {
    const world = new WorldProcess(...args);
    open.push(world);
    return world;
  }

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'npm-start-'));
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((world) => world.end('SIGKILL')));
    rmSync(dir, { recursive: true, force: true });
  });

  it(
    'serves the app and its world, replaces a killed app host, and goes on from its folder',
    async () => {
      const first = start('--no-story', '--port', '0', '--state', dir);
      const url = await first.ready();
      const before = await first.facts();

      process.kill(before.pids.host, 'SIGKILL');
      await first.until(() => first.stderr.includes('started again'));
      const second = start('--no-story', '--port', '0', '--state', dir);
      const refused = await second.end();
      const taken = start('--no-story', '--port', new URL(url).port);
      const takenCode = await taken.end();
      const after = await factsOnceServed(first);
      const ended = await first.end('SIGTERM');
      const third = start('--no-story', '--port', '0', '--state', dir);
      const again = await third.facts();

      expect(first.events).toEqual([{ event: 'ready', url }]);
      expect(before).toMatchObject({ app: url, pids: { world: first.child.pid } });
      expect([refused, second.stderr]).toEqual([1, expect.stringContaining(`process ${first.child.pid}`)]);
      expect([takenCode, taken.stderr]).toEqual([1, expect.stringContaining('in use by another process')]);
      expect(after).toEqual({ ...before, pids: { ...before.pids, host: expect.any(Number) } });
      expect(after.pids.host).not.toBe(before.pids.host);
      expect(ended).toBe(0);
      expect(again.workspaces).toEqual(before.workspaces);
    },
    patienceMs,
  );

  it('makes a region dark and fires timers by hand', async () => {
    const world = start('--no-story', '--port', '0');
    const url = await world.ready();
    const { primary } = (await world.facts()).workspaces!;

    const dark = await post(`${url}/local/outage`, { side: 'primary', on: true });
    const asked = fetch(`${primary.url}/api/2.2/jobs/list`, { signal: AbortSignal.timeout(200) });
    await expect(asked).rejects.toThrow('timeout');
    const fired = await post(`${url}/local/timers/probe`);

    expect([dark, fired]).toEqual([200, 200]);
    expect(await post(`${url}/local/outage`, { side: 'primary' })).toBe(400);
    expect(await post(`${url}/local/timers/unknown`)).toBe(404);
    expect(await world.end('SIGINT')).toBe(0);
  });

  it('ends with 2 and one line for wrong options, and lists the faults of a configuration', async () => {
    const config = join(dir, 'dr.config.json');
    const auth = { kind: 'keyVault', secret: 'a-token' };
    const side = { region: 'eastus2', url: 'http://127.0.0.1:9', auth };
    writeFileSync(config, JSON.stringify({ pairs: [{ name: 'one', primary: side, secondary: side }] }));

    const options = start('--size', 'huge');
    const missing = start('--config', join(dir, 'none.json'));
    const faulty = start('--config', config, '--port', '0');

    expect([await options.end(), options.stderr]).toEqual([2, expect.stringMatching(/^npm start: .+\n$/)]);
    expect([await missing.end(), missing.stderr]).toEqual([2, expect.stringMatching(/^npm start: .+\n$/)]);
    expect(await faulty.end()).toBe(2);
    expect(faulty.stderr).toContain('pairs[0].secondary.url is the workspace of the primary');
    expect(faulty.events).toEqual([]);
  });

  /** The notice comes when the new process starts; until it serves, connections are refused. */
  async function factsOnceServed(world: WorldProcess): ReturnType<WorldProcess['facts']> {
    for (let attempts = 0; attempts < 1_000; attempts += 1) {
      const facts = await world.facts().catch(() => undefined);
      if (facts !== undefined) return facts;
    }
    throw new Error('the app host did not come back');
  }
});
