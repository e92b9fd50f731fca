import { sortedBy } from './fields';
import { exists, principalName, textOf, type PrincipalName, type Principals } from './principal-name';

/** One entry of an access list as PUT takes it. */
export interface Grant extends PrincipalName {
  readonly permission_level: string;
}

/** One entry as GET answers it: several levels, some of them inherited. */
export interface GrantedPermissions extends PrincipalName {
  readonly all_permissions?: readonly { readonly permission_level?: string; readonly inherited?: boolean }[];
}

/**
 * The direct entries, in one order. What is inherited comes back by itself, and would become direct if it were sent;
 * `admins` have what they have by the platform.
 */
export function directGrants(entries: readonly GrantedPermissions[]): Grant[] {
  const grants = entries
    .filter(({ group_name }) => group_name !== 'admins')
    .flatMap(({ user_name, group_name, service_principal_name, all_permissions }) =>
      (all_permissions ?? []).flatMap(({ permission_level, inherited }): Grant[] =>
        inherited === true || permission_level === undefined
          ? []
          : [
              {
                ...(user_name === undefined ? {} : { user_name }),
                ...(group_name === undefined ? {} : { group_name }),
                ...(service_principal_name === undefined ? {} : { service_principal_name }),
                permission_level,
              },
            ],
      ),
    );
  return sortedGrants(grants);
}

/** An access list is a set: one order makes equal sets equal. */
export function sortedGrants(grants: readonly Grant[]): Grant[] {
  return sortedBy(grants, (grant) => JSON.stringify([kindOf(grant), textOf(grant), grant.permission_level]));
}

function kindOf(grant: Grant): string {
  if (grant.user_name !== undefined) return 'user';
  return grant.group_name === undefined ? 'service principal' : 'group';
}

export interface Owned<Body> {
  readonly body: Body;
  /** Names of the principals whose entries were dropped. */
  readonly dropped: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * The body with only those principals that exist, for the API refuses the whole list for one that does not.
 * A job or pipeline must have exactly one owner, so one that has lost its own gets `fallback`.
 */
export function withOwner<Body extends object>(
  body: Body,
  principals: Principals,
  fallback?: string,
): Owned<Body> {
  const list = 'access_control_list' in body ? (body.access_control_list as readonly Grant[]) : [];
  const kept = list.filter((grant) => exists(grant, principals));
  const gone = list.filter((grant) => !exists(grant, principals));
  const dropped = gone.map(textOf);
  const warnings = gone.map(
    (grant) =>
      `${grant.permission_level} of ${textOf(grant)} is dropped: no such ${kindOf(grant)} at the target`,
  );
  const owned = ownedObjects.find((member) => member in body);
  if (owned === undefined || kept.some(isOwner)) {
    return { body: { ...body, access_control_list: sortedGrants(kept) }, dropped, warnings };
  }
  const owner = fallback === undefined ? undefined : principalName(fallback);
  if (owner === undefined || !exists(owner, principals)) {
    warnings.push(`the ${owned} has no owner who exists at the target: set owners.fallback to one who does`);
    return { body: { ...body, access_control_list: sortedGrants(kept) }, dropped, warnings };
  }
  warnings.push(`the owner is ${textOf(owner)} (owners.fallback)`);
  // Of several entries of one principal only the strongest would stay.
  const others = kept.filter((grant) => kindOf(grant) === 'group' || textOf(grant) !== textOf(owner));
  const grants = [...others, { ...owner, permission_level: 'IS_OWNER' }];
  return { body: { ...body, access_control_list: sortedGrants(grants) }, dropped, warnings };
}

/** The members of a permission whose object has exactly one owner. */
const ownedObjects: readonly string[] = ['job', 'pipeline', 'sql_warehouse'];

function isOwner(grant: Grant): boolean {
  return grant.permission_level === 'IS_OWNER';
}
