import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import type { Adapter } from './adapter';
import { settleCluster } from './cluster-settling';
import { computeReferences } from './compute-references';
import { computeRemarks, remarked } from './compute-remarks';
import { markerIn, omit, tagsOf, type Row } from './fields';
import { computePaths } from './path-places';
import { exists, principalName, textOf, type PrincipalName, type Principals } from './principal-name';
import { orVanished } from './vanished';

export interface ClusterBody {
  readonly cluster_name?: string;
  readonly instance_pool_id?: string;
  readonly autoscale?: Row;
  readonly custom_tags?: Row;
  /** Not a setting: a pinned cluster is kept for ever. */
  readonly pinned: boolean;
  /** Not a setting: the user or service principal who created it. */
  readonly owner?: PrincipalName;
}

export interface ClusterRow extends Row {
  readonly cluster_id: string;
  readonly cluster_name?: string;
  readonly cluster_source?: string;
  readonly creator_user_name?: string;
  readonly custom_tags?: Row;
  readonly pinned_by_user_name?: string;
  readonly state?: string;
  readonly termination_reason?: { readonly code?: string; readonly type?: string };
  /** Only in clusters/get: what the user set, without what the platform made of it. */
  readonly spec?: Row;
}

const platformOwned = [
  ...['cluster_id', 'cluster_cores', 'cluster_log_status', 'cluster_memory_mb', 'cluster_source'],
  ...['creator_user_name', 'default_tags', 'disk_spec', 'driver', 'effective_spark_version', 'executors'],
  ...[
    'init_scripts_safe_mode',
    'jdbc_port',
    'last_activity_time',
    'last_restarted_time',
    'last_state_loss_time',
  ],
  ...['pinned_by_user_name', 'spark_context_id', 'spec', 'start_time', 'state', 'state_message'],
  ...['terminated_time', 'termination_reason'],
];
/** The pool decides these; sending them with a pool is refused. */
const decidedByPool = ['node_type_id', 'driver_node_type_id', 'enable_elastic_disk', 'azure_attributes'];

export const cluster: Adapter<ClusterBody> = {
  kind: 'cluster',
  everywhere: true,
  step: 'clusters',
  carries:
    'every setting of clusters made in the UI or by API, pin, owner; not: clusters of jobs and pipelines',
  references: [
    ...computeReferences(''),
    { at: 'owner.user_name', to: 'user', by: 'name' },
    { at: 'owner.service_principal_name', to: 'service-principal', by: 'name' },
  ],
  paths: computePaths(''),
  // The owner can only be changed once the cluster has stopped, and there may be no pin left: see settle.
  ignore: ['owner', 'pinned'],
  late: ['owner', 'pinned'],
  marker: 'custom_tags',

  async *list(from) {
    for (const row of await listClusters(from)) {
      const stub = {
        id: row.cluster_id,
        name: row.cluster_name ?? row.cluster_id,
        ...markerIn(row.custom_tags),
      };
      const skip = whySkipped(row.cluster_source);
      if (skip === undefined)
        yield { ...stub, version: hashBody(bodyOf(row, row)), ...remarked(computeRemarks(row)) };
      else yield { ...stub, skip, harmless: true };
    }
  },
  async export(from, stub) {
    const details = await orVanished(`cluster/${stub.id}`, readCluster(from, stub.id));
    return bodyOf(details, details.spec ?? details);
  },
  find: (index, _asset, marker) => index.byMarker(marker)?.id,
  admit: withOwnerWhoExists,
  async create(target, body) {
    const { cluster_id } = await target.post<ClusterRow>('/api/2.1/clusters/create', settingsOf(body));
    return cluster_id;
  },
  async update(target, id, body) {
    const request = { ...settingsOf(body), cluster_id: id };
    await target.post('/api/2.1/clusters/edit', request, { repeatable: true });
  },
  async settle(target, id, body) {
    return settleCluster(target, await readCluster(target, id), body);
  },
  async remove(target, id) {
    await target.post('/api/2.1/clusters/permanent-delete', { cluster_id: id }, { repeatable: true });
  },
  tags: (body) => tagsOf(body.custom_tags),
};

/** The body without an owner whom the target does not know: nobody can be given what he is not there for. */
function withOwnerWhoExists(body: ClusterBody, principals: Principals) {
  const { owner, ...rest } = body;
  if (owner === undefined || exists(owner, principals)) return { body, warnings: [] };
  return { body: rest, warnings: [`the app owns it: ${textOf(owner)} does not exist at the target`] };
}

/** Every row of the listing. Kinds that are listed together share it. */
export function listClusters(from: Workspace): Promise<readonly ClusterRow[]> {
  return from.once('clusters', () =>
    Array.fromAsync(from.pages<ClusterRow>('/api/2.1/clusters/list', 'clusters', { page_size: 100 })),
  );
}

function readCluster(from: Workspace, id: string): Promise<ClusterRow> {
  return from.get<ClusterRow>('/api/2.1/clusters/get', { cluster_id: id });
}

const makers: Readonly<Record<string, string>> = {
  JOB: 'a job',
  PIPELINE: 'a pipeline',
  SQL: 'a SQL warehouse',
  MODELS: 'the serving of a model',
};

function whySkipped(source: string | undefined): string | undefined {
  if (source === undefined || source === 'UI' || source === 'API') return undefined;
  const maker = makers[source.replace(/_.*/, '')] ?? source;
  return `made by ${maker}: it makes its clusters anew`;
}

function bodyOf(row: ClusterRow, settings: Row): ClusterBody {
  const derived = [
    ...(settings['instance_pool_id'] === undefined ? [] : decidedByPool),
    // With autoscale this is the number of the moment.
    ...(settings['autoscale'] === undefined ? [] : ['num_workers']),
  ];
  return {
    ...omit(settings, [...platformOwned, ...derived]),
    pinned: row.pinned_by_user_name !== undefined,
    ...(row.creator_user_name === undefined ? {} : { owner: principalName(row.creator_user_name) }),
  };
}

/** What clusters/create and clusters/edit take. */
function settingsOf(body: ClusterBody): object {
  return omit(body, ['pinned', 'owner']);
}
