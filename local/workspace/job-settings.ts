import { type Core } from './area';
import { checkClusterSpec } from './cluster-spec';
import {
  invalid,
  isJson,
  type Json,
  jsonIn,
  numberIn,
  requiredText,
  rowsIn,
  textIn,
  without,
} from './fields';
import { checkTasks } from './job-tasks';
import { checkTriggers, withPauseStatus } from './trigger';

const maxTags = 25;

/** What a job does, and on what. */
const workFields = ['tasks', 'job_clusters', 'git_source'];
/** Write-only: given with the settings, shown elsewhere or nowhere. */
const writeOnly = ['run_as', 'access_control_list', 'idempotency_token'];

/**
 * Settings as the workspace keeps them: what was sent and the defaults; throws what it would refuse. Work that is not among `changes`
 * is not looked at again: a job whose cluster was deleted can still be paused. (Not documented.)
 */
export function makeSettings(
  core: Core,
  sent: Json,
  isJob: (jobId: number) => boolean,
  changes: Readonly<Json> = sent,
): Json {
  const settings = withPauseStatus(without(sent, ...writeOnly));
  checkTriggers(settings);
  checkNumbers(settings);
  const tasks = rowsIn(settings, 'tasks');
  const fromGit = settings['git_source'] !== undefined;
  if (workFields.some((field) => changes[field] !== undefined)) checkWork(core, settings, isJob);
  return {
    name: 'Untitled',
    email_notifications: {},
    webhook_notifications: {},
    timeout_seconds: 0,
    max_concurrent_runs: 1,
    ...settings,
    ...(tasks.length > 0 ? { tasks: tasks.map((task) => makeTask(task, fromGit)) } : {}),
    format: 'MULTI_TASK',
  };
}

function checkWork(core: Core, settings: Json, isJob: (jobId: number) => boolean): void {
  const clusters = rowsIn(settings, 'job_clusters');
  const keys = clusters.map((cluster) => requiredText(cluster, 'job_cluster_key'));
  const jobClusterKeys = new Set(keys);
  if (jobClusterKeys.size < keys.length) throw invalid('Job cluster keys must be unique.');
  for (const cluster of clusters) checkClusterSpec(core, jsonIn(cluster, 'new_cluster'));
  const fromGit = settings['git_source'] !== undefined;
  checkTasks(rowsIn(settings, 'tasks'), { core, isJob, jobClusterKeys, fromGit });
}

function checkNumbers(settings: Json): void {
  if (Object.keys(jsonIn(settings, 'tags')).length > maxTags)
    throw invalid(`A job can have at most ${maxTags} tags`);
  const runs = numberIn(settings, 'max_concurrent_runs') ?? 1;
  if (runs < 0 || runs > 1_000) throw invalid('max_concurrent_runs must be between 0 and 1000');
  const names = rowsIn(settings, 'parameters').map((parameter) => requiredText(parameter, 'name'));
  if (new Set(names).size < names.length) throw invalid('Job parameter names must be unique.');
  textIn(settings, 'name');
}

function makeTask(task: Json, fromGit: boolean): Json {
  const notebook = task['notebook_task'];
  const source = fromGit ? 'GIT' : 'WORKSPACE';
  return {
    run_if: 'ALL_SUCCESS',
    timeout_seconds: 0,
    email_notifications: {},
    webhook_notifications: {},
    ...task,
    ...(isJson(notebook) ? { notebook_task: { source, ...notebook } } : {}),
  };
}

const keyed: Readonly<Record<string, string>> = { tasks: 'task_key', job_clusters: 'job_cluster_key' };

/** New top-level fields replace old ones; tasks and job clusters are merged by their keys. */
export function mergeSettings(old: Json, changes: Json, removed: readonly string[]): Json {
  const merged: Json = { ...old };
  for (const [field, value] of Object.entries(changes)) {
    const key = keyed[field];
    merged[field] = key === undefined ? value : mergeRows(rowsIn(old, field), rowsIn(changes, field), key);
  }
  for (const path of removed) removeField(merged, path);
  return merged;
}

function mergeRows(old: readonly Json[], changes: readonly Json[], key: string): Json[] {
  const fresh = new Map(changes.map((row) => [row[key], row]));
  const kept = old.map((row) => {
    const change = fresh.get(row[key]);
    fresh.delete(row[key]);
    return change ?? row;
  });
  return [...kept, ...fresh.values()];
}

/** `schedule`, or `tasks/clean_up` for one element. */
function removeField(settings: Json, path: string): void {
  const [field = '', element] = path.split('/');
  const key = keyed[field];
  if (element === undefined) Reflect.deleteProperty(settings, field);
  else if (key === undefined) throw invalid(`Cannot remove '${path}'`);
  else settings[field] = rowsIn(settings, field).filter((row) => row[key] !== element);
}
