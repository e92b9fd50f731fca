import { group } from '../../shared/adapters/group';
import { servicePrincipal } from '../../shared/adapters/service-principal';
import { user } from '../../shared/adapters/user';
import { workspaceAdmin } from '../../shared/adapters/workspace-admin';
import { poster } from '../support/adapter-estate';
import {
  indexOf,
  listAll,
  openAdapterPair,
  stubNamed,
  type AdapterPair,
} from '../support/adapter-workspaces';

let pair: AdapterPair;
const none = indexOf([]);
const scim = '/api/2.0/preview/scim/v2';

beforeAll(async () => {
  pair = await openAdapterPair();
});

afterAll(() => pair.close());

describe('a principal that is there already', () => {
  it('is not taken for one that we made when it appears between the listing and its creation', async () => {
    const post = poster(pair.secondary.emulated);
    post(`${scim}/Users`, { userName: 'early@example.com' });
    const target = pair.secondary.open();
    const body = { userName: 'early@example.com', active: true, entitlements: [] };

    await expect(user.create(target, body, none)).rejects.toMatchObject({ code: 'DR_API_CONFLICT' });
  });
});

describe('a user', () => {
  it('stays disabled, and keeps what is not carried when it is changed', async () => {
    const target = pair.secondary.open();
    const disabled = { userName: 'off@example.com', active: false, entitlements: [] };

    const id = await user.create(target, disabled, none);
    await user.update!(target, id, { ...disabled, displayName: 'Off' }, none);

    const row = pair.secondary.emulated.call('GET', `${scim}/Users/${id}`).json;
    expect(row).toMatchObject({ active: false, displayName: 'Off', emails: [{ value: 'off@example.com' }] });
  });

  it('has a body whose entitlements are in one order', async () => {
    const entitlements = ['workspace-access', 'allow-cluster-create'].map((value) => ({ value, type: 'x' }));
    poster(pair.primary.emulated)(`${scim}/Users`, { userName: 'sorted@example.com', entitlements });

    const { body } = await stubNamed(pair.primary.open(), 'user', 'sorted@example.com');

    expect(body).toMatchObject({
      entitlements: [{ value: 'allow-cluster-create' }, { value: 'workspace-access' }],
    });
  });
});

describe('a service principal', () => {
  it('goes by its application id: display names are not unique', async () => {
    const applicationId = '11111111-2222-3333-4444-555555555555';
    const target = pair.secondary.open();

    const id = await servicePrincipal.create(
      target,
      { applicationId, displayName: 'robot', active: true, entitlements: [] },
      none,
    );

    expect(await stubNamed(pair.secondary.open(), 'service-principal', applicationId)).toMatchObject({ id });
  });
});

describe('a group', () => {
  it('of the account is carried without its members', async () => {
    poster(pair.primary.emulated)(`${scim}/Groups`, { displayName: 'corp', meta: { resourceType: 'Group' } });

    const { skip, body } = await stubNamed(pair.primary.open(), 'group', 'corp');

    expect(skip).toBeUndefined();
    expect(body).toMatchObject({ displayName: 'corp', account: true, users: [] });
  });

  it('has its members by kind, and the same members in one order after their ids were rewritten', async () => {
    const post = poster(pair.primary.emulated);
    const one = post(`${scim}/Users`, { userName: 'one@example.com' });
    const robot = post(`${scim}/ServicePrincipals`, { displayName: 'r' });
    const inner = post(`${scim}/Groups`, { displayName: 'inner' });
    const members = [inner, robot, one].map(({ id }) => ({ value: id }));
    post(`${scim}/Groups`, { displayName: 'outer', members });

    const { body } = await stubNamed(pair.primary.open(), 'group', 'outer');

    expect(body).toMatchObject({ users: [one.id], service_principals: [robot.id], groups: [inner.id] });
    const rewritten = { ...(body as Parameters<typeof group.create>[1]), users: ['9', '10'] };
    expect(group.asleep!(rewritten).users).toEqual(['10', '9']);
  });

  it('that is built in keeps its members when its entitlements are changed', async () => {
    const target = pair.secondary.open();
    const admins = await stubNamed(target, 'group', 'admins');
    const body = {
      ...(admins.body as Parameters<typeof group.create>[1]),
      entitlements: [{ value: 'workspace-access' }],
    };

    await group.update!(target, admins.id, body, none);

    const after = pair.secondary.open();
    expect((await stubNamed(after, 'group', 'admins')).body).toEqual(body);
    expect((await listAll(after, 'workspace-admin')).map(({ name }) => name)).toContain('admin@example.com');
  });
});

describe('a workspace admin', () => {
  it('is added to the admins, and takes nobody out of them', async () => {
    const target = pair.secondary.open();
    const id = await user.create(
      target,
      { userName: 'new@example.com', active: true, entitlements: [] },
      none,
    );

    await workspaceAdmin.create(target, { user: id }, none);
    await workspaceAdmin.create(target, { user: id }, none);

    const names = (await listAll(pair.secondary.open(), 'workspace-admin')).map(({ name }) => name);
    expect(names.sort()).toEqual(['admin@example.com', 'new@example.com']);
  });
});
