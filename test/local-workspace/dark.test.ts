import { makeAreas } from '../../local/workspace/areas';
import { openWorkspace, type TestWorkspace } from '../support/emulated-workspace';

let region: TestWorkspace;
let ticks: number[];

beforeEach(async () => {
  ticks = [];
  const ticking = { name: 'ticking', routes: {}, tick: (nowMs: number) => void ticks.push(nowMs) };
  region = await openWorkspace({ areas: (core) => [...makeAreas(core), ticking] });
});
afterEach(() => region.workspace.close());

async function seen(count: number): Promise<void> {
  while (region.workspace.requests.lastSeq() < count) await region.send('GET', '/local/counts');
}

describe('a region that went dark', () => {
  it('accepts requests, does nothing, and closes them when the light comes back', async () => {
    await region.send('POST', '/local/dark', { on: true });
    let settled = false;
    const hanging = region
      .send('POST', '/api/2.0/workspace/mkdirs', { path: '/Shared/a' })
      .finally(() => (settled = true));
    await seen(1);
    const during = [settled, region.workspace.isDark()];
    const refused = expect(hanging).rejects.toThrow('fetch failed');
    await region.send('POST', '/local/dark', { on: false });
    await refused;

    expect(during).toEqual([false, true]);
    expect(region.workspace.requests.since(0)).toEqual([
      expect.objectContaining({ status: 0, fault: 'dark' }),
    ]);
    const after = await region.send('GET', '/api/2.0/workspace/get-status?path=/Shared/a');
    expect(after.status).toBe(404);
  });

  it('takes requests with it that were on their way', async () => {
    await region.workspace.close();
    region = await openWorkspace({ latencyMs: 5 });
    const hanging = region.send('GET', '/api/2.0/workspace/list?path=/');
    const refused = expect(hanging).rejects.toThrow('fetch failed');
    await seen(1);
    region.workspace.setDark(true);
    while (region.workspace.requests.since(0)[0]?.fault !== 'dark') await region.send('GET', '/local/counts');
    region.workspace.setDark(false);

    await refused;
  });

  it('stands still', () => {
    region.workspace.tick();
    region.workspace.setDark(true);
    region.clock.nowMs += 60_000;
    region.workspace.tick();
    region.workspace.setDark(false);
    region.workspace.tick();

    expect(ticks).toEqual([region.clock.nowMs - 60_000, region.clock.nowMs]);
  });
});
