import {
  analyst,
  analystToken,
  openWorkspace,
  valuesOf,
  type HttpAnswer,
  type TestWorkspace,
} from '../support/emulated-workspace';

const admin = { name: 'admin@example.com', servicePrincipal: false, admin: true };
const owner = { user_name: admin.name, permission_level: 'IS_OWNER' };
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
  region.workspace.core.securableCreated({ type: 'jobs', id: '7', creator: admin });
});
afterEach(() => region.workspace.close());

function get(object: string): Promise<HttpAnswer> {
  return region.send('GET', `/api/2.0/permissions/${object}`);
}

function change(method: string, object: string, list: object[], token?: string): Promise<HttpAnswer> {
  return region.send(method, `/api/2.0/permissions/${object}`, { access_control_list: list }, token);
}

async function objectOf(path: string): Promise<string> {
  const { json } = await region.send('GET', `/api/2.0/workspace/get-status?path=${path}`);
  return `${json.object_type === 'NOTEBOOK' ? 'notebooks' : 'directories'}/${json.object_id}`;
}

describe('the permissions of a job', () => {
  it('begin with its creator as owner and the administrators above it', async () => {
    const { json } = await get('jobs/7');

    expect(json).toEqual({
      object_id: '/jobs/7',
      object_type: 'job',
      access_control_list: [
        {
          user_name: admin.name,
          display_name: admin.name,
          all_permissions: [{ permission_level: 'IS_OWNER', inherited: false }],
        },
        {
          group_name: 'admins',
          all_permissions: [
            { permission_level: 'CAN_MANAGE', inherited: true, inherited_from_object: ['/jobs/'] },
          ],
        },
      ],
    });
  });

  it('are replaced by PUT and added to by PATCH', async () => {
    await change('PUT', 'jobs/7', [owner, { group_name: 'users', permission_level: 'CAN_VIEW' }]);
    await change('PATCH', 'jobs/7', [{ group_name: 'users', permission_level: 'CAN_MANAGE_RUN' }]);
    const added = await change('PATCH', 'jobs/7', [
      { user_name: analyst.name, permission_level: 'CAN_VIEW' },
    ]);
    const replaced = await change('PUT', 'jobs/7', [
      { user_name: analyst.name, permission_level: 'IS_OWNER' },
    ]);

    expect(direct(added)).toEqual({
      [admin.name]: 'IS_OWNER',
      users: 'CAN_MANAGE_RUN',
      [analyst.name]: 'CAN_VIEW',
    });
    expect(direct(replaced)).toEqual({ [analyst.name]: 'IS_OWNER' });
  });

  it.each([
    { name: 'no owner', list: [] },
    { name: 'two owners', list: [owner, { user_name: analyst.name, permission_level: 'IS_OWNER' }] },
    { name: 'a group as owner', list: [{ group_name: 'users', permission_level: 'IS_OWNER' }] },
    { name: 'a level of another type', list: [owner, { group_name: 'users', permission_level: 'CAN_READ' }] },
    { name: 'no principal', list: [owner, { permission_level: 'CAN_VIEW' }] },
    { name: 'less for admins', list: [owner, { group_name: 'admins', permission_level: 'CAN_VIEW' }] },
    {
      name: 'the shape that GET answers with',
      list: [
        { user_name: admin.name, all_permissions: [{ permission_level: 'IS_OWNER', inherited: false }] },
      ],
    },
  ])('are refused with $name', async ({ list }) => {
    const { status, json } = await change('PUT', 'jobs/7', list);

    expect([status, json.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(direct(await get('jobs/7'))).toEqual({ [admin.name]: 'IS_OWNER' });
  });

  it('cannot name somebody who does not exist', async () => {
    const { status, json } = await change('PATCH', 'jobs/7', [
      { user_name: 'nobody@example.com', permission_level: 'CAN_VIEW' },
    ]);

    expect([status, json.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });

  it('no longer show an owner who was deleted, and want a new one', async () => {
    region.workspace.core.securableCreated({ type: 'jobs', id: '8', creator: analyst });
    const users = '/api/2.0/preview/scim/v2/Users';
    const { json } = await region.send('GET', `${users}?filter=userName eq "${analyst.name}"`);
    await region.send('DELETE', `${users}/${json.Resources[0].id}`);

    const view = { group_name: 'users', permission_level: 'CAN_VIEW' };
    const refused = await change('PATCH', 'jobs/8', [view]);
    const accepted = await change('PATCH', 'jobs/8', [view, owner]);

    expect(refused.status).toBe(400);
    expect(direct(accepted)).toEqual({ users: 'CAN_VIEW', [admin.name]: 'IS_OWNER' });
  });

  it('are changed only by those who manage it', async () => {
    const list = [owner, { user_name: analyst.name, permission_level: 'CAN_MANAGE' }];

    const before = await change('PUT', 'jobs/7', list, analystToken);
    await change('PUT', 'jobs/7', list);
    const after = await change('PUT', 'jobs/7', list, analystToken);

    expect([before.status, before.json.error_code]).toEqual([403, 'PERMISSION_DENIED']);
    expect(after.status).toBe(200);
  });

  it('are gone with the job', async () => {
    region.workspace.core.securableRemoved('jobs', '7');

    const { status, json } = await get('jobs/7');

    expect([status, json.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });
});

describe('the permissions of the tree', () => {
  it('are inherited from every directory above', async () => {
    const path = '/Shared/team/deep/n';
    await region.send('POST', '/api/2.0/workspace/mkdirs', { path: '/Shared/team/deep' });
    await region.send('POST', '/api/2.0/workspace/import', { path, language: 'SQL', content: '' });
    const team = await objectOf('/Shared/team');
    await change('PUT', team, [{ group_name: 'users', permission_level: 'CAN_RUN' }]);

    const { json } = await get(await objectOf(path));

    expect(json.object_type).toBe('notebook');
    expect(json.access_control_list).toEqual(
      expect.arrayContaining([
        {
          group_name: 'users',
          all_permissions: [
            { permission_level: 'CAN_RUN', inherited: true, inherited_from_object: [`/${team}`] },
          ],
        },
        {
          group_name: 'admins',
          all_permissions: [
            { permission_level: 'CAN_MANAGE', inherited: true, inherited_from_object: ['/directories/'] },
          ],
        },
      ]),
    );
  });

  it('give a home to its user, and what the user makes in it without a word of its own', async () => {
    const path = `/Users/${analyst.name}/n`;
    const body = { path, language: 'SQL', content: '' };
    await region.send('POST', '/api/2.0/workspace/import', body, analystToken);

    expect(direct(await get(await objectOf(`/Users/${analyst.name}`)))).toEqual({
      [analyst.name]: 'CAN_MANAGE',
    });
    expect(direct(await get(await objectOf(path)))).toEqual({});
  });

  it('never lose the administrators', async () => {
    const { status, json } = await change('PUT', await objectOf('/'), []);

    expect(status).toBe(200);
    expect(json.access_control_list).toEqual([
      { group_name: 'admins', all_permissions: [{ permission_level: 'CAN_MANAGE', inherited: false }] },
    ]);
  });
});

describe('the permission levels', () => {
  it('are those of the type', async () => {
    const { json } = await get('jobs/7/permissionLevels');

    expect(valuesOf(json.permission_levels, 'permission_level')).toEqual([
      'CAN_VIEW',
      'CAN_MANAGE_RUN',
      'IS_OWNER',
      'CAN_MANAGE',
    ]);
    expect(json.permission_levels[0].description).toBe('Can view the job');
  });
});

interface Entry {
  readonly all_permissions: readonly { readonly permission_level: string; readonly inherited: boolean }[];
  readonly user_name?: string;
  readonly group_name?: string;
}

/** Direct grants: principal -> level. */
function direct({ json }: HttpAnswer): Record<string, string> {
  const levels: Record<string, string> = {};
  for (const entry of json.access_control_list as Entry[])
    for (const { permission_level: level, inherited } of entry.all_permissions)
      if (!inherited) levels[entry.user_name ?? entry.group_name ?? ''] = level;
  return levels;
}
