import { directGrants, withOwner } from '../../shared/adapters/access-list';

const alice = { user_name: 'alice@example.com' };
const robot = { service_principal_name: '11111111-2222-3333-4444-555555555555' };
const analysts = { group_name: 'analysts' };
const principals = {
  users: new Set(['alice@example.com', 'admin@example.com']),
  groups: new Set(['analysts']),
  servicePrincipals: new Set([robot.service_principal_name]),
};

describe('directGrants', () => {
  it('keeps direct entries only, flat, in one order, and never those of admins', () => {
    const grants = directGrants([
      {
        ...analysts,
        all_permissions: [
          { permission_level: 'CAN_VIEW', inherited: false },
          { permission_level: 'CAN_MANAGE', inherited: true },
        ],
      },
      { group_name: 'admins', all_permissions: [{ permission_level: 'CAN_MANAGE', inherited: false }] },
      { ...robot, all_permissions: [{ permission_level: 'CAN_MANAGE_RUN' }] },
      { ...alice, all_permissions: [{ permission_level: 'IS_OWNER', inherited: false }] },
    ]);

    expect(grants).toEqual([
      { ...analysts, permission_level: 'CAN_VIEW' },
      { ...robot, permission_level: 'CAN_MANAGE_RUN' },
      { ...alice, permission_level: 'IS_OWNER' },
    ]);
  });

  it('gives the same list whatever the order of the answer', () => {
    const entries = [alice, robot, analysts].map((principal) => ({
      ...principal,
      all_permissions: [{ permission_level: 'CAN_VIEW' }],
    }));

    expect(directGrants(entries)).toEqual(directGrants(entries.toReversed()));
  });
});

describe('withOwner', () => {
  it('leaves a list alone whose principals all exist', () => {
    const body = { job: '7', access_control_list: [{ ...alice, permission_level: 'IS_OWNER' }] };

    expect(withOwner(body, principals)).toEqual({ body, dropped: [], warnings: [] });
  });

  it('drops entries of principals that do not exist and says so', () => {
    const gone = { group_name: 'dissolved', permission_level: 'CAN_MANAGE' };
    const body = {
      cluster: '1',
      access_control_list: [gone, { ...analysts, permission_level: 'CAN_RESTART' }],
    };

    const owned = withOwner(body, principals);

    expect(owned.body.access_control_list).toEqual([{ ...analysts, permission_level: 'CAN_RESTART' }]);
    expect(owned.dropped).toEqual(['dissolved']);
    expect(owned.warnings).toEqual(['CAN_MANAGE of dissolved is dropped: no such group at the target']);
  });

  it.each([
    { name: 'a user', fallback: 'admin@example.com', entry: { user_name: 'admin@example.com' } },
    { name: 'a service principal', fallback: robot.service_principal_name, entry: robot },
  ])('gives a job without an owner to $name', ({ fallback, entry }) => {
    const left = { user_name: 'left@example.com', permission_level: 'IS_OWNER' };
    const body = { job: '7', access_control_list: [left, { ...analysts, permission_level: 'CAN_VIEW' }] };

    const owned = withOwner(body, principals, fallback);

    expect(owned.body.access_control_list).toContainEqual({ ...entry, permission_level: 'IS_OWNER' });
    expect(owned.body.access_control_list).toHaveLength(2);
    expect(owned.warnings).toHaveLength(2);
  });

  it('leaves the fallback owner one entry only', () => {
    const body = { job: '7', access_control_list: [{ ...alice, permission_level: 'CAN_VIEW' }] };

    const owned = withOwner(body, principals, 'alice@example.com');

    expect(owned.body.access_control_list).toEqual([{ ...alice, permission_level: 'IS_OWNER' }]);
  });

  it.each([{ fallback: undefined }, { fallback: 'nobody@example.com' }])(
    'says that a job has no owner when the fallback is $fallback',
    ({ fallback }) => {
      const owned = withOwner({ job: '7', access_control_list: [] }, principals, fallback);

      expect(owned.body.access_control_list).toEqual([]);
      expect(owned.warnings).toEqual([expect.stringContaining('owners.fallback')]);
    },
  );

  it('gives no owner to what needs none', () => {
    const owned = withOwner({ notebook: '/a', access_control_list: [] }, principals, 'alice@example.com');

    expect(owned).toEqual({ body: { notebook: '/a', access_control_list: [] }, dropped: [], warnings: [] });
  });
});
