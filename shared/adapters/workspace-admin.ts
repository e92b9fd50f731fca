import { hashBody, type Stub } from '../domain/asset';
import type { Adapter } from './adapter';
import { collectionOf, type GroupRow } from './group';
import { addMember, builtInGroup, listScim } from './scim';
import type { ServicePrincipalRow } from './service-principal';
import type { UserRow } from './user';
import { listedBody } from './vanished';

/** One of the members has the id. */
export interface WorkspaceAdminBody {
  readonly user?: string;
  readonly service_principal?: string;
  readonly group?: string;
}

/**
 * The members of the built-in group `admins`, one asset each, so that admins are added and never taken away:
 * who is an admin of the target only may be the identity that the app itself acts as.
 */
export const workspaceAdmin: Adapter<WorkspaceAdminBody> = {
  kind: 'workspace-admin',
  everywhere: true,
  step: 'principals',
  carries: 'membership of admins is added, never taken away: who is an admin of one side only is reported',
  references: [
    { at: 'user', to: 'user' },
    { at: 'service_principal', to: 'service-principal' },
    { at: 'group', to: 'group' },
  ],
  ignore: [],
  batchSize: 10,
  unlinked: 'link',
  repeatable: true,

  async *list(from) {
    const groups = await listScim<GroupRow>(from, 'Groups');
    const users = await listScim<UserRow>(from, 'Users');
    const servicePrincipals = await listScim<ServicePrincipalRow>(from, 'ServicePrincipals');
    const names = new Map([
      ...groups.map(({ id, displayName }) => [id, displayName] as const),
      ...users.map(({ id, userName }) => [id, userName] as const),
      ...servicePrincipals.map(({ id, applicationId }) => [id, applicationId] as const),
    ]);
    const admins = groups.find(({ displayName }) => displayName === 'admins');
    for (const member of admins?.members ?? []) {
      yield stubOf(member.value, names.get(member.value) ?? member.value, collectionOf(member));
    }
  },
  export: (_from, stub) => listedBody('workspace-admin', stub),
  find: (index, asset) => index.byName(asset.name)?.id,
  async create(target, body) {
    const id = body.user ?? body.service_principal ?? body.group ?? '';
    await addMember(target, await builtInGroup(target, 'admins'), id);
    return id;
  },
};

function stubOf(id: string, name: string, collection: ReturnType<typeof collectionOf>): Stub {
  const member = { Users: 'user', ServicePrincipals: 'service_principal', Groups: 'group' } as const;
  const body: WorkspaceAdminBody = { [member[collection]]: id };
  return { id, name, version: hashBody(body), body };
}
