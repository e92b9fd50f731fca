import type { AccountPrincipal, PermissionAssignments } from '../../local/workspace/account';
import {
  analystToken,
  openWorkspace,
  valuesOf,
  type HttpAnswer,
  type TestWorkspace,
} from '../support/emulated-workspace';

const scim = '/api/2.0/preview/scim/v2';
const assignments = '/api/2.0/preview/permissionassignments';
const principals: readonly AccountPrincipal[] = [
  { type: 'Users', id: '901', name: 'ana@example.com', attributes: { displayName: 'Ana' } },
  { type: 'Users', id: '902', name: 'off@example.com', attributes: { active: false } },
  { type: 'Groups', id: '903', name: 'corp', attributes: { members: [{ value: '901' }] } },
];
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
});
afterEach(() => region.workspace.close());

function federate(): void {
  region.workspace.core.area<PermissionAssignments>('permission-assignments').federate(principals);
}

function assign(...rows: object[]): Promise<HttpAnswer> {
  return region.send('POST', assignments, { permission_assignments: rows });
}

describe('a workspace with identity federation', () => {
  it.each([
    { type: 'Users', body: { userName: 'new@example.com' } },
    { type: 'Groups', body: { displayName: 'new' } },
    { type: 'ServicePrincipals', body: { displayName: 'new' } },
  ])('refuses to create $type', async ({ type, body }) => {
    federate();

    expect(await region.send('POST', `${scim}/${type}`, body)).toMatchObject({
      status: 403,
      json: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '403' },
    });
  });

  it('assigns identities of the account by name, under the id that they have there', async () => {
    federate();
    await assign({ user_name: 'ana@example.com', permissions: ['USER'] });

    const { json } = await assign({ group_name: 'corp', permissions: ['USER'] });

    expect(json.permission_assignments).toEqual([
      { permissions: ['USER'], principal: { principal_id: 903, group_name: 'corp', display_name: 'corp' } },
    ]);
    const group = (await region.send('GET', `${scim}/Groups/903`)).json;
    expect(group).toMatchObject({ meta: { resourceType: 'Group' }, members: [{ value: '901' }] });
    expect((await region.send('GET', `${scim}/Users/901`)).json).toMatchObject({ displayName: 'Ana' });
    const listed = (await region.send('GET', assignments)).json.permission_assignments;
    expect(valuesOf(valuesOf(listed, 'principal'), 'principal_id')).toEqual([901, 903]);
  });

  it('answers for each identity: one that the account does not have is an error within 200', async () => {
    federate();
    const nobody = { user_name: 'nobody@example.com', permissions: ['USER'] };

    const answer = await assign(nobody, { user_name: 'ana@example.com', permissions: ['USER'] });

    expect(answer.status).toBe(200);
    expect(valuesOf(answer.json.permission_assignments, 'error')).toEqual([
      'Principal not found: nobody@example.com',
      undefined,
    ]);
  });

  it('keeps those disabled who are disabled in the account, assigns by id, and takes them out again', async () => {
    federate();
    const one = `${assignments}/principals/902`;

    await region.send('PUT', one, { permissions: ['USER'] });
    const assigned = await region.send('GET', `${scim}/Users/902`);
    await region.send('DELETE', one);

    expect(assigned.json).toMatchObject({ userName: 'off@example.com', active: false });
    expect((await region.send('GET', `${scim}/Users/902`)).status).toBe(404);
    expect((await region.send('PUT', `${assignments}/principals/1`, { permissions: ['USER'] })).status).toBe(
      404,
    );
  });

  it('leaves display names to the account, and entitlements to the workspace', async () => {
    federate();
    await assign({ user_name: 'ana@example.com', permissions: ['USER'] });
    const patch = (path: string, value: unknown): Promise<HttpAnswer> =>
      region.send('PATCH', `${scim}/Users/901`, { Operations: [{ op: 'replace', path, value }] });

    expect((await patch('displayName', 'Anna')).status).toBe(400);
    expect((await patch('displayName', 'Ana')).status).toBe(200);
    expect((await patch('entitlements', [{ value: 'workspace-access' }])).status).toBe(200);
  });
});

describe('assignment', () => {
  it('is a feature of identity federation', async () => {
    expect(await region.send('GET', assignments)).toMatchObject({
      status: 404,
      json: { error_code: 'FEATURE_DISABLED' },
    });
  });

  it('is for administrators', async () => {
    federate();

    expect((await region.send('GET', assignments, undefined, analystToken)).status).toBe(403);
  });
});
