import { adminToken, openWorkspace, type TestWorkspace } from '../support/emulated-workspace';

const mkdirs = '/api/2.0/workspace/mkdirs';
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
});
afterEach(() => region.workspace.close());

function exists(path: string): boolean {
  const { json } = region.workspace.call('GET', '/api/2.0/workspace/list?path=/Shared');
  return JSON.stringify(json ?? {}).includes(`"${path}"`);
}

describe('a fault rule', () => {
  it('answers with a status, an error code and Retry-After instead of doing anything', async () => {
    region.workspace.faults.add({
      path: mkdirs,
      kind: 'status',
      status: 503,
      errorCode: 'TEMPORARILY_UNAVAILABLE',
      retryAfter: 7,
    });

    const { status, json, headers } = await region.send('POST', mkdirs, { path: '/Shared/a' });

    expect([status, json.error_code, headers.get('retry-after')]).toEqual([
      503,
      'TEMPORARILY_UNAVAILABLE',
      '7',
    ]);
    expect(exists('/Shared/a')).toBe(false);
  });

  it('can answer with the error page of a proxy', async () => {
    region.workspace.faults.add({ path: mkdirs, kind: 'status', status: 502, html: true });

    const { status, text, headers } = await region.send('POST', mkdirs, { path: '/Shared/a' });

    expect([status, headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(text).toContain('<title>');
  });

  it('resets the connection before the effect', async () => {
    region.workspace.faults.add({ path: mkdirs, kind: 'reset' });

    await expect(region.send('POST', mkdirs, { path: '/Shared/a' })).rejects.toThrow('fetch failed');
    expect(exists('/Shared/a')).toBe(false);
  });

  it('does the work and loses the answer', async () => {
    region.workspace.faults.add({ path: mkdirs, kind: 'lostAnswer' });

    await expect(region.send('POST', mkdirs, { path: '/Shared/a' })).rejects.toThrow('fetch failed');
    expect(exists('/Shared/a')).toBe(true);
  });

  it('does the work and cuts the answer in the middle', async () => {
    region.workspace.faults.add({ path: /\/workspace\/list/, kind: 'truncate' });
    const response = await fetch(`${region.workspace.url}/api/2.0/workspace/list?path=/`, {
      headers: { authorization: `Bearer ${adminToken}` },
    });

    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('never answers, until the client gives up', async () => {
    region.workspace.faults.add({ path: mkdirs, kind: 'hang' });
    const abort = new AbortController();
    const hanging = fetch(region.workspace.url + mkdirs, { method: 'POST', signal: abort.signal });
    while (region.workspace.requests.lastSeq() === 0) await region.send('GET', '/local/counts');
    abort.abort();

    await expect(hanging).rejects.toThrow('abort');
    expect(region.workspace.requests.since(0)).toEqual([
      expect.objectContaining({ status: 0, fault: 'hang' }),
    ]);
  });

  it('starts after some requests, ends after some, and asks for method and path', async () => {
    const rule = { method: 'GET', path: '^/api/2\\.0/workspace/', after: 1, times: 2, kind: 'status' };
    await region.send('POST', '/local/faults', rule);

    const seen: number[] = [];
    await region.send('POST', mkdirs, { path: '/Shared/a' });
    await region.send('GET', '/api/2.0/preview/scim/v2/Me');
    for (let at = 0; at < 4; at += 1)
      seen.push((await region.send('GET', '/api/2.0/workspace/get-status?path=/Shared/a')).status);

    expect(seen).toEqual([200, 500, 500, 200]);
  });

  it('can ask for the query and ends when the rules are cleared', async () => {
    const read = async (path: string): Promise<number> =>
      (await region.send('GET', `/api/2.0/workspace/get-status?path=${path}`)).status;
    await region.send('POST', '/local/faults', { path: 'path=/Shared$', kind: 'status', status: 429 });

    const during = [await read('/Shared'), await read('/Users')];
    await region.send('DELETE', '/local/faults');

    expect(during).toEqual([429, 200]);
    expect(await read('/Shared')).toBe(200);
  });

  it('that makes no sense is refused', async () => {
    const { status, json } = await region.send('POST', '/local/faults', { path: '/x', kind: 'explode' });

    expect([status, json.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });
});
