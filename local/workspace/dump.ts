import { readScripts } from './dump-scripts';
import { readSql, sqlNames, sqlTypes, withSqlGrants } from './dump-sql';
import { type EmulatedWorkspace } from './workspace';

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
  ...['create_time', 'update_time', 'revision_create_time', 'etag', 'dashboard_id', 'schedule_id'],
  ...['creator_name', 'jdbc_url', 'odbc_params', 'num_clusters'],
]);
const madeClusters: ReadonlySet<string> = new Set(['JOB', 'PIPELINE']);
/** Lists whose order means something. */
const ordered = new Set(['tasks', 'init_scripts', 'triggers', 'libraries']);

/** Everything that a workspace holds, as its API tells it: names in the place of ids, lists that are sets in one order. */
export function dumpWorkspace(workspace: EmulatedWorkspace): Record<string, unknown> {
  const get = (path: string): Json => (workspace.call('GET', path).json ?? {}) as Json;
  const rows = readRows(get);
  const withGrants = (list: Rows, type: string, id: string): Rows =>
    list.map((row) => ({ ...row, acl: grantsOf(get, type, row[id]) }));
  const dump = {
    ...rows,
    sql: withSqlGrants(rows.sql, (type, id) => grantsOf(get, type, id)),
    tree: rows.tree.map((row) => withContent(get, row)),
    pools: withGrants(rows.pools, 'instance-pools', 'instance_pool_id'),
    policies: withGrants(rows.policies, 'cluster-policies', 'policy_id'),
    clusters: withGrants(rows.clusters, 'clusters', 'cluster_id'),
    jobs: withGrants(rows.jobs, 'jobs', 'job_id'),
    pipelines: withGrants(rows.pipelines, 'pipelines', 'pipeline_id'),
  };
  return normalised(dump, namesOf(rows)) as Record<string, unknown>;
}

type RowLists = ReturnType<typeof readRows>;

function readRows(get: Get) {
  const clusters = rowsOf(get('/api/2.1/clusters/list?page_size=100'), 'clusters');
  const libraries = rowsOf(get('/api/2.0/libraries/all-cluster-statuses'), 'statuses');
  return {
    users: rowsOf(get(`${scim}/Users?count=1000`), 'Resources'),
    robots: rowsOf(get(`${scim}/ServicePrincipals?count=1000`), 'Resources'),
    groups: rowsOf(get(`${scim}/Groups?count=1000`), 'Resources'),
    tree: treeRows(get, '/'),
    pools: rowsOf(get('/api/2.0/instance-pools/list'), 'instance_pools'),
    policies: rowsOf(get('/api/2.0/policies/clusters/list'), 'policies'),
    // Those that runs and pipelines made are nobody's settings.
    clusters: clusters.filter((row) => !madeClusters.has(String(row['cluster_source']))),
    jobs: rowsOf(get('/api/2.2/jobs/list?limit=100&expand_tasks=true'), 'jobs'),
    pipelines: rowsOf(get('/api/2.0/pipelines?max_results=100'), 'statuses').map((row) => {
      const {
        pipeline_id: id,
        run_as_user_name,
        spec,
      } = get(`/api/2.0/pipelines/${String(row['pipeline_id'])}`);
      const settings = JSON.parse(JSON.stringify(spec).replaceAll(String(id), '<id>')) as Json;
      return { pipeline_id: id, run_as_user_name, spec: settings };
    }),
    scopes: rowsOf(get('/api/2.0/secrets/scopes/list'), 'scopes').map((row) => withSecrets(get, row)),
    conf: get(`/api/2.0/workspace-conf?keys=enableWebTerminal,enableExportNotebook,enableIpAccessLists`),
    addresses: rowsOf(get('/api/2.0/ip-access-lists'), 'ip_access_lists').map(
      ({ label, list_type, ip_addresses, enabled }) => ({ label, list_type, ip_addresses, enabled }),
    ),
    sql: readSql(get),
    ...readScripts(get),
    libraries: libraries.filter((row) => rowsOf(row, 'library_statuses').length > 0),
  };
}

/** Who may use a scope, and the names of its secrets. */
function withSecrets(get: Get, row: Json): Json {
  const asked = `scope=${encodeURIComponent(String(row['name']))}`;
  const secrets = rowsOf(get(`/api/2.0/secrets/list?${asked}`), 'secrets').map(({ key }) => key);
  return { ...row, secrets, acls: rowsOf(get(`/api/2.0/secrets/acls/list?${asked}`), 'items') };
}

function namesOf(rows: RowLists): Map<string, string> {
  const names = new Map<string, string>();
  const name = (list: Rows, kind: string, id: string, text: (row: Json) => unknown): void => {
    for (const row of list) names.set(String(row[id]), `<${kind} ${String(text(row))}>`);
  };
  name(rows.users, 'user', 'id', (row) => row['userName']);
  name(rows.robots, 'robot', 'id', (row) => row['applicationId']);
  name(rows.groups, 'group', 'id', (row) => row['displayName']);
  name(rows.pools, 'pool', 'instance_pool_id', (row) => row['instance_pool_name']);
  name(rows.policies, 'policy', 'policy_id', (row) => row['name']);
  name(rows.clusters, 'cluster', 'cluster_id', (row) => row['cluster_name']);
  name(rows.jobs, 'job', 'job_id', (row) => (row['settings'] as Json)['name']);
  name(rows.pipelines, 'pipeline', 'pipeline_id', (row) => (row['spec'] as Json)['name']);
  name(rows.tree, 'object', 'object_id', (row) => row['path']);
  for (const [id, text] of sqlNames(rows.sql)) names.set(id, text);
  return names;
}

function grantsOf(get: Get, type: string, id: unknown): unknown {
  return get(`/api/2.0/permissions/${type}/${String(id)}`);
}

/** What a sleeping copy of a workspace has to look like: as the workspace itself, but for what the app says of itself there. */
export function asleep(dump: object): unknown {
  const calmed = JSON.stringify(dump, (field, value: unknown) => {
    if (field === 'dr_source_id' || field === 'state' || field === 'min_idle_instances') return undefined;
    if (field === 'pause_status') return 'PAUSED';
    // What is false was left out before.
    if (field === 'development' || (field === 'continuous' && typeof value === 'boolean')) return undefined;
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

function withContent(get: Get, row: Json): Json {
  const type = String(row['object_type']);
  if (type === 'DIRECTORY') return { ...row, acl: grantsOf(get, 'directories', row['object_id']) };
  if (sqlTypes.has(type)) return row;
  if (type === 'REPO') {
    const { id, ...folder } = get(`/api/2.0/repos/${String(row['object_id'])}`);
    return { ...row, folder, acl: grantsOf(get, 'repos', id) };
  }
  const format = type === 'NOTEBOOK' ? 'SOURCE' : 'AUTO';
  const path = encodeURIComponent(String(row['path']));
  const { content } = get(`/api/2.0/workspace/export?path=${path}&format=${format}`);
  return {
    ...row,
    content,
    acl: grantsOf(get, type === 'NOTEBOOK' ? 'notebooks' : 'files', row['object_id']),
  };
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
