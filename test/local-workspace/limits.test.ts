import { openWorkspace, type TestWorkspace } from '../support/emulated-workspace';

const exportPath = '/api/2.0/workspace/export?path=/Shared';
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace({ limits: true });
});
afterEach(() => region.workspace.close());

async function statuses(count: number, method: string, path: string): Promise<number[]> {
  const seen: number[] = [];
  for (let at = 0; at < count; at += 1) seen.push((await region.send(method, path)).status);
  return seen;
}

describe('the rate limits', () => {
  it.each([
    { what: 'exports', method: 'GET', path: exportPath, burst: 60 },
    { what: 'lists', method: 'GET', path: '/api/2.0/workspace/list?path=/', burst: 50 },
    { what: 'imports', method: 'POST', path: '/api/2.0/workspace/import', burst: 30 },
    { what: 'deletes', method: 'POST', path: '/api/2.0/workspace/delete', burst: 2 },
    { what: 'SCIM reads', method: 'GET', path: '/api/2.0/preview/scim/v2/Users', burst: 4 },
    { what: 'permission writes', method: 'PATCH', path: '/api/2.0/permissions/jobs/1', burst: 30 },
  ])('let $burst $what through at once and refuse the next', async ({ method, path, burst }) => {
    const seen = await statuses(burst + 1, method, path);

    expect(seen.slice(0, burst)).not.toContain(429);
    expect(seen.at(-1)).toBe(429);
  });

  it('say when to try again, and let through what was earned meanwhile', async () => {
    await statuses(60, 'GET', exportPath);
    const refused = await region.send('GET', exportPath);
    region.clock.nowMs += 500;
    const later = await statuses(31, 'GET', exportPath);

    expect(refused.json.error_code).toBe('REQUEST_LIMIT_EXCEEDED');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(later.filter((status) => status === 200)).toHaveLength(30);
  });

  it.each([
    {
      most: 20,
      what: 'requests',
      path: '/api/2.0/workspace/get-status',
      next: '/api/2.0/workspace/list?path=/',
    },
    { most: 9, what: 'listings of queries', path: '/api/2.0/sql/queries', next: '/api/2.0/sql/queries' },
  ])('never let more than $most $what be in flight', async ({ most, path, next }) => {
    region.workspace.faults.add({ path, kind: 'hang', times: most });
    const abort = new AbortController();
    const hanging = Array.from({ length: most }, () =>
      fetch(`${region.workspace.url}${path}?path=/Shared`, { signal: abort.signal }).catch(() => 'aborted'),
    );
    while (region.workspace.requests.lastSeq() < most) await region.send('GET', '/local/counts');

    const refused = await region.send('GET', next);
    abort.abort();

    expect([refused.status, refused.json.error_code]).toEqual([429, 'REQUEST_LIMIT_EXCEEDED']);
    expect(await Promise.all(hanging)).toEqual(Array(most).fill('aborted'));
  });

  it('do not apply to the local surface and to calls in process', async () => {
    await statuses(60, 'GET', exportPath);

    expect(region.workspace.call('GET', exportPath).json).toMatchObject({ file_type: 'dbc' });
    expect((await region.send('GET', '/local/counts')).status).toBe(200);
  });
});
