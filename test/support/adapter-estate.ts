import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import { fillGitFolders } from './adapter-git-folders';
import { fillMounts, fillPipeline } from './adapter-pipelines';
import { fillSettings } from './adapter-settings';
import { fillScripts } from './adapter-scripts';
import { fillSecrets } from './adapter-secrets';
import { fillSql } from './sql-estate';
import { base64 } from './emulated-workspace';

/** The asset of a kind that tests look at, and a change that somebody makes to it at the source. */
export interface Sample {
  readonly name: string;
  readonly change?: () => void;
}

const scim = '/api/2.0/preview/scim/v2';
const robot = '11111111-2222-3333-4444-555555555555';
const home = '/Users/alice@example.com';

/** Fills a workspace with at least one asset of every kind, as its people would. Returns the sample of each kind. */
export function fillEstate(workspace: EmulatedWorkspace): Readonly<Record<string, Sample>> {
  const post = poster(workspace);
  const people = fillPeople(workspace);
  const tree = fillTree(workspace);
  const compute = fillCompute(workspace);
  const pipeline = fillPipeline(workspace, compute);
  const settings = jobSettings(compute);
  const { job_id: child } = post<{ job_id: number }>('/api/2.2/jobs/create', {
    name: 'child',
    tasks: [settings.tasks[0]!],
  });
  const tasks = [...settings.tasks, { task_key: 'child', run_job_task: { job_id: child } }];
  const { job_id } = post<{ job_id: number }>('/api/2.2/jobs/create', {
    ...settings,
    tasks,
    run_as: { service_principal_name: robot },
  });
  const grants = (entries: object[]): void => {
    workspace.call('PUT', `/api/2.0/permissions/jobs/${job_id}`, { access_control_list: entries });
  };
  const owner = { user_name: 'alice@example.com', permission_level: 'IS_OWNER' };
  grants([owner, { group_name: 'analysts', permission_level: 'CAN_VIEW' }]);
  return {
    ...people,
    ...fillSecrets(workspace),
    ...fillScripts(workspace),
    ...tree,
    ...compute.samples,
    ...fillSql(workspace).samples,
    pipeline,
    mount: fillMounts(workspace),
    job: {
      name: 'nightly',
      change: () => {
        post('/api/2.2/jobs/update', { job_id, new_settings: { timeout_seconds: 3600 } });
      },
    },
    'token-permission': fillTokenPermission(workspace),
    permission: {
      name: 'nightly',
      change: () => {
        grants([owner, { service_principal_name: robot, permission_level: 'CAN_MANAGE_RUN' }]);
      },
    },
  };
}

/** Who may use tokens. */
function fillTokenPermission(workspace: EmulatedWorkspace): Sample {
  const allow = (group_name: string): void => {
    const access_control_list = [{ group_name, permission_level: 'CAN_USE' }];
    workspace.call('PUT', '/api/2.0/permissions/authorization/tokens', { access_control_list });
  };
  allow('analysts');
  return {
    name: 'tokens',
    change: () => {
      allow('engineers');
    },
  };
}

export function poster(workspace: EmulatedWorkspace) {
  return <T = { id: string }>(path: string, body: object): T => workspace.call('POST', path, body).json as T;
}

function fillPeople(workspace: EmulatedWorkspace): Record<string, Sample> {
  const post = poster(workspace);
  const entitlements = [{ value: 'workspace-access' }, { value: 'allow-cluster-create' }];
  const alice = post(`${scim}/Users`, { userName: 'alice@example.com', displayName: 'Alice', entitlements });
  const bob = post(`${scim}/Users`, { userName: 'bob@example.com', active: false });
  const service = post(`${scim}/ServicePrincipals`, { applicationId: robot, displayName: 'robot' });
  const members = [{ value: bob.id }, { value: service.id }];
  const inner = post(`${scim}/Groups`, { displayName: 'engineers', members });
  const outer = { displayName: 'analysts', entitlements: [{ value: 'databricks-sql-access' }] };
  const analysts = post(`${scim}/Groups`, { ...outer, members: [{ value: inner.id }, { value: alice.id }] });
  const admins = workspace.call('GET', `${scim}/Groups?filter=displayName eq "admins"`).json as {
    Resources: { id: string }[];
  };
  workspace.call('PATCH', `${scim}/Groups/${admins.Resources[0]!.id}`, {
    Operations: [{ op: 'add', path: 'members', value: [{ value: alice.id }] }],
  });
  const patch = (path: string, attribute: string, value: unknown) => (): void => {
    workspace.call('PATCH', `${scim}/${path}`, { Operations: [{ op: 'replace', path: attribute, value }] });
  };
  return {
    user: { name: 'alice@example.com', change: patch(`Users/${alice.id}`, 'entitlements', []) },
    'service-principal': { name: robot, change: patch(`ServicePrincipals/${service.id}`, 'active', false) },
    group: { name: 'analysts', change: patch(`Groups/${analysts.id}`, 'members', [{ value: alice.id }]) },
    'workspace-admin': { name: 'alice@example.com' },
  };
}

function fillTree(workspace: EmulatedWorkspace): Record<string, Sample> {
  const post = poster(workspace);
  const importAs = (path: string, rest: object): void => {
    post('/api/2.0/workspace/import', { path, overwrite: true, ...rest });
  };
  const notebook = (text: string): object => ({
    format: 'SOURCE',
    language: 'SQL',
    content: base64(`-- Databricks notebook source\n${text}`),
  });
  for (const path of [`${home}/etl/deep`, `${home}/empty`, '/Shared/lib', '/Project', '/Repos/team'])
    post('/api/2.0/workspace/mkdirs', { path });
  importAs(`${home}/etl/load`, notebook('select 1'));
  importAs(`${home}/etl/deep/R`, {
    format: 'SOURCE',
    language: 'R',
    content: base64('# Databricks notebook source\n1 + 1\n'),
  });
  importAs('/Shared/lib/init.sh', { format: 'RAW', content: base64('#!/bin/sh\n') });
  // A file that looks like a notebook must stay a file.
  importAs('/Shared/lib/tool.py', {
    format: 'RAW',
    content: base64('# Databricks notebook source\nprint(1)\n'),
  });
  return {
    ...fillGitFolders(workspace),
    ...fillSettings(workspace),
    directory: { name: `${home}/empty` },
    notebook: {
      name: `${home}/etl/load`,
      change: () => {
        importAs(`${home}/etl/load`, notebook('select 2'));
      },
    },
    'workspace-file': {
      name: '/Shared/lib/tool.py',
      change: () => {
        importAs('/Shared/lib/tool.py', { format: 'RAW', content: base64('print(2)\n') });
      },
    },
  };
}

interface Compute {
  readonly cluster_id: string;
  readonly policy_id: string;
  readonly instance_pool_id: string;
  readonly samples: Record<string, Sample>;
}

function fillCompute(workspace: EmulatedWorkspace): Compute {
  const post = poster(workspace);
  const pool = {
    instance_pool_name: 'warm',
    node_type_id: 'Standard_DS3_v2',
    min_idle_instances: 2,
    max_capacity: 10,
  };
  const { instance_pool_id } = post<{ instance_pool_id: string }>('/api/2.0/instance-pools/create', pool);
  const definition = (minutes: number): string =>
    JSON.stringify({
      instance_pool_id: { type: 'fixed', value: instance_pool_id },
      autotermination_minutes: { type: 'unlimited', defaultValue: minutes },
      'init_scripts.0.workspace.destination': { type: 'unlimited', defaultValue: '/Shared/lib/init.sh' },
    });
  const policy = { name: 'pooled', definition: definition(30), max_clusters_per_user: 3 };
  const { policy_id } = post<{ policy_id: string }>('/api/2.0/policies/clusters/create', policy);
  const spec = (workers: number): object => ({
    cluster_name: 'shared',
    spark_version: '15.4.x-scala2.12',
    policy_id,
    instance_pool_id,
    autoscale: { min_workers: 1, max_workers: workers },
    autotermination_minutes: 30,
    spark_conf: { 'spark.x': 'y' },
    custom_tags: { team: 'data' },
  });
  const { cluster_id } = post<{ cluster_id: string }>('/api/2.1/clusters/create', spec(4));
  post('/api/2.1/clusters/pin', { cluster_id });
  post('/api/2.0/libraries/install', {
    cluster_id,
    libraries: [{ pypi: { package: 'simplejson==3.19.1' } }],
  });
  const lone = {
    cluster_name: 'lone',
    spark_version: '15.4.x-scala2.12',
    node_type_id: 'Standard_DS3_v2',
    num_workers: 1,
  };
  post('/api/2.1/clusters/create', {
    ...lone,
    single_user_name: 'alice@example.com',
    data_security_mode: 'SINGLE_USER',
  });
  workspace.tick();
  const samples: Record<string, Sample> = {
    'instance-pool': {
      name: 'warm',
      change: () => {
        post('/api/2.0/instance-pools/edit', { ...pool, instance_pool_id, max_capacity: 20 });
      },
    },
    'cluster-policy': {
      name: 'pooled',
      change: () => {
        post('/api/2.0/policies/clusters/edit', { ...policy, policy_id, definition: definition(60) });
      },
    },
    cluster: {
      name: 'shared',
      change: () => {
        post('/api/2.1/clusters/edit', { ...spec(8), cluster_id });
      },
    },
    'cluster-library': { name: 'pypi simplejson==3.19.1' },
  };
  return { cluster_id, policy_id, instance_pool_id, samples };
}

function jobSettings({ cluster_id, policy_id, instance_pool_id }: Compute) {
  const new_cluster = { spark_version: '15.4.x-scala2.12', policy_id, instance_pool_id, num_workers: 1 };
  const notebook_task = { notebook_path: `${home}/etl/load` };
  return {
    name: 'nightly',
    tags: { 'dr-tier': '0' },
    schedule: { quartz_cron_expression: '0 0 2 * * ?', timezone_id: 'UTC', pause_status: 'UNPAUSED' },
    max_concurrent_runs: 3,
    job_clusters: [{ job_cluster_key: 'main', new_cluster }],
    tasks: [
      { task_key: 'load', existing_cluster_id: cluster_id, notebook_task },
      {
        task_key: 'each',
        for_each_task: { inputs: '[1]', task: { task_key: 'one', job_cluster_key: 'main', notebook_task } },
      },
    ] as object[],
  };
}
