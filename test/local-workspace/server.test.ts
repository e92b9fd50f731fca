import { ApiError } from '../../local/workspace/area';
import { adminToken, analystToken, openWorkspace, type TestWorkspace } from '../support/emulated-workspace';

const me = '/api/2.0/preview/scim/v2/Me';
let region: TestWorkspace;

beforeAll(async () => {
  region = await openWorkspace();
});
afterAll(() => region.workspace.close());

describe('the emulated workspace', () => {
  it.each([
    { name: 'no token', token: '' },
    { name: 'an unknown token', token: 'dapi-of-the-other-region' },
  ])('answers 401 with $name', async ({ token }) => {
    const { status, json } = await region.send('GET', me, undefined, token);

    expect(status).toBe(401);
    expect(json).toEqual({ error_code: 'UNAUTHENTICATED', message: expect.any(String) });
  });

  it('answers 403 to somebody who was deactivated', async () => {
    const { json: analyst } = await region.send('GET', me, undefined, analystToken);
    const change = (active: boolean) =>
      region.send('PATCH', `/api/2.0/preview/scim/v2/Users/${analyst.id}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', path: 'active', value: active }],
      });

    await change(false);
    const refused = await region.send('GET', me, undefined, analystToken);
    await change(true);
    const welcome = await region.send('GET', me, undefined, analystToken);

    expect([refused.status, refused.json.error_code]).toEqual([403, 'PERMISSION_DENIED']);
    expect(welcome.status).toBe(200);
  });

  it('keeps administration from those who are not administrators', async () => {
    const { status } = await region.send(
      'POST',
      '/api/2.0/preview/scim/v2/Users',
      { userName: 'x@example.com' },
      analystToken,
    );

    expect(status).toBe(403);
  });

  it('answers 404 ENDPOINT_NOT_FOUND for a path or method that nobody serves', async () => {
    const path = await region.send('GET', '/api/2.0/no-such-thing');
    const method = await region.send('DELETE', '/api/2.0/workspace/list');

    expect([path.status, path.json.error_code]).toEqual([404, 'ENDPOINT_NOT_FOUND']);
    expect([method.status, method.json.error_code]).toEqual([404, 'ENDPOINT_NOT_FOUND']);
  });

  it('answers 400 MALFORMED_REQUEST for a body that is not JSON', async () => {
    const { status, json } = await region.send('POST', '/api/2.0/workspace/mkdirs', Buffer.from('{"path":'));

    expect([status, json.error_code]).toEqual([400, 'MALFORMED_REQUEST']);
  });

  it('tells the workspace id in a header', async () => {
    const { headers } = await region.send('GET', me);

    expect(headers.get('x-databricks-org-id')).toMatch(/^\d+$/);
  });

  it('logs every request without token and body', async () => {
    const before = region.workspace.requests.lastSeq();
    await region.send('POST', '/api/2.0/workspace/mkdirs', { path: '/Shared/logged' });
    await region.send('GET', '/api/2.0/workspace/get-status?path=/Shared/missing');

    const { json } = await region.send('GET', `/local/requests?since=${before}`);

    expect(json).toEqual([
      {
        seq: before + 1,
        atMs: region.clock.nowMs,
        method: 'POST',
        path: '/api/2.0/workspace/mkdirs',
        query: '',
        mutating: true,
        caller: 'admin@example.com',
        status: 200,
      },
      expect.objectContaining({ query: 'path=/Shared/missing', mutating: false, status: 404 }),
    ]);
    expect(JSON.stringify(json)).not.toContain(adminToken);
    expect(region.workspace.requests.mutatingSince(before)).toHaveLength(1);
  });

  it('counts requests by route', async () => {
    const route = 'GET /api/2.0/permissions/{type}/{id}';
    const count = async (): Promise<number> =>
      Number((await region.send('GET', '/local/counts')).json[route] ?? 0);
    const before = await count();

    await region.send('GET', '/api/2.0/permissions/jobs/1');
    await region.send('GET', '/api/2.0/permissions/clusters/2');

    expect(await count()).toBe(before + 2);
  });

  it('tells other processes which schedules fired', async () => {
    const { status, json } = await region.send('GET', '/local/firings');

    expect([status, json]).toEqual([200, []]);
  });

  it('takes the same calls in process, without network and limits', () => {
    region.workspace.call('POST', '/api/2.0/workspace/mkdirs', { path: '/Shared/in process' });
    const status = region.workspace.call('GET', '/api/2.0/workspace/get-status?path=/Shared/in%20process');

    expect(status.json).toMatchObject({ object_type: 'DIRECTORY', path: '/Shared/in process' });
    expect(() => region.workspace.call('GET', '/api/2.0/workspace/get-status?path=/none')).toThrow(ApiError);
  });
});
