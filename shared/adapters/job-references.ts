import type { Reference } from '../domain/references';
import { computeReferences, fileReferences, libraryReferences } from './compute-references';
import { matches } from './reference-values';

/** A task, and the task that a `for_each_task` repeats. */
const taskPlaces = ['tasks[].', 'tasks[].for_each_task.task.'];

/**
 * Every place where a job's settings point at something else. Not in it: mail addresses of `email_notifications` (most are
 * mailing lists, nothing the workspace knows) and paths in parameters, whose meaning only the code knows.
 */
export const jobReferences: readonly Reference[] = [
  ...computeReferences('job_clusters[].new_cluster.'),
  ...taskPlaces.flatMap(taskReferences),
  ...notificationReferences(''),
  ...fileReferences('environments[].spec.dependencies[]'),
  { at: 'run_as.user_name', to: 'user', by: 'name' },
  { at: 'run_as.service_principal_name', to: 'service-principal', by: 'name' },
  { at: 'run_as.group_name', to: 'group', by: 'name' },
];

function taskReferences(task: string): Reference[] {
  return [
    { at: `${task}existing_cluster_id`, to: 'cluster' },
    ...computeReferences(`${task}new_cluster.`),
    ...libraryReferences(`${task}libraries[]`),
    ...notificationReferences(task),
    { at: `${task}run_job_task.job_id`, to: 'job' },
    { at: `${task}pipeline_task.pipeline_id`, to: 'pipeline' },
    ...codeReferences(task),
    ...sqlReferences(`${task}sql_task.`),
    ...dashboardReferences(`${task}dashboard_task.`),
    ...alertReferences(`${task}alert_task.`),
    { at: `${task}dbt_task.warehouse_id`, to: 'sql-warehouse' },
    { at: `${task}power_bi_task.warehouse_id`, to: 'sql-warehouse' },
  ];
}

/** Relative paths lie in the job's git repository: they name nothing in the workspace. */
function codeReferences(task: string): Reference[] {
  const match = matches.workspacePath;
  return [
    { at: `${task}notebook_task.notebook_path`, to: 'notebook', by: 'path', match },
    { at: `${task}notebook_task.warehouse_id`, to: 'sql-warehouse' },
    ...fileReferences(`${task}spark_python_task.python_file`),
    { at: `${task}dbt_task.project_directory`, to: 'directory', by: 'path', match },
  ];
}

function sqlReferences(sql: string): Reference[] {
  return [
    { at: `${sql}warehouse_id`, to: 'sql-warehouse' },
    { at: `${sql}query.query_id`, to: 'query' },
    { at: `${sql}dashboard.dashboard_id`, to: 'dashboard' },
    { at: `${sql}alert.alert_id`, to: 'alert' },
    ...subscriberReferences(`${sql}dashboard.subscriptions[].`),
    ...subscriberReferences(`${sql}alert.subscriptions[].`),
    { at: `${sql}file.path`, to: 'workspace-file', by: 'path', match: matches.workspacePath },
  ];
}

function dashboardReferences(task: string): Reference[] {
  return [
    { at: `${task}dashboard_id`, to: 'dashboard' },
    { at: `${task}warehouse_id`, to: 'sql-warehouse' },
    ...subscriberReferences(`${task}subscription.subscribers[].`),
  ];
}

function alertReferences(task: string): Reference[] {
  return [
    { at: `${task}alert_id`, to: 'alert' },
    { at: `${task}warehouse_id`, to: 'sql-warehouse' },
    { at: `${task}workspace_path`, to: 'alert', by: 'path', match: matches.workspacePath },
    ...subscriberReferences(`${task}subscribers[].`),
  ];
}

function subscriberReferences(subscriber: string): Reference[] {
  return [
    { at: `${subscriber}destination_id`, to: 'notification-destination' },
    { at: `${subscriber}user_name`, to: 'user', by: 'name' },
  ];
}

/** `on_start`, `on_failure` and all others. */
function notificationReferences(at: string): Reference[] {
  return [{ at: `${at}webhook_notifications.*[].id`, to: 'notification-destination' }];
}
