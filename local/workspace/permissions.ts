import { ApiError, type Answer, type Area, type Call, type Core } from './area';
import { GrantStore, isSame, type Grant, type InheritedGrant } from './grant-store';
import { describeLevel, securableType } from './permission-levels';
import { checkGrants, readGrants } from './permission-rules';
import { type ScimArea } from './scim';

/** Access control of every object that an area announced: https://docs.databricks.com/api/azure/workspace/permissions */
export function permissionsArea(core: Core): Area {
  const store = new GrantStore(core);
  // Who may use personal access tokens: there from the start, and this workspace has no passwords.
  if (!store.has('authorization', 'tokens')) {
    const creator = { name: 'admins', servicePrincipal: false, admin: true };
    store.created({ type: 'authorization', id: 'tokens', creator });
  }
  const people = (): ScimArea => core.area<ScimArea>('scim');
  const object = '/api/2.0/permissions/{type}/{id}';
  return {
    name: 'permissions',
    routes: {
      [`GET ${object}`]: (call) => show(store, people(), call),
      [`GET ${object}/permissionLevels`]: (call) => showLevels(store, call),
      [`PUT ${object}`]: (call) => change(store, people(), call, (_before, given) => given),
      [`PATCH ${object}`]: (call) =>
        change(store, people(), call, (before, given) => [
          ...before.filter((grant) => !given.some((other) => isSame(grant, other))),
          ...given,
        ]),
    },
  };
}

interface Target {
  readonly type: string;
  readonly id: string;
}

function targetOf(store: GrantStore, { params }: Call): Target {
  const { type = '', id = '' } = params;
  if (store.has(type, id)) return { type, id };
  const what = `${securableType(type).objectType} ${id}`;
  throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `The ${what} does not exist.`);
}

function show(store: GrantStore, people: ScimArea, call: Call): Answer {
  const { type, id } = targetOf(store, call);
  return {
    json: {
      object_id: `/${type === 'warehouses' ? 'sql/warehouses' : type}/${id}`,
      object_type: securableType(type).objectType,
      access_control_list: listOf(store.direct(type, id), store.inherited(type, id), people),
    },
  };
}

/** One entry per principal; who was deleted is no longer shown. */
function listOf(
  direct: readonly Grant[],
  inherited: readonly InheritedGrant[],
  people: ScimArea,
): Readonly<Record<string, unknown>>[] {
  const entries: { grant: Grant; permissions: object[]; displayName: string }[] = [];
  for (const grant of [...direct, ...inherited]) {
    const displayName = people.findPrincipal(grant.by, grant.name);
    if (displayName === undefined) continue;
    const permission =
      'from' in grant
        ? { permission_level: grant.level, inherited: true, inherited_from_object: [grant.from] }
        : { permission_level: grant.level, inherited: false };
    const entry = entries.find((other) => isSame(other.grant, grant));
    if (entry) entry.permissions.push(permission);
    else entries.push({ grant, permissions: [permission], displayName });
  }
  return entries.map(({ grant, permissions, displayName }) => ({
    [grant.by]: grant.name,
    ...(grant.by !== 'group_name' && { display_name: displayName }),
    all_permissions: permissions,
  }));
}

function showLevels(store: GrantStore, call: Call): Answer {
  const { objectType, levels } = securableType(targetOf(store, call).type);
  const described = levels.map((level) => ({
    permission_level: level,
    description: describeLevel(level, objectType),
  }));
  return { json: { permission_levels: described } };
}

function change(
  store: GrantStore,
  people: ScimArea,
  call: Call,
  combine: (before: readonly Grant[], given: readonly Grant[]) => readonly Grant[],
): Answer {
  const { type, id } = targetOf(store, call);
  const before = store.direct(type, id);
  requireManage(call, [...before, ...store.inherited(type, id)]);
  const given = readGrants(type, call.body, people);
  const after = combine(before, given);
  store.replace(type, id, checkGrants(type, before, after, people));
  return show(store, people, call);
}

/** Group membership is not followed: an administrator, or somebody who was named. */
function requireManage({ caller }: Call, grants: readonly Grant[]): void {
  const manages = grants.some(
    (grant) =>
      grant.name === caller.name &&
      grant.by !== 'group_name' &&
      ['CAN_MANAGE', 'IS_OWNER'].includes(grant.level),
  );
  if (!caller.admin && !manages)
    throw new ApiError(403, 'PERMISSION_DENIED', `${caller.name} may not change these permissions.`);
}
