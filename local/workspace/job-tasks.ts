import { type Core } from './area';
import { checkClusterSpec } from './cluster-spec';
import { type Clusters } from './clusters';
import { invalid, isJson, type Json, jsonIn, requiredNumber, requiredText, rowsIn, textIn } from './fields';
import { checkLibrary } from './libraries';

export const maxTasks = 1_000;

/** What the checks of tasks look up. */
export interface TaskScope {
  readonly core: Core;
  readonly isJob: (jobId: number) => boolean;
  readonly jobClusterKeys: ReadonlySet<string>;
  readonly fromGit: boolean;
}

/** The task itself and the one that it repeats (`for_each_task.task`). */
export function withNested(task: Json): Json[] {
  const inner = jsonIn(task, 'for_each_task')['task'];
  return isJson(inner) ? [task, ...withNested(inner)] : [task];
}

export function checkTasks(tasks: readonly Json[], scope: TaskScope): void {
  if (tasks.length > maxTasks) throw invalid(`A job can have at most ${maxTasks} tasks`);
  const keys = tasks.map((task) => requiredText(task, 'task_key'));
  const twin = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twin !== undefined) throw invalid(`Task key '${twin}' is not unique.`);
  checkOrder(tasks);
  for (const task of tasks) for (const one of withNested(task)) checkTask(one, scope);
}

function dependenciesOf(task: Json): string[] {
  return rowsIn(task, 'depends_on').map((one) => requiredText(one, 'task_key'));
}

/** Dependencies are known, and there is an order in which the tasks can run. */
function checkOrder(tasks: readonly Json[]): void {
  const waiting = new Map(tasks.map((task) => [requiredText(task, 'task_key'), dependenciesOf(task)]));
  for (const [key, needs] of waiting)
    for (const need of needs)
      if (!waiting.has(need)) throw invalid(`Task '${key}' depends on an unknown task '${need}'.`);
  for (;;) {
    const ready = [...waiting].filter(([, needs]) => !needs.some((need) => waiting.has(need)));
    if (ready.length === 0) break;
    for (const [key] of ready) waiting.delete(key);
  }
  if (waiting.size > 0) throw invalid(`The tasks ${[...waiting.keys()].join(', ')} depend on each other.`);
}

function checkTask(task: Json, scope: TaskScope): void {
  const key = requiredText(task, 'task_key');
  if (!/^[\w-]{1,100}$/.test(key)) throw invalid(`Invalid task key '${key}'.`);
  checkCompute(task, key, scope);
  if (task['notebook_task'] !== undefined) checkNotebook(jsonIn(task, 'notebook_task'), scope.fromGit);
  if (task['run_job_task'] !== undefined) {
    const jobId = requiredNumber(jsonIn(task, 'run_job_task'), 'job_id');
    if (!scope.isJob(jobId)) throw invalid(`Job ${jobId} does not exist.`);
  }
  rowsIn(task, 'libraries').forEach(checkLibrary);
}

function checkCompute(task: Json, key: string, { core, jobClusterKeys }: TaskScope): void {
  const given = ['existing_cluster_id', 'new_cluster', 'job_cluster_key'].filter(
    (one) => task[one] !== undefined,
  );
  if (given.length > 1) throw invalid(`Task '${key}' can have only one of ${given.join(' and ')}.`);
  const existing = textIn(task, 'existing_cluster_id');
  if (existing !== undefined) core.area<Clusters>('clusters').known(existing);
  const jobCluster = textIn(task, 'job_cluster_key');
  if (jobCluster !== undefined && !jobClusterKeys.has(jobCluster))
    throw invalid(`Task '${key}' refers to an unknown job_cluster_key '${jobCluster}'.`);
  if (task['new_cluster'] !== undefined) checkClusterSpec(core, jsonIn(task, 'new_cluster'));
}

function checkNotebook(notebook: Json, fromGit: boolean): void {
  const path = requiredText(notebook, 'notebook_path');
  const inWorkspace = textIn(notebook, 'source') !== 'GIT' && !fromGit;
  if (inWorkspace && !path.startsWith('/'))
    throw invalid(`Only absolute paths are currently supported. Paths must begin with '/': ${path}`);
}
