import { canonicalJson, keyOf, sha256, type Stub } from '../domain/asset';
import type { Adapter } from './adapter';
import { libraryReferences } from './compute-references';
import { listClusters } from './cluster';
import { libraryRemarks, remarked } from './compute-remarks';
import { isRow, type Row } from './fields';
import { listedBody } from './vanished';

export interface ClusterLibraryBody {
  readonly cluster_id: string;
  /** As the API has it: `{ pypi: { package } }`, `{ jar: 'dbfs:/…' }`, … */
  readonly library: Row;
}

interface LibraryStatus {
  readonly library: Row;
  readonly status?: string;
  readonly is_library_for_all_clusters?: boolean;
}

interface ClusterStatuses {
  readonly cluster_id: string;
  readonly library_statuses?: readonly LibraryStatus[];
}

export const clusterLibrary: Adapter<ClusterLibraryBody> = {
  kind: 'cluster-library',
  step: 'libraries',
  carries: 'what is to be installed on each cluster; not: what failed or is to be removed at the next start',
  references: [{ at: 'cluster_id', to: 'cluster' }, ...libraryReferences('library')],
  ignore: [],
  of: ['cluster'],
  partitions: () => Promise.resolve(['cluster']),

  async *list(from, _partition, siblings) {
    const carried = (siblings.get('cluster') ?? []).filter(({ skip }) => skip === undefined);
    const ids = new Set(carried.map(({ id }) => id));
    const runtimes = new Map((await listClusters(from)).map((row) => [row.cluster_id, row['spark_version']]));
    const answer = await from.get<{ statuses?: ClusterStatuses[] }>(
      '/api/2.0/libraries/all-cluster-statuses',
    );
    for (const { cluster_id, library_statuses } of answer.statuses ?? []) {
      if (!ids.has(cluster_id)) continue;
      const runtime = runtimes.get(cluster_id);
      yield* (library_statuses ?? []).map((status) => stubOf(cluster_id, status, runtime));
    }
  },
  export: (_from, stub) => listedBody('cluster-library', stub),
  // The id is the cluster and what is installed on it: with the cluster's new id it is the target's.
  find: (index, asset) => index.byId(idOf(asset.body))?.id,
  unlinked: 'link',
  repeatable: true,
  // On a stopped cluster it is recorded for the next start; what is there already stays as it is.
  async create(target, body) {
    const request = { cluster_id: body.cluster_id, libraries: [body.library] };
    await target.post('/api/2.0/libraries/install', request, { repeatable: true });
    return idOf(body);
  },
  async remove(target, _id, { cluster_id, library }) {
    const request = { cluster_id, libraries: [library] };
    await target.post('/api/2.0/libraries/uninstall', request, { repeatable: true });
  },
};

function idOf({ cluster_id, library }: ClusterLibraryBody): string {
  return `${cluster_id}:${sha256(canonicalJson(library)).slice(0, 16)}`;
}

function stubOf(cluster_id: string, status: LibraryStatus, runtime: unknown): Stub {
  const body: ClusterLibraryBody = { cluster_id, library: status.library };
  const stub = { id: idOf(body), name: nameOf(status.library), owner: keyOf('cluster', cluster_id) };
  return {
    ...stub,
    ...(whySkipped(status) ?? {
      version: stub.id,
      body,
      ...remarked(libraryRemarks(status.library, runtime)),
    }),
  };
}

function whySkipped(status: LibraryStatus): Pick<Stub, 'skip' | 'harmless'> | undefined {
  if (status.is_library_for_all_clusters === true)
    return { skip: 'installed on all clusters: not of this cluster' };
  if (status.status === 'FAILED') return { skip: 'its installation failed at the source' };
  return status.status === 'UNINSTALL_ON_RESTART'
    ? { skip: 'to be removed at the next start of its cluster', harmless: true }
    : undefined;
}

/** `pypi simplejson==3.8.0`, `jar dbfs:/FileStore/jars/a.jar`. */
function nameOf(library: Row): string {
  const [type, value] = Object.entries(library)[0] ?? ['library', ''];
  const named = isRow(value) ? (value['package'] ?? value['coordinates']) : value;
  return `${type} ${typeof named === 'string' ? named : ''}`.trim();
}
