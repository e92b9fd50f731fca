import { type Answer, type Area, type Call, type Core } from './area';
import { type ClusterRecord } from './cluster-record';
import { type Clusters } from './clusters';
import { canonical, copyOf, invalid, type Json, jsonIn, requiredText, rowsIn, textIn } from './fields';
import { runtimeMajor } from './node-types';

type LibraryStatus = 'PENDING' | 'INSTALLING' | 'INSTALLED' | 'FAILED' | 'UNINSTALL_ON_RESTART';

interface LibraryRow {
  readonly library: Json;
  status: LibraryStatus;
  dueMs?: number;
}

interface ClusterLibraries {
  rows: LibraryRow[];
  /** The start of the cluster for which these were installed. */
  starts: number;
}

const kinds = ['jar', 'egg', 'whl', 'requirements', 'pypi', 'maven', 'cran'];
const installTakesMs = 500;

export class Libraries implements Area {
  readonly name = 'libraries';
  readonly routes = {
    'GET /api/2.0/libraries/all-cluster-statuses': () => this.listAll(),
    'GET /api/2.0/libraries/cluster-status': (call: Call) => this.status(call),
    'POST /api/2.0/libraries/install': (call: Call) => this.install(call),
    'POST /api/2.0/libraries/uninstall': (call: Call) => this.uninstall(call),
  };
  private readonly byCluster: Record<string, ClusterLibraries>;

  constructor(private readonly core: Core) {
    this.byCluster = core.section('libraries', () => ({}));
  }

  tick(nowMs: number): void {
    for (const [id, held] of Object.entries(this.byCluster)) {
      const cluster = this.clusters().find(id);
      if (!cluster) Reflect.deleteProperty(this.byCluster, id);
      else if (cluster.state === 'RUNNING') advance(held, cluster, nowMs);
      else if (cluster.state === 'TERMINATED') park(held);
    }
  }

  /** What waits to be installed on a cluster that runs is, or has failed, at once. */
  installNow(clusterId: string): void {
    const held = this.byCluster[clusterId];
    const cluster = this.clusters().known(clusterId);
    for (const nowMs of [0, installTakesMs]) if (held) advance(held, cluster, nowMs);
  }

  private clusters(): Clusters {
    return this.core.area<Clusters>('clusters');
  }

  private listAll(): Answer {
    const statuses = Object.entries(this.byCluster)
      .filter(([id]) => this.clusters().find(id))
      .map(([id, held]) => ({ cluster_id: id, library_statuses: held.rows.map(statusRow) }));
    return { json: statuses.length > 0 ? { statuses } : {} };
  }

  private status(call: Call): Answer {
    const cluster = this.clusters().known(call.query.get('cluster_id') ?? '');
    const rows = this.byCluster[cluster.id]?.rows ?? [];
    const statuses = rows.length > 0 ? { library_statuses: rows.map(statusRow) } : {};
    return { json: { cluster_id: cluster.id, ...statuses } };
  }

  private install(call: Call): Answer {
    const { cluster, libraries } = this.read(call);
    const held = (this.byCluster[cluster.id] ??= { rows: [], starts: cluster.starts });
    for (const library of libraries) {
      const known = held.rows.find((row) => canonical(row.library) === canonical(library));
      if (!known) held.rows.push({ library: copyOf(library), status: 'PENDING' });
      else if (known.status === 'UNINSTALL_ON_RESTART' || known.status === 'FAILED') known.status = 'PENDING';
    }
    return {};
  }

  private uninstall(call: Call): Answer {
    const { cluster, libraries } = this.read(call);
    const gone = new Set(libraries.map(canonical));
    const held = this.byCluster[cluster.id];
    if (!held) return {};
    if (cluster.state === 'TERMINATED')
      held.rows = held.rows.filter((row) => !gone.has(canonical(row.library)));
    for (const row of held.rows) if (gone.has(canonical(row.library))) row.status = 'UNINSTALL_ON_RESTART';
    return {};
  }

  private read(call: Call): { cluster: ClusterRecord; libraries: Json[] } {
    const cluster = this.clusters().known(requiredText(call.body, 'cluster_id'));
    const libraries = rowsIn(call.body, 'libraries');
    if (libraries.length === 0) throw invalid('Missing required field: libraries');
    libraries.forEach(checkLibrary);
    return { cluster, libraries };
  }
}

/** Refuses a library that names no kind, or two. */
export function checkLibrary(library: Json): void {
  const given = kinds.filter((kind) => library[kind] !== undefined);
  if (given.length !== 1) throw invalid(`A library must have exactly one of ${kinds.join(', ')}`);
  if (library['pypi'] !== undefined) requiredText(jsonIn(library, 'pypi'), 'package');
  if (library['maven'] !== undefined) requiredText(jsonIn(library, 'maven'), 'coordinates');
}

function advance(held: ClusterLibraries, cluster: ClusterRecord, nowMs: number): void {
  if (held.starts !== cluster.starts) {
    held.starts = cluster.starts;
    held.rows = held.rows.filter((row) => row.status !== 'UNINSTALL_ON_RESTART');
    for (const row of held.rows) row.status = 'PENDING';
  }
  for (const row of held.rows) {
    if (row.status === 'PENDING') {
      row.status = 'INSTALLING';
      row.dueMs = nowMs + installTakesMs;
    } else if (row.status === 'INSTALLING' && (row.dueMs ?? 0) <= nowMs) {
      row.status = isSupported(row.library, cluster) ? 'INSTALLED' : 'FAILED';
      delete row.dueMs;
    }
  }
}

/** On a stopped cluster libraries wait for the next start. */
function park(held: ClusterLibraries): void {
  for (const row of held.rows) if (row.status !== 'UNINSTALL_ON_RESTART') row.status = 'PENDING';
}

/** Eggs end with runtime 14, libraries on DBFS with 15. */
function isSupported(library: Json, cluster: ClusterRecord): boolean {
  const runtime = runtimeMajor(textIn(cluster.spec, 'spark_version') ?? '');
  const path = textIn(library, 'jar') ?? textIn(library, 'whl') ?? '';
  return !(library['egg'] !== undefined && runtime >= 14) && !(path.startsWith('dbfs:') && runtime >= 15);
}

function statusRow(row: LibraryRow): Json {
  return {
    library: row.library,
    status: row.status,
    is_library_for_all_clusters: false,
    ...(row.status === 'FAILED'
      ? { messages: ['Library installation is not supported on this runtime.'] }
      : {}),
  };
}
