import { hashBody } from '../domain/asset';
import type { Adapter } from './adapter';
import {
  createPrincipal,
  entitlementsOf,
  listScim,
  putGroup,
  replaceAttributes,
  type ScimRow,
  type ScimValue,
} from './scim';

export interface GroupRow extends ScimRow {
  readonly displayName: string;
  readonly members?: readonly { readonly value: string; readonly $ref?: string; readonly display?: string }[];
  readonly meta?: { readonly resourceType?: string };
}

/** Members lie in a list a kind: one list of ids could not say which kind each of them is. */
export interface GroupBody {
  readonly displayName: string;
  readonly entitlements: readonly ScimValue[];
  readonly users: readonly string[];
  readonly service_principals: readonly string[];
  readonly groups: readonly string[];
}

const builtIn = ['admins', 'users'];

export const group: Adapter<GroupBody> = {
  kind: 'group',
  everywhere: true,
  step: 'principals',
  carries: 'members (nested groups too), entitlements; account groups are referred to, never created',
  references: [
    { at: 'users[]', to: 'user' },
    { at: 'service_principals[]', to: 'service-principal' },
    { at: 'groups[]', to: 'group' },
  ],
  ignore: [],
  batchSize: 10,
  selfOrdered: true,
  unlinked: 'link',

  async *list(from) {
    for (const row of await listScim<GroupRow>(from, 'Groups')) {
      const stub = { id: row.id, name: row.displayName };
      const body = bodyOf(row);
      if (row.meta?.resourceType === 'Group')
        yield { ...stub, skip: 'account group: the account keeps its members', harmless: true };
      else yield { ...stub, version: hashBody(body), body };
    }
  },
  async export(from, stub) {
    return bodyOf(await from.get<GroupRow>(`/api/2.0/preview/scim/v2/Groups/${stub.id}`));
  },
  find: (index, asset) => index.byName(asset.body.displayName)?.id,
  asleep: (body) => ({
    ...body,
    // Ids of the target sort differently from those of the source.
    users: [...body.users].sort(),
    service_principals: [...body.service_principals].sort(),
    groups: [...body.groups].sort(),
  }),
  create: (target, body) => createPrincipal(target, 'Groups', requestOf(body)),
  update: (target, id, body) =>
    builtIn.includes(body.displayName)
      ? replaceAttributes(target, 'Groups', id, { entitlements: body.entitlements })
      : putGroup(target, id, requestOf(body)),
  async remove(target, id) {
    await target.delete(`/api/2.0/preview/scim/v2/Groups/${id}`);
  },
};

function bodyOf(row: GroupRow): GroupBody {
  // Everyone is in `users`; who is in `admins` is a kind of its own (workspace-admin).
  const members = builtIn.includes(row.displayName) ? [] : (row.members ?? []);
  const ids = (collection: MemberCollection): string[] =>
    members
      .filter((member) => collectionOf(member) === collection)
      .map(({ value }) => value)
      .sort();
  return {
    displayName: row.displayName,
    entitlements: entitlementsOf(row),
    users: ids('Users'),
    service_principals: ids('ServicePrincipals'),
    groups: ids('Groups'),
  };
}

export type MemberCollection = 'Users' | 'ServicePrincipals' | 'Groups';

/** Which collection a member is of: its `$ref` is `Users/<id>`, `Groups/<id>` or `ServicePrincipals/<id>`. */
export function collectionOf(member: { readonly $ref?: string }): MemberCollection {
  const reference = member.$ref ?? '';
  if (/(^|\/)Groups\//.test(reference)) return 'Groups';
  return /(^|\/)ServicePrincipals\//.test(reference) ? 'ServicePrincipals' : 'Users';
}

function requestOf(body: GroupBody): {
  readonly displayName: string;
  readonly members: readonly ScimValue[];
} {
  const { users, service_principals, groups, ...attributes } = body;
  return { ...attributes, members: [...users, ...service_principals, ...groups].map((value) => ({ value })) };
}
