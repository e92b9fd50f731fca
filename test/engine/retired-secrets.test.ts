import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';

const api = '/api/2.0/secrets';
const dayMs = 24 * 3600 * 1000;
/** So that tests need not wait for the month that is the default. */
const retireDays = 2;

describe('secrets that are gone at the source', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    call('primary', 'POST', '/api/2.0/preview/scim/v2/Users', { userName: 'alice@example.com' });
    fillScope('primary');
    call('secondary', 'POST', `${api}/scopes/create`, { scope: 'theirs' });
    grant('secondary', 'theirs', 'users');
    await refresh();
  });
  afterEach(() => rig.close());

  type Side = 'primary' | 'secondary';

  function call(side: Side, method: string, path: string, body?: object): Record<string, unknown> {
    return (rig[side].call(method, path, body).json ?? {}) as Record<string, unknown>;
  }

  function fillScope(side: Side): void {
    call(side, 'POST', `${api}/scopes/create`, { scope: 'etl' });
    grant(side, 'etl', 'alice@example.com');
    grant(side, 'etl', 'users');
    for (const key of ['one', 'two']) put(side, key);
  }

  function grant(side: Side, scope: string, principal: string): void {
    call(side, 'POST', `${api}/acls/put`, { scope, principal, permission: 'READ' });
  }

  function put(side: Side, key: string): void {
    call(side, 'POST', `${api}/put`, { scope: 'etl', key, string_value: 'x' });
  }

  function readersOf(scope: string): unknown {
    const { items = [] } = call('secondary', 'GET', `${api}/acls/list?scope=${scope}`);
    return (items as { principal: string }[]).map(({ principal }) => principal).sort();
  }

  function scopes(): unknown {
    const { scopes: rows = [] } = call('secondary', 'GET', `${api}/scopes/list`);
    return (rows as { name: string }[]).map(({ name }) => name);
  }

  async function refresh(): Promise<{ report: Report; writes: string[]; fates: string[] }> {
    const seq = rig.secondary.requests.lastSeq();
    const { runId } = await rig.run('refresh', { pair: { retireDays } });
    const report = (await readReport(rig.runtime.state, runId)) as Report;
    const writes = rig.secondary.requests.mutatingSince(seq).map(({ path }) => path.slice(api.length));
    return { report, writes, fates: report.retire.map(({ key, fate }) => `${key} ${fate}`).sort() };
  }

  it('can be read by nobody any more at once, and what is not ours stays as it is', async () => {
    call('primary', 'POST', `${api}/scopes/delete`, { scope: 'etl' });

    const { report, writes } = await refresh();

    expect(report.run.status).toBe('succeeded');
    expect(writes).toEqual(['/acls/delete', '/acls/delete', '/acls/delete']);
    expect(readersOf('etl')).toEqual([]);
    expect(readersOf('theirs')).toEqual(['admin@example.com', 'users']);
    const again = await refresh();
    expect(again.writes).toEqual([]);
    expect(again.fates).toEqual([
      'secret-acl/scope:etl waits',
      'secret-scope/etl waits',
      'secret/etl/one waits',
      'secret/etl/two waits',
    ]);
    expect(again.report.manualSteps.join()).not.toContain('Remove');
  }, 60_000);

  it('can be read again by the same people when they come back', async () => {
    call('primary', 'POST', `${api}/scopes/delete`, { scope: 'etl' });
    await refresh();
    fillScope('primary');

    const { report } = await refresh();

    expect(report.run.status).toBe('succeeded');
    expect(report.retire).toEqual([]);
    expect(readersOf('etl')).toEqual(['admin@example.com', 'alice@example.com', 'users']);
    expect((await refresh()).writes).toEqual([]);
  }, 60_000);

  it('are removed with their scope after the days that are given', async () => {
    call('primary', 'POST', `${api}/scopes/delete`, { scope: 'etl' });
    await refresh();
    await rig.clock.sleep(3 * dayMs);

    const { writes } = await refresh();

    expect(writes).toEqual(['/delete', '/delete', '/scopes/delete']);
    expect(scopes()).toEqual(['theirs']);
    const after = await refresh();
    expect(after.writes).toEqual([]);
    expect(after.fates).toEqual([]);
  }, 60_000);

  it('stay where somebody has set them in the target, and so does their scope', async () => {
    call('primary', 'POST', `${api}/scopes/delete`, { scope: 'etl' });
    await refresh();
    put('secondary', 'one');
    await rig.clock.sleep(3 * dayMs);

    const { report, writes, fates } = await refresh();

    expect(writes).toEqual(['/delete']);
    expect(scopes()).toEqual(['theirs', 'etl']);
    expect(fates).toContain('secret/etl/one stays');
    expect(report.retire.find(({ key }) => key === 'secret-scope/etl')?.reason).toBe(
      'stays: cannot remove secret-scope/etl: it has secrets',
    );
  }, 60_000);

  it('are removed one by one where only one of them is gone', async () => {
    call('primary', 'POST', `${api}/delete`, { scope: 'etl', key: 'one' });
    await refresh();
    await rig.clock.sleep(3 * dayMs);

    expect((await refresh()).writes).toEqual(['/delete']);
    expect(readersOf('etl')).toEqual(['admin@example.com', 'alice@example.com', 'users']);
  }, 60_000);
});
