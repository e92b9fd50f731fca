import {
  analystToken,
  openWorkspace,
  type HttpAnswer,
  type TestWorkspace,
} from '../support/emulated-workspace';

const scim = '/api/2.0/preview/scim/v2';
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
});
afterEach(() => region.workspace.close());

async function create(type: string, body: object): Promise<HttpAnswer['json']> {
  const { json } = await region.send('POST', `${scim}/${type}`, body);
  return json;
}

function patch(path: string, ...operations: object[]): Promise<HttpAnswer> {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  return region.send('PATCH', scim + path, { schemas, Operations: operations });
}

describe('a user', () => {
  it('is created active, with an address, a home, and answered with 201', async () => {
    const { status, json } = await region.send('POST', `${scim}/Users`, {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ann@example.com',
      displayName: 'Ann',
      entitlements: [{ value: 'allow-cluster-create' }],
    });

    expect(status).toBe(201);
    expect(json).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: expect.stringMatching(/^\d+$/),
      userName: 'ann@example.com',
      displayName: 'Ann',
      active: true,
      emails: [{ type: 'work', value: 'ann@example.com', primary: true }],
      entitlements: [{ value: 'allow-cluster-create' }],
    });
    const home = await region.send('GET', '/api/2.0/workspace/get-status?path=/Users/ann@example.com');
    expect(home.json.object_type).toBe('DIRECTORY');
  });

  it('who is already there is a 409 in the words of SCIM', async () => {
    await create('Users', { userName: 'ann@example.com' });
    const { status, json } = await region.send('POST', `${scim}/Users`, { userName: 'Ann@Example.com' });

    expect(status).toBe(409);
    expect(json).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      detail: expect.any(String),
      status: '409',
      scimType: 'uniqueness',
    });
  });

  it('keeps the name it was created with', async () => {
    const { id } = await create('Users', { userName: 'ann@example.com' });

    const patched = await patch(`/Users/${id}`, {
      op: 'replace',
      path: 'userName',
      value: 'eve@example.com',
    });
    const put = await region.send('PUT', `${scim}/Users/${id}`, { userName: 'eve@example.com' });

    expect([patched.status, patched.json.scimType]).toEqual([400, 'mutability']);
    expect([put.status, put.json.scimType]).toEqual([400, 'mutability']);
  });

  it('is changed by PATCH with and without paths, whatever the case of the operation', async () => {
    const { id } = await create('Users', { userName: 'ann@example.com', entitlements: [{ value: 'a' }] });

    await patch(`/Users/${id}`, { op: 'Replace', value: { active: 'False', displayName: 'Ann A.' } });
    await patch(`/Users/${id}`, { op: 'ADD', path: 'entitlements', value: [{ value: 'a' }, { value: 'b' }] });
    await patch(`/Users/${id}`, { op: 'remove', path: 'entitlements[value eq "a"]' });
    const { json } = await patch(`/Users/${id}`, { op: 'add', path: 'name.givenName', value: 'Ann' });

    expect(json).toMatchObject({
      active: false,
      displayName: 'Ann A.',
      entitlements: [{ value: 'b' }],
      name: { givenName: 'Ann' },
    });
  });

  it('is replaced by PUT: what is not said is gone', async () => {
    const { id } = await create('Users', { userName: 'ann@example.com', entitlements: [{ value: 'a' }] });
    const { status, json } = await region.send('PUT', `${scim}/Users/${id}`, { userName: 'ann@example.com' });

    expect(status).toBe(200);
    expect(json).not.toHaveProperty('entitlements');
  });

  it('is deleted with 204 and leaves its groups', async () => {
    const { id } = await create('Users', { userName: 'ann@example.com' });
    const group = await create('Groups', { displayName: 'analysts', members: [{ value: id }] });

    const gone = await region.send('DELETE', `${scim}/Users/${id}`);
    const after = await region.send('GET', `${scim}/Groups/${group.id}`);
    const missing = await region.send('GET', `${scim}/Users/${id}`);

    expect([gone.status, gone.text]).toEqual([204, '']);
    expect(after.json).not.toHaveProperty('members');
    expect([missing.status, missing.json.status]).toEqual([404, '404']);
  });

  it('finds itself at /Me', async () => {
    const admin = await region.send('GET', `${scim}/Me`);
    const analyst = await region.send('GET', `${scim}/Me`, undefined, analystToken);

    expect(admin.json).toMatchObject({ userName: 'admin@example.com', groups: [{ display: 'admins' }] });
    expect(analyst.json.userName).toBe('analyst@example.com');
  });
});

describe('a list', () => {
  it('comes in pages that start at 1, until one is empty', async () => {
    for (const name of ['c', 'd', 'e']) await create('Users', { userName: `${name}@example.com` });
    const page = async (startIndex: number): Promise<HttpAnswer['json']> => {
      const { json } = await region.send('GET', `${scim}/Users?startIndex=${startIndex}&count=2`);
      return json;
    };

    expect(await page(1)).toMatchObject({ totalResults: 5, startIndex: 1, itemsPerPage: 2 });
    expect((await page(5)).Resources).toHaveLength(1);
    expect(await page(6)).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 5,
      startIndex: 6,
      itemsPerPage: 0,
    });
  });

  it.each([
    { type: 'Users', filter: 'userName eq "ANALYST@example.com"', found: 1 },
    { type: 'Users', filter: 'USERNAME sw "a"', found: 2 },
    { type: 'Users', filter: 'userName eq "nobody@example.com"', found: 0 },
    { type: 'Groups', filter: 'displayName eq "admins"', found: 1 },
    { type: 'ServicePrincipals', filter: 'applicationId eq "x"', found: 0 },
  ])('of $type takes the filter $filter', async ({ type, filter, found }) => {
    const { json } = await region.send('GET', `${scim}/${type}?filter=${encodeURIComponent(filter)}`);

    expect(json.totalResults).toBe(found);
  });

  it('refuses a filter that it does not know', async () => {
    const { status, json } = await region.send('GET', `${scim}/Users?filter=active`);

    expect([status, json.scimType]).toEqual([400, 'invalidFilter']);
  });

  it('shows only the attributes that were asked for', async () => {
    const wanted = await region.send('GET', `${scim}/Groups?attributes=displayName`);
    const unwanted = await region.send('GET', `${scim}/Groups?excludedAttributes=members,meta`);

    expect(Object.keys(wanted.json.Resources[0] as object).sort()).toEqual(['displayName', 'id']);
    expect(unwanted.json.Resources[0]).toHaveProperty('entitlements');
    expect(unwanted.json.Resources[0]).not.toHaveProperty('members');
  });
});

describe('a group', () => {
  it('shows its members by type, nested groups too, and they show the group', async () => {
    const user = await create('Users', { userName: 'ann@example.com' });
    const inner = await create('Groups', { displayName: 'inner', members: [{ value: user.id }] });
    const outer = await create('Groups', { displayName: 'outer' });

    const { json } = await patch(`/Groups/${outer.id}`, {
      op: 'add',
      path: 'members',
      value: [{ value: inner.id }],
    });

    expect(json).toMatchObject({
      members: [{ display: 'inner', value: inner.id, $ref: `Groups/${inner.id}` }],
      meta: { resourceType: 'WorkspaceGroup' },
    });
    const again = await region.send('GET', `${scim}/Users/${user.id}`);
    expect(again.json.groups).toEqual([
      { display: 'inner', type: 'direct', value: inner.id, $ref: `Groups/${inner.id}` },
    ]);
  });

  it('loses a member by a path with a condition', async () => {
    const user = await create('Users', { userName: 'ann@example.com' });
    const group = await create('Groups', { displayName: 'analysts', members: [{ value: user.id }] });

    const { json } = await patch(`/Groups/${group.id}`, {
      op: 'remove',
      path: `members[value eq "${user.id}"]`,
    });

    expect(json).not.toHaveProperty('members');
  });

  it('refuses members that do not exist', async () => {
    const body = { displayName: 'ghosts', members: [{ value: '12' }] };
    const { status } = await region.send('POST', `${scim}/Groups`, body);

    expect(status).toBe(404);
  });

  it('of the account keeps its members; built-in ones keep existing', async () => {
    const { json: made } = region.workspace.call('POST', `${scim}/Groups`, {
      displayName: 'account-team',
      meta: { resourceType: 'Group' },
    });
    const { id } = made as { id: string };
    const admins = await region.send('GET', `${scim}/Groups?filter=displayName eq "admins"`);
    const admin = await region.send('GET', `${scim}/Me`);

    const change = await patch(`/Groups/${id}`, {
      op: 'add',
      path: 'members',
      value: [{ value: admin.json.id }],
    });
    const rights = await patch(`/Groups/${id}`, { op: 'add', path: 'entitlements', value: [{ value: 'x' }] });
    const gone = await region.send('DELETE', `${scim}/Groups/${admins.json.Resources[0].id}`);

    expect([change.status, rights.status, gone.status]).toEqual([403, 200, 403]);
    expect(rights.json.meta).toEqual({ resourceType: 'Group' });
  });

  it('made over HTTP is never an account group', async () => {
    const group = await create('Groups', { displayName: 'mine', meta: { resourceType: 'Group' } });

    expect(group.meta).toEqual({ resourceType: 'WorkspaceGroup' });
  });
});

describe('a service principal', () => {
  it('has the application id that it was given', async () => {
    const applicationId = '00000000-0000-4000-8000-000000000001';
    const { status, json } = await region.send('POST', `${scim}/ServicePrincipals`, {
      applicationId,
      displayName: 'loader',
    });

    expect(status).toBe(201);
    expect(json).toMatchObject({ applicationId, displayName: 'loader', active: true });
  });
});
