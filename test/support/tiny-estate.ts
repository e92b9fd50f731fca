import type { Caller } from '../../local/workspace/area';
import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import { fillEstate, poster, type Sample } from './adapter-estate';
import { base64 } from './emulated-workspace';

type Json = Readonly<Record<string, unknown>>;

export const admin: Caller = { name: 'admin@example.com', servicePrincipal: false, admin: true };
export const alice: Caller = { name: 'alice@example.com', servicePrincipal: false, admin: false };
export const home = '/Users/alice@example.com';

/** What tests of an estate name. Ids are those of the workspace that was filled. */
export interface TinyEstate {
  readonly samples: Readonly<Record<string, Sample>>;
  /** Of alice, with nothing that needs it. */
  readonly ownCluster: string;
  /** On the pool and its policy; the nightly job runs on it. */
  readonly sharedCluster: string;
  readonly pool: string;
  readonly policy: string;
  /** Scheduled and awake, on the shared cluster. */
  readonly nightly: number;
  /** Scheduled and awake, on machines of its own. */
  readonly hourly: number;
  /** As the hourly one, and paused. */
  readonly resting: number;
}

/** At least one asset of every kind, one to three of each, with owners, grants, and schedules both awake and paused. */
export function fillTinyEstate(workspace: EmulatedWorkspace): TinyEstate {
  const samples = fillEstate(workspace);
  const ownCluster = postAs(workspace, '/api/2.1/clusters/create', {
    cluster_name: 'of alice',
    spark_version: '15.4.x-scala2.12',
    node_type_id: 'Standard_DS3_v2',
    num_workers: 2,
  })['cluster_id'] as string;
  workspace.tick();
  const hourly = makeJob(workspace, 'hourly', 'UNPAUSED');
  const resting = makeJob(workspace, 'resting', 'PAUSED');
  const found = idsOf(workspace);
  grant(workspace, 'clusters', found.sharedCluster, 'engineers', 'CAN_RESTART');
  grant(workspace, 'instance-pools', found.pool, 'engineers', 'CAN_ATTACH_TO');
  grant(workspace, 'cluster-policies', found.policy, 'analysts', 'CAN_USE');
  grant(workspace, 'directories', objectId(workspace, '/Project'), 'analysts', 'CAN_READ');
  grant(workspace, 'notebooks', objectId(workspace, `${home}/etl/load`), 'analysts', 'CAN_RUN');
  return { samples, ownCluster, hourly, resting, ...found };
}

/** Takes the secrets out: a run that follows no refresh has none of their values. */
export function withoutSecrets(workspace: EmulatedWorkspace): void {
  workspace.call('POST', '/api/2.0/secrets/delete', { scope: 'etl', key: 'db-password' });
}

/** Somebody changes everything that can be changed. */
export function changeAll({ samples }: TinyEstate): void {
  for (const { change } of Object.values(samples)) change?.();
}

export function makeJob(
  workspace: EmulatedWorkspace,
  name: string,
  pause_status: string,
  { as = alice, ...more }: { readonly as?: Caller } = {},
): number {
  const body = {
    name,
    schedule: { quartz_cron_expression: '0 0 6 * * ?', timezone_id: 'UTC', pause_status },
    tasks: [
      {
        task_key: 'main',
        new_cluster: { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 },
        notebook_task: { notebook_path: `${home}/etl/load` },
      },
    ],
    ...more,
  };
  return postAs(workspace, '/api/2.2/jobs/create', body, as)['job_id'] as number;
}

export function importNotebook(workspace: EmulatedWorkspace, path: string, text: string): void {
  const content = base64(`-- Databricks notebook source\n${text}`);
  const body = { path, format: 'SOURCE', language: 'SQL', content, overwrite: true };
  poster(workspace)('/api/2.0/workspace/import', body);
}

export function grant(
  workspace: EmulatedWorkspace,
  type: string,
  id: string,
  group: string,
  level: string,
): void {
  const access_control_list = [{ group_name: group, permission_level: level }];
  workspace.call('PATCH', `/api/2.0/permissions/${type}/${id}`, { access_control_list });
}

/** The platform's own id of what lies at a path. */
export function objectId(workspace: EmulatedWorkspace, path: string): string {
  const status = workspace.call('GET', `/api/2.0/workspace/get-status?path=${encodeURIComponent(path)}`).json;
  return String((status as Json)['object_id']);
}

/** The ids of what the estate names, wherever it lies: at the source, or restored at the target. */
export function idsOf(workspace: EmulatedWorkspace) {
  const rows = (path: string, field: string): readonly Json[] =>
    ((workspace.call('GET', path).json as Json)[field] ?? []) as readonly Json[];
  const jobs = rows('/api/2.2/jobs/list?limit=100', 'jobs');
  const clusters = rows('/api/2.1/clusters/list?page_size=100', 'clusters');
  const pools = rows('/api/2.0/instance-pools/list', 'instance_pools');
  const policies = rows('/api/2.0/policies/clusters/list', 'policies');
  return {
    sharedCluster: String(clusters.find((row) => row['cluster_name'] === 'shared')?.['cluster_id']),
    pool: String(pools.find((row) => row['instance_pool_name'] === 'warm')?.['instance_pool_id']),
    policy: String(policies.find((row) => row['name'] === 'pooled')?.['policy_id']),
    nightly: Number(jobs.find((row) => (row['settings'] as Json)['name'] === 'nightly')?.['job_id']),
  };
}

function postAs(workspace: EmulatedWorkspace, path: string, body: object, as: Caller = alice): Json {
  return workspace.call('POST', path, body, as).json as Json;
}
