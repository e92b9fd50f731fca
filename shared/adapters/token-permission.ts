import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import { hasCode } from '../domain/errors';
import { directGrants, sortedGrants, withOwner, type Grant, type GrantedPermissions } from './access-list';
import type { Adapter } from './adapter';
import { listedBody } from './vanished';

/** Ways to sign in whose use the permissions API governs for the whole workspace. */
const ways = ['tokens', 'passwords'] as const;

export interface TokenPermissionBody {
  readonly way: string;
  readonly access_control_list: readonly Grant[];
}

/** Who may use personal access tokens, and passwords where a workspace has them. What nobody has set is no asset. */
export const tokenPermission: Adapter<TokenPermissionBody> = {
  kind: 'token-permission',
  step: 'accessControl',
  carries: 'who may use personal access tokens, and passwords where there are any; not: the tokens',
  references: [
    { at: 'access_control_list[].user_name', to: 'user', by: 'name' },
    { at: 'access_control_list[].group_name', to: 'group', by: 'name' },
    { at: 'access_control_list[].service_principal_name', to: 'service-principal', by: 'name' },
  ],
  ignore: [],
  repeatable: true,

  async *list(from) {
    for (const way of ways) {
      const access_control_list = await grantsOf(from, way);
      if (access_control_list.length === 0) continue;
      const body = { way, access_control_list };
      yield { id: way, name: way, version: hashBody(body), body };
    }
  },
  export: (_from, stub) => listedBody('token-permission', stub),
  find: (index, { body }) => index.byId(body.way)?.id,
  asleep: (body) => ({ ...body, access_control_list: sortedGrants(body.access_control_list) }),
  admit: withOwner,
  async create(target, body) {
    await setGrants(target, body.way, body.access_control_list);
    return body.way;
  },
  update: (target, way, body) => setGrants(target, way, body.access_control_list),
  remove: (target, way) => setGrants(target, way, []),
};

/** Admins have theirs by the platform: whatever this says, the app is not locked out. */
async function grantsOf(from: Workspace, way: string): Promise<Grant[]> {
  try {
    const answer = await from.get<{ access_control_list?: GrantedPermissions[] }>(pathOf(way));
    return directGrants(answer.access_control_list ?? []);
  } catch (error) {
    // Few workspaces still have passwords.
    if (way === 'passwords' && hasCode(error, 'DR_API_NOT_FOUND', 'DR_API_FEATURE_DISABLED')) return [];
    throw error;
  }
}

async function setGrants(target: Workspace, way: string, list: readonly Grant[]): Promise<void> {
  await target.put(pathOf(way), { access_control_list: list });
}

function pathOf(way: string): string {
  return `/api/2.0/permissions/authorization/${way}`;
}
