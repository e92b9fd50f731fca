import { type Caller } from '../workspace/area';
import { type Json } from '../workspace/fields';
import { nodeTypes, runtimes, withPolicy, type Compute } from './compute';
import { type Team } from './people';
import { type Random } from './random';
import { type Tree } from './tree';

export interface WorkContext {
  readonly random: Random;
  readonly team: Team;
  readonly owner: Caller;
  readonly tree: Tree;
  readonly compute: Compute;
  /** Jobs that this one may run. */
  readonly earlierJobs: readonly number[];
  readonly isFrequent: boolean;
}

type ComputeChoice = 'shared' | 'existing' | 'own';

/** Tasks and the job clusters that they share. */
export function makeWork(context: WorkContext, taskCount: number, at: number): Json {
  const { random, isFrequent } = context;
  const choice: ComputeChoice = isFrequent ? 'shared' : random.pick(['shared', 'existing', 'own'] as const);
  const keys = taskCount > 3 ? ['main', 'heavy'] : ['main'];
  const tasks = Array.from({ length: taskCount }, (_, task) => {
    const compute = taskCompute(context, choice, keys[task % keys.length] ?? 'main');
    return {
      task_key: taskKey(task),
      ...(task > 0 ? { depends_on: [{ task_key: taskKey(Math.floor((task - 1) / 2)) }] } : {}),
      ...taskBody(context, compute, at + task),
      ...(task === 0 ? {} : { max_retries: task % 3, min_retry_interval_millis: 60_000 }),
    };
  });
  if (choice !== 'shared') return { tasks };
  const used = keys.filter((key) => JSON.stringify(tasks).includes(`"job_cluster_key":"${key}"`));
  const clusters = used.map((key) => ({ job_cluster_key: key, new_cluster: newCluster(context) }));
  return { tasks, ...(clusters.length > 0 ? { job_clusters: clusters } : {}) };
}

function taskKey(task: number): string {
  return `step_${task + 1}`;
}

function taskCompute(context: WorkContext, choice: ComputeChoice, key: string): Json {
  if (choice === 'shared') return { job_cluster_key: key };
  if (choice === 'own') return { new_cluster: newCluster(context) };
  const own = context.compute.clusters.filter((cluster) => cluster.team === context.team);
  const clusters = own.length > 0 ? own : context.compute.clusters;
  return { existing_cluster_id: context.random.pick(clusters).id };
}

/** A cluster of a job: on a policy, on a pool, or plain. */
function newCluster({ random, compute, owner, team }: WorkContext): Json {
  const base = { spark_version: random.pick(runtimes), custom_tags: { team: team.name } };
  const kind = random.between(0, 3);
  if (kind === 0) return withPolicy(base, random.pick(compute.policies), owner);
  if (kind === 1)
    return { ...base, instance_pool_id: random.pick(compute.poolIds), num_workers: random.between(1, 4) };
  return {
    ...base,
    node_type_id: random.pick(nodeTypes),
    autoscale: { min_workers: 1, max_workers: random.between(2, 8) },
    spark_conf: { 'spark.databricks.delta.optimizeWrite.enabled': 'true' },
  };
}

function taskBody(context: WorkContext, compute: Json, turn: number): Json {
  const { random, earlierJobs, isFrequent, tree } = context;
  const script = tree.files.filter((path) => path.endsWith('.py'));
  if (turn % 9 === 4 && !isFrequent && earlierJobs.length > 0)
    return {
      run_job_task: {
        job_id: random.pick(earlierJobs),
        job_parameters: { day: '{{job.start_time.iso_date}}' },
      },
    };
  if (turn % 9 === 6 && script.length > 0) {
    const task = { python_file: `/Workspace${random.pick(script)}`, parameters: ['--stage', 'prod'] };
    return { ...compute, spark_python_task: task, libraries: [{ pypi: { package: 'requests==2.32.3' } }] };
  }
  if (turn % 9 === 7) {
    const inner = { task_key: 'each', ...compute, ...notebook(context) };
    return { for_each_task: { inputs: '["de","fr","us"]', concurrency: 2, task: inner } };
  }
  if (turn % 9 === 8)
    return { condition_task: { op: 'EQUAL_TO', left: '{{job.parameters.mode}}', right: 'full' } };
  return { ...compute, ...notebook(context) };
}

function notebook({ random, tree }: WorkContext): Json {
  const { path } = random.pick(tree.notebooks);
  return {
    notebook_task: { notebook_path: path, base_parameters: { limit: String(random.between(10, 999)) } },
  };
}
