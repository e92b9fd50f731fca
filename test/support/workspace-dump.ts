import type { EmulatedWorkspace } from '../../local/workspace/workspace';

type Json = Readonly<Record<string, unknown>>;
type Rows = readonly Json[];

const scim = '/api/2.0/preview/scim/v2';
/** Of the moment, or the platform's own. */
const volatile = new Set([
  ...[
    'id',
    'cluster_id',
    'job_id',
    'object_id',
    'resource_id',
    'spark_context_id',
    'meta',
    '$ref',
    'has_more',
  ],
  ...['created_at', 'created_at_timestamp', 'created_time', 'modified_at', 'start_time', 'terminated_time'],
  ...['last_activity_time', 'last_restarted_time', 'termination_reason', 'state_message', 'default_tags'],
  ...['driver', 'cluster_cores', 'cluster_memory_mb', 'jdbc_port', 'stats', 'status'],
]);
/** Lists whose order means something. */
const ordered = new Set(['tasks', 'init_scripts', 'triggers', 'libraries']);

/** Everything that a workspace holds, as its API tells it: names in the place of ids, lists that are sets in one order. */
export function dumpWorkspace(workspace: EmulatedWorkspace): Record<string, unknown> {
  const get = (path: string): Json => (workspace.call('GET', path).json ?? {}) as Json;
  const names = new Map<string, string>();
  const name = (id: unknown, kind: string, text: unknown): void =>
    void names.set(String(id), `<${kind} ${String(text)}>`);

  const users = rowsOf(get(`${scim}/Users?count=1000`), 'Resources');
  const robots = rowsOf(get(`${scim}/ServicePrincipals?count=1000`), 'Resources');
  const groups = rowsOf(get(`${scim}/Groups?count=1000`), 'Resources');
  const pools = rowsOf(get('/api/2.0/instance-pools/list'), 'instance_pools');
  const policies = rowsOf(get('/api/2.0/policies/clusters/list'), 'policies');
  const clusters = rowsOf(get('/api/2.1/clusters/list?page_size=100'), 'clusters');
  const jobs = rowsOf(get('/api/2.2/jobs/list?limit=100&expand_tasks=true'), 'jobs');
  for (const row of users) name(row['id'], 'user', row['userName']);
  for (const row of robots) name(row['id'], 'robot', row['applicationId']);
  for (const row of groups) name(row['id'], 'group', row['displayName']);
  for (const row of pools) name(row['instance_pool_id'], 'pool', row['instance_pool_name']);
  for (const row of policies) name(row['policy_id'], 'policy', row['name']);
  for (const row of clusters) name(row['cluster_id'], 'cluster', row['cluster_name']);
  for (const row of jobs) name(row['job_id'], 'job', (row['settings'] as Json)['name']);
  for (const row of treeRows(get, '/')) name(row['object_id'], 'object', row['path']);

  const grants = (type: string, id: unknown): unknown => get(`/api/2.0/permissions/${type}/${String(id)}`);
  const dump = {
    users,
    robots,
    groups,
    tree: treeOf(get, grants),
    pools: pools.map((row) => ({ ...row, acl: grants('instance-pools', row['instance_pool_id']) })),
    policies: policies.map((row) => ({ ...row, acl: grants('cluster-policies', row['policy_id']) })),
    clusters: clusters.map((row) => ({ ...row, acl: grants('clusters', row['cluster_id']) })),
    jobs: jobs.map((row) => ({ ...row, acl: grants('jobs', row['job_id']) })),
    libraries: rowsOf(get('/api/2.0/libraries/all-cluster-statuses'), 'statuses').filter(
      (row) => rowsOf(row, 'library_statuses').length > 0,
    ),
  };
  return normalised(dump, names) as Record<string, unknown>;
}

/** What a sleeping copy of a workspace has to look like: as the workspace itself, but for what the app says of itself there. */
export function asleep(dump: object): unknown {
  const calmed = JSON.stringify(dump, (field, value: unknown) => {
    if (field === 'dr_source_id' || field === 'state' || field === 'min_idle_instances') return undefined;
    if (field === 'pause_status') return 'PAUSED';
    // A job belongs to its owner; its creator is whoever called.
    return field === 'jobs' ? (value as Json[]).map((job) => ({ ...job, creator_user_name: 'any' })) : value;
  });
  return normalised(JSON.parse(calmed), new Map());
}

function rowsOf(answer: Json, field: string): Rows {
  return (answer[field] ?? []) as Rows;
}

type Get = (path: string) => Json;

function treeRows(get: Get, path: string): Json[] {
  const rows = rowsOf(get(`/api/2.0/workspace/list?path=${encodeURIComponent(path)}`), 'objects');
  return rows.flatMap((row) => [
    row,
    ...(row['object_type'] === 'DIRECTORY' ? treeRows(get, String(row['path'])) : []),
  ]);
}

function treeOf(get: Get, grants: (type: string, id: unknown) => unknown): Json[] {
  return treeRows(get, '/').map((row) => {
    const type = String(row['object_type']);
    if (type === 'DIRECTORY') return { ...row, acl: grants('directories', row['object_id']) };
    const format = type === 'NOTEBOOK' ? 'SOURCE' : 'AUTO';
    const path = encodeURIComponent(String(row['path']));
    const { content } = get(`/api/2.0/workspace/export?path=${path}&format=${format}`);
    return { ...row, content, acl: grants(type === 'NOTEBOOK' ? 'notebooks' : 'files', row['object_id']) };
  });
}

/** Ids become names, wherever they are; lists that are sets get one order; what is empty or zero is left out, as the platform may. */
function normalised(node: unknown, names: ReadonlyMap<string, string>, field = ''): unknown {
  if (Array.isArray(node)) {
    const list = node.map((one) => normalised(one, names));
    return ordered.has(field) ? list : list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (node !== null && typeof node === 'object') {
    const members = Object.entries(node)
      .filter(([member]) => !volatile.has(member))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([member, inner]) => [member, normalised(inner, names, member)] as const)
      .filter(([, inner]) => !isEmpty(inner));
    return Object.fromEntries(members);
  }
  if (typeof node === 'number') return names.get(String(node)) ?? node;
  return typeof node === 'string' ? textOf(node, names, field) : node;
}

function textOf(text: string, names: ReadonlyMap<string, string>, field: string): unknown {
  // Rules of a policy are JSON in a string.
  if (text.startsWith('{"')) return normalised(JSON.parse(text), names);
  if (field === 'dr_source_id') return text.slice(text.indexOf(':'));
  // Ids inside of texts are those of folders: `/directories/123`.
  return names.get(text) ?? text.replace(/\d{10,}/g, (id) => names.get(id) ?? id);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
