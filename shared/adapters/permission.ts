import type { Workspace } from '../databricks/workspace';
import { keyOf, type Stub } from '../domain/asset';
import { directGrants, sortedGrants, withOwner, type Grant, type GrantedPermissions } from './access-list';
import type { Adapter, TargetIndex } from './adapter';
import { treePartitions } from './tree';
import { orVanished } from './vanished';

/** The kinds whose access lists are carried: their name in the permissions API, and the member that names the object. */
const objects = {
  directory: { type: 'directories', member: 'directory', by: 'path' },
  notebook: { type: 'notebooks', member: 'notebook', by: 'path' },
  'workspace-file': { type: 'files', member: 'workspace_file', by: 'path' },
  'git-folder': { type: 'repos', member: 'git_folder', by: 'path' },
  cluster: { type: 'clusters', member: 'cluster', by: 'id' },
  'instance-pool': { type: 'instance-pools', member: 'instance_pool', by: 'id' },
  'cluster-policy': { type: 'cluster-policies', member: 'cluster_policy', by: 'id' },
  job: { type: 'jobs', member: 'job', by: 'id' },
  pipeline: { type: 'pipelines', member: 'pipeline', by: 'id' },
  'sql-warehouse': { type: 'warehouses', member: 'sql_warehouse', by: 'id' },
  query: { type: 'queries', member: 'query', by: 'id' },
  alert: { type: 'alertsv2', member: 'alert', by: 'id' },
  dashboard: { type: 'dashboards', member: 'dashboard', by: 'id' },
} as const;

type ObjectKind = keyof typeof objects;
const objectKinds = Object.keys(objects) as ObjectKind[];

/** One of the members says which object it is: its id, or its path for what lies in the tree. */
export interface PermissionBody {
  readonly directory?: string;
  readonly notebook?: string;
  readonly workspace_file?: string;
  readonly git_folder?: string;
  readonly cluster?: string;
  readonly instance_pool?: string;
  readonly cluster_policy?: string;
  readonly job?: string;
  readonly pipeline?: string;
  readonly sql_warehouse?: string;
  readonly query?: string;
  readonly alert?: string;
  readonly dashboard?: string;
  readonly access_control_list: readonly Grant[];
}

export const permission: Adapter<PermissionBody> = {
  kind: 'permission',
  step: 'accessControl',
  carries: 'direct entries of everything that has an access list, as a set',
  references: [
    ...objectKinds.map((kind) => ({ at: objects[kind].member, to: kind, by: objects[kind].by })),
    { at: 'access_control_list[].user_name', to: 'user', by: 'name' },
    { at: 'access_control_list[].group_name', to: 'group', by: 'name' },
    { at: 'access_control_list[].service_principal_name', to: 'service-principal', by: 'name' },
  ],
  ignore: [],
  batchSize: 50,
  of: objectKinds,
  unlinked: 'link',
  repeatable: true,

  async partitions(from) {
    const listedAlone = objectKinds.filter((kind) => objects[kind].by === 'id');
    return [...listedAlone, ...(await treePartitions(from))];
  },
  async *list(_from, _partition, siblings) {
    // Nothing is asked: the objects are listed already.
    yield* await Promise.resolve(objectKinds.flatMap((kind) => stubsOf(kind, siblings.get(kind) ?? [])));
  },
  async export(from, stub) {
    const { kind, id } = parseId(stub.id);
    const objectId = stub.objectId ?? (await objectIdOf(from, kind, id, undefined));
    const path = pathOf(stub.securable ?? objects[kind].type, objectId);
    const read = from.get<{ access_control_list?: GrantedPermissions[] }>(path);
    const { access_control_list } = await orVanished(`permission/${stub.id}`, read);
    return { [objects[kind].member]: id, access_control_list: directGrants(access_control_list ?? []) };
  },
  find: (index, { body }) => index.byId(idOf(body))?.id,
  asleep: (body) => ({ ...body, access_control_list: sortedGrants(body.access_control_list) }),
  admit: withOwner,
  async create(target, body, index) {
    await replace(target, body, index);
    return idOf(body);
  },
  update: (target, _id, body, index) => replace(target, body, index),
};

function stubsOf(kind: ObjectKind, all: readonly Stub[]): Stub[] {
  return all.filter(({ skip }) => skip === undefined).map((object) => stubOf(kind, object));
}

function stubOf(kind: ObjectKind, object: Stub): Stub {
  return {
    id: `${kind}:${object.id}`,
    name: object.name,
    ...(object.path === undefined ? {} : { path: object.path }),
    objectId: object.objectId ?? object.id,
    ...(object.securable === undefined ? {} : { securable: object.securable }),
    owner: keyOf(kind, object.id),
  };
}

/** PUT replaces the direct entries, so that revocations travel too, and leaves what is inherited alone. */
async function replace(target: Workspace, body: PermissionBody, index: TargetIndex): Promise<void> {
  const { kind, id } = objectOf(body);
  const objectId = await objectIdOf(target, kind, id, index);
  const type = index.byId(idOf(body))?.securable ?? objects[kind].type;
  await target.put(pathOf(type, objectId), { access_control_list: body.access_control_list });
}

/** The API addresses what lies in the tree by the platform's own id, which differs in each workspace. */
async function objectIdOf(
  workspace: Workspace,
  kind: ObjectKind,
  id: string,
  index: TargetIndex | undefined,
): Promise<string> {
  if (objects[kind].by === 'id') return id;
  const known = index?.byPath(id)?.objectId;
  if (known !== undefined) return known;
  const read = workspace.get<{ object_id: number }>('/api/2.0/workspace/get-status', { path: id });
  return String((await orVanished(`${kind}/${id}`, read)).object_id);
}

function pathOf(type: string, objectId: string): string {
  return `/api/2.0/permissions/${type}/${objectId}`;
}

function objectOf(body: PermissionBody): { kind: ObjectKind; id: string } {
  for (const kind of objectKinds) {
    const id = body[objects[kind].member];
    if (id !== undefined) return { kind, id };
  }
  throw new RangeError('a permission without an object');
}

function idOf(body: PermissionBody): string {
  const { kind, id } = objectOf(body);
  return `${kind}:${id}`;
}

function parseId(id: string): { kind: ObjectKind; id: string } {
  const colon = id.indexOf(':');
  return { kind: id.slice(0, colon) as ObjectKind, id: id.slice(colon + 1) };
}
