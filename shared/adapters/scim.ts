import type { Workspace } from '../databricks/workspace';
import { DrError } from '../domain/errors';
import { sortedBy } from './fields';

const scim = '/api/2.0/preview/scim/v2';

export type Collection = 'Users' | 'ServicePrincipals' | 'Groups';

const schemas: Readonly<Record<Collection, readonly string[]>> = {
  Users: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  ServicePrincipals: ['urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal'],
  Groups: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
};

export interface ScimValue {
  readonly value: string;
}

/** The members of users, groups and service principals that are in use. */
export interface ScimRow {
  readonly id: string;
  readonly displayName?: string;
  readonly active?: boolean;
  readonly entitlements?: readonly ScimValue[];
}

/** A whole collection. Kinds that are listed in one piece of work share it. */
export function listScim<T extends ScimRow>(from: Workspace, collection: Collection): Promise<readonly T[]> {
  return from.once(`scim:${collection}`, () =>
    Array.fromAsync(from.scim<T>(`${scim}/${collection}`, { count: 100 })),
  );
}

/** Entitlements are a set: in one order, and without the `$ref`s and types that some answers add. */
export function entitlementsOf(row: ScimRow): ScimValue[] {
  return sortedBy(
    (row.entitlements ?? []).map(({ value }) => ({ value })),
    ({ value }) => value,
  );
}

/** Creates a principal and returns its id. Throws DR_API_CONFLICT when the account has put it into the workspace since the listing. */
export async function createPrincipal(
  target: Workspace,
  collection: Collection,
  body: object,
): Promise<string> {
  const path = `${scim}/${collection}`;
  return (await target.post<ScimRow>(path, { schemas: schemas[collection], ...body })).id;
}

async function findPrincipal(
  target: Workspace,
  collection: Collection,
  filter: string,
): Promise<string | undefined> {
  const answer = await target.get<{ Resources?: ScimRow[] }>(`${scim}/${collection}`, { filter });
  return answer.Resources?.[0]?.id;
}

/** Sets these attributes and leaves all others alone: a PUT would also empty what it does not name, such as memberships. */
export async function replaceAttributes(
  target: Workspace,
  collection: Collection,
  id: string,
  attributes: object,
): Promise<void> {
  await target.patch(`${scim}/${collection}/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: Object.entries(attributes).map(([path, value]: [string, unknown]) => ({
      op: 'replace',
      path,
      value,
    })),
  });
}

/** Nobody is enabled again whom somebody disabled in the target: it may have been for a reason that the source does not know. */
export function disabledThere(
  desired: { readonly active: boolean },
  actual: { readonly active: boolean },
): { readonly reason: string; readonly same: true } | undefined {
  if (!desired.active || actual.active) return undefined;
  return { reason: 'disabled in the target: enable it there, or disable it at the source too', same: true };
}

/** How identities are retired: disabled, so that they own what they own; whoever comes back is enabled again. */
export function disabling(collection: Exclude<Collection, 'Groups'>) {
  return {
    isRetired: ({ active }: { readonly active: boolean }): boolean => !active,
    retire: (target: Workspace, id: string): Promise<void> =>
      replaceAttributes(target, collection, id, { active: false }),
  };
}

/** Adds members to a group and leaves all others alone; a member that is there stays one. */
export async function addMember(target: Workspace, groupId: string, id: string): Promise<void> {
  await target.patch(`${scim}/Groups/${groupId}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }],
  });
}

/** Sets the whole group: who is not in `members` leaves it. */
export async function putGroup(target: Workspace, id: string, group: object): Promise<void> {
  await target.put(`${scim}/Groups/${id}`, { schemas: schemas.Groups, ...group });
}

/** The id of a built-in group. Throws DR_ASSET_VANISHED when the workspace does not have it. */
export async function builtInGroup(target: Workspace, displayName: string): Promise<string> {
  const id = await target.once(`scim:group:${displayName}`, () =>
    findPrincipal(target, 'Groups', `displayName eq "${displayName}"`),
  );
  if (id === undefined) throw new DrError('DR_ASSET_VANISHED', `cannot find the group ${displayName}`);
  return id;
}
