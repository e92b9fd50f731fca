import type { AccountPrincipal, PermissionAssignments } from '../../local/workspace/account';
import { group } from '../../shared/adapters/group';
import { servicePrincipal } from '../../shared/adapters/service-principal';
import { user } from '../../shared/adapters/user';
import { indexOf, openAdapterPair, stubNamed, type AdapterPair } from '../support/adapter-workspaces';

const none = indexOf([]);
const robot = '11111111-2222-3333-4444-555555555555';
const entitlements = [{ value: 'allow-cluster-create' }];
const ana = { userName: 'ana@example.com', displayName: 'Ana', active: true, entitlements };
const corp = {
  displayName: 'corp',
  account: true,
  entitlements,
  users: [],
  service_principals: [],
  groups: [],
} as const;
const principals: readonly AccountPrincipal[] = [
  { type: 'Users', id: '901', name: 'ana@example.com', attributes: { displayName: 'Ana' } },
  { type: 'Groups', id: '903', name: 'corp', attributes: { members: [{ value: '901' }] } },
  { type: 'ServicePrincipals', id: '904', name: robot },
];
let pair: AdapterPair;

beforeEach(async () => {
  pair = await openAdapterPair();
  federate('secondary');
});
afterEach(() => pair.close());

function federate(side: 'primary' | 'secondary'): void {
  pair[side].emulated.core.area<PermissionAssignments>('permission-assignments').federate(principals);
}

describe('an identity of the account', () => {
  it('is assigned where it may not be created, with its entitlements', async () => {
    const id = await user.create(pair.secondary.open(), ana, none);

    const { body } = await stubNamed(pair.secondary.open(), 'user', ana.userName);
    expect(id).toBe('901');
    expect(body).toEqual(ana);
  });

  it('that is disabled at the source is disabled at the target', async () => {
    const body = { applicationId: robot, active: false, entitlements: [] };

    const id = await servicePrincipal.create(pair.secondary.open(), body, none);

    const stub = await stubNamed(pair.secondary.open(), 'service-principal', robot);
    expect(stub).toMatchObject({ id, body: { active: false } });
  });

  it.each([
    { name: 'the account does not have it', userName: 'nobody@example.com' },
    { name: 'the workspace does not assign', userName: 'ana@example.com', fault: true },
  ])('is blocked with what to do where $name', async ({ userName, fault = false }) => {
    if (fault) {
      const status = { kind: 'status', status: 403, errorCode: 'PERMISSION_DENIED' } as const;
      pair.secondary.emulated.faults.add({ path: /permissionassignments/, ...status });
    }

    await expect(user.create(pair.secondary.open(), { ...ana, userName }, none)).rejects.toMatchObject({
      code: 'DR_ASSET_BLOCKED',
      message: expect.stringMatching(/^assign in account: .*@example.com/),
    });
  });
});

describe('a group of the account', () => {
  it('is assigned and given its entitlements; its members are the account’s', async () => {
    const target = pair.secondary.open();
    await user.create(target, ana, none);

    const id = await group.create(target, corp, none);
    await group.update!(target, id, { ...corp, entitlements: [] }, none);

    expect((await stubNamed(pair.secondary.open(), 'group', 'corp')).body).toEqual({
      ...corp,
      entitlements: [],
    });
    const { json } = pair.secondary.emulated.call('GET', `/api/2.0/preview/scim/v2/Groups/${id}`);
    expect(json).toMatchObject({ members: [{ value: '901' }] });
  });

  it('is taken out of the workspace again, and stays in the account', async () => {
    const target = pair.secondary.open();
    const id = await group.create(target, corp, none);

    await group.remove!(target, id, corp);

    expect(await group.create(pair.secondary.open(), corp, none)).toBe(id);
  });

  it('is no substitute for one of the workspace: that is blocked, or contested', async () => {
    const { account: _account, ...local } = corp;

    await expect(group.create(pair.secondary.open(), local, none)).rejects.toMatchObject({
      code: 'DR_ASSET_BLOCKED',
    });
    expect(group.contested!(local, corp)).toMatchObject({ same: true });
    expect(group.contested!(corp, { ...corp, entitlements: [] })).toBeUndefined();
  });
});

describe('an identity that somebody disabled in the target', () => {
  it('is a matter for a person; one that is disabled at the source as well is not', () => {
    const off = { ...ana, active: false };

    expect(user.contested!(ana, off)).toMatchObject({ same: true });
    expect(user.contested!(off, off)).toBeUndefined();
    expect(user.contested!(off, ana)).toBeUndefined();
  });
});
