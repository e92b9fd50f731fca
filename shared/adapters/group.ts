import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { assignPrincipal, unassignPrincipal } from './assignment';
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
  /** The account has it, with its members: the workspace has only its entitlements. */
  readonly account?: true;
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
  carries: 'members (nested groups too), entitlements; account groups are assigned, never created or changed',
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
      const body = bodyOf(row);
      yield { id: row.id, name: row.displayName, version: hashBody(body), body };
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
  contested: (desired, actual) =>
    desired.account === actual.account
      ? undefined
      : { reason: `the group there is one of the ${actual.account ? 'account' : 'workspace'}`, same: true },
  create: (target, body) =>
    body.account
      ? assignPrincipal(target, 'Groups', body, { group_name: body.displayName })
      : createLocal(target, body),
  update: (target, id, body) =>
    body.account || builtIn.includes(body.displayName)
      ? replaceAttributes(target, 'Groups', id, { entitlements: body.entitlements })
      : putGroup(target, id, requestOf(body)),
  async remove(target, id, { account }) {
    if (account) await unassignPrincipal(target, id);
    else await target.delete(`/api/2.0/preview/scim/v2/Groups/${id}`);
  },
};

/** With identity federation a workspace may refuse groups of its own; one of the account has other members, so it is no substitute. */
async function createLocal(target: Workspace, body: GroupBody): Promise<string> {
  try {
    return await createPrincipal(target, 'Groups', requestOf(body));
  } catch (error) {
    if (!hasCode(error, 'DR_API_FORBIDDEN')) throw error;
    const message = `the workspace refuses a group of its own (${error.message}); make ${body.displayName} in the account, with its members, and assign it to both workspaces`;
    throw new DrError('DR_ASSET_BLOCKED', message, error.details, { cause: error });
  }
}

function bodyOf(row: GroupRow): GroupBody {
  // Everyone is in `users`; who is in `admins` is a kind of its own (workspace-admin).
  const isAccounts = row.meta?.resourceType === 'Group';
  const members = isAccounts || builtIn.includes(row.displayName) ? [] : (row.members ?? []);
  const ids = (collection: MemberCollection): string[] =>
    members
      .filter((member) => collectionOf(member) === collection)
      .map(({ value }) => value)
      .sort();
  return {
    displayName: row.displayName,
    ...(isAccounts && { account: true }),
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
