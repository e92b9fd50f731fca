import { hashBody, keyOf } from '../domain/asset';
import type { Workspace } from '../databricks/workspace';
import { hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { sortedBy } from './fields';
import type { Principals } from './principal-name';
import { matches } from './reference-values';
import { orVanished } from './vanished';

interface AclItem {
  /** userName, application id or name of a group: the API does not say which. */
  readonly principal: string;
  readonly permission: string;
}

export interface SecretAclBody {
  readonly scope: string;
  readonly items: readonly AclItem[];
}

const api = '/api/2.0/secrets/acls';

export const secretAcl: Adapter<SecretAclBody> = {
  kind: 'secret-acl',
  step: 'accessControl',
  carries: 'who may read, write and manage each secret scope, as a set',
  references: [
    { at: 'scope', to: 'secret-scope' },
    { at: 'items[].principal', to: 'user', by: 'name', match: matches.userName },
    { at: 'items[].principal', to: 'service-principal', by: 'name', match: matches.applicationId },
    { at: 'items[].principal', to: 'group', by: 'name', match: matches.groupName },
  ],
  ignore: [],
  of: ['secret-scope'],
  partitions: () => Promise.resolve(['secret-scope']),
  // Whoever makes a scope manages it: the list is there, and differs, as soon as the scope is.
  unlinked: 'link',
  repeatable: true,

  async *list(from, _partition, siblings) {
    const scopes = (siblings.get('secret-scope') ?? []).filter(({ skip }) => skip === undefined);
    yield* await from.each(scopes, async ({ id }) => {
      const body = { scope: id, items: await itemsOf(from, id) };
      return { id: idOf(body), name: id, owner: keyOf('secret-scope', id), version: hashBody(body), body };
    });
  },
  export: async (from, { name: scope }) => ({ scope, items: await itemsOf(from, scope) }),
  find: (index, { body }) => index.byId(idOf(body))?.id,
  asleep: (body) => ({ ...body, items: sorted(body.items) }),
  admit(body, principals) {
    const gone = body.items.filter(({ principal }) => !isThere(principal, principals));
    return {
      body: { ...body, items: body.items.filter((item) => !gone.includes(item)) },
      warnings: gone.map(
        ({ principal, permission }) =>
          `${permission} of ${principal} is dropped: no such principal at the target`,
      ),
    };
  },
  async create(target, body) {
    await replace(target, body);
    return idOf(body);
  },
  update: (target, _id, body) => replace(target, body),
  // Whose scope is gone at the source shall not read our copy of what was in it. It goes with its scope.
  retirement: {
    isRetired: ({ items }) => items.length === 0,
    retire: (target, id) => replace(target, { scope: id.slice(prefix.length), items: [] }),
  },
};

const prefix = 'scope:';

/** Told apart from its scope, which is listed with it. */
function idOf({ scope }: SecretAclBody): string {
  return `${prefix}${scope}`;
}

async function itemsOf(workspace: Workspace, scope: string): Promise<readonly AclItem[]> {
  const read = workspace.get<{ items?: AclItem[] }>(`${api}/list`, { scope });
  const { items = [] } = await orVanished(`secret-acl/${scope}`, read);
  return sorted(items);
}

/** There is no call for the whole list: what is missing is put, then what is too much is deleted. Each may be sent again. */
async function replace(target: Workspace, { scope, items }: SecretAclBody): Promise<void> {
  const there = new Map(
    (await itemsOf(target, scope)).map(({ principal, permission }) => [principal, permission]),
  );
  const repeatable = { repeatable: true };
  for (const { principal, permission } of items) {
    if (there.get(principal) !== permission)
      await target.post(`${api}/put`, { scope, principal, permission }, repeatable);
    there.delete(principal);
  }
  for (const principal of there.keys())
    await target.post(`${api}/delete`, { scope, principal }, repeatable).catch(unlessGone);
}

function unlessGone(error: unknown): void {
  if (!hasCode(error, 'DR_API_NOT_FOUND')) throw error;
}

function sorted(items: readonly AclItem[]): AclItem[] {
  return sortedBy(items, ({ principal }) => principal);
}

function isThere(name: string, { users, groups, servicePrincipals }: Principals): boolean {
  return users.has(name) || groups.has(name) || servicePrincipals.has(name);
}
