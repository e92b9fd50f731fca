import { type Core } from './area';
import { type ClusterRecord } from './cluster-record';
import { type Clusters } from './clusters';
import { hashOf, type Json, jsonIn, numberIn, rowsIn, textIn } from './fields';
import { isActive, type RunRecord } from './job-record';
import { withNested } from './job-tasks';
import { runNotebook } from './notebook-machine';
import { activeUpdate } from './pipeline-record';
import { type PipelinesArea } from './pipelines';
import { type RunBook } from './run-book';
import { type TreeArea } from './workspace-tree';

/** Emulated: tasks of jobs do nothing, for between one and two seconds. What is submitted once only works on mounts, and is quick. */
const runTakesMs = 1_000;
const submittedTakesMs = 200;
const runSpreadMs = 1_000;

/** Carries out runs: brings up what they run on, and ends them. */
export class Runner {
  constructor(
    private readonly core: Core,
    private readonly book: RunBook,
    /** Runs another job for a task; undefined when there is none. */
    private readonly runJob: (jobId: number) => RunRecord | undefined,
  ) {}

  begin(run: RunRecord): void {
    const nowMs = this.core.nowMs();
    run.life = 'RUNNING';
    run.startMs = nowMs;
    const takesMs = runTakesMs + (hashOf(String(run.id)) % runSpreadMs);
    run.dueMs = nowMs + (run.jobId === undefined ? submittedTakesMs : takesMs);
    const shared = new Map<string, string>();
    for (const task of rowsIn(run.settings, 'tasks'))
      for (const one of withNested(task)) this.beginTask(run, one, shared);
  }

  /** One step of a run that is under way. */
  advance(run: RunRecord, nowMs: number): void {
    const own = run.ownClusters.map((id) => this.clusters().find(id));
    const used = Object.keys(run.usedClusters).map((id) => this.useCluster(run, id));
    const children = run.children.map((id) => this.book.find(id));
    const lost = [...own, ...used].find((cluster) => !cluster || isLost(run, cluster));
    if ([...own, ...used].includes(undefined)) this.end(run, 'FAILED', 'The cluster does not exist');
    else if (lost)
      this.end(run, 'FAILED', `Cluster ${lost.id} was terminated: ${lost.termination?.code ?? ''}`);
    else if (children.some((child) => child && !isActive(child) && child.result !== 'SUCCESS'))
      this.end(run, 'FAILED', 'A job that this job runs has failed');
    else if (nowMs >= run.dueMs && isReady([...own, ...used], children)) this.finish(run);
  }

  /** Runs the notebooks, at the end of the time that they take. */
  private finish(run: RunRecord): void {
    const tasks = new Map(
      rowsIn(run.settings, 'tasks')
        .flatMap(withNested)
        .map((task) => [task['task_key'], task]),
    );
    for (const task of run.tasks) {
      const source = sourceOf(this.core, tasks.get(task.key) ?? {});
      if (source === undefined) continue;
      task.output = runNotebook(this.core, source);
      if ('error' in task.output) {
        this.end(run, 'FAILED', 'Workload failed, see run output for details');
        return;
      }
    }
    this.end(run, 'SUCCESS', '');
  }

  end(run: RunRecord, result: NonNullable<RunRecord['result']>, message: string): void {
    run.life = result === 'FAILED' ? 'INTERNAL_ERROR' : 'TERMINATED';
    run.result = result;
    run.message = message;
    run.endMs = this.core.nowMs();
    for (const id of run.ownClusters) {
      const cluster = this.clusters().find(id);
      if (cluster) this.clusters().stop(cluster);
    }
  }

  private clusters(): Clusters {
    return this.core.area<Clusters>('clusters');
  }

  private beginTask(run: RunRecord, task: Json, shared: Map<string, string>): void {
    if (!isActive(run)) return;
    const clusterId = this.clusterFor(run, task, shared);
    run.tasks.push({
      key: textIn(task, 'task_key') ?? '',
      runId: this.core.nextNumber(),
      ...(clusterId === undefined ? {} : { clusterId }),
    });
    const notebook = missingNotebook(this.core, task);
    if (notebook !== undefined) this.end(run, 'FAILED', `Notebook not found: ${notebook}`);
    if (task['pipeline_task'] !== undefined) this.beginPipeline(run, jsonIn(task, 'pipeline_task'));
    if (task['run_job_task'] === undefined || !isActive(run)) return;
    const jobId = numberIn(jsonIn(task, 'run_job_task'), 'job_id') ?? 0;
    const child = this.runJob(jobId);
    if (child) run.children.push(child.id);
    else this.end(run, 'FAILED', `Job ${jobId} does not exist.`);
  }

  /** Emulated: the run does not wait for the update. */
  private beginPipeline(run: RunRecord, task: Json): void {
    const id = textIn(task, 'pipeline_id') ?? '';
    const pipelines = this.core.area<PipelinesArea>('pipelines');
    const pipeline = pipelines.find(id);
    if (!pipeline) this.end(run, 'FAILED', `The specified pipeline ${id} was not found.`);
    else if (!activeUpdate(pipeline)) pipelines.start(pipeline, 'JOB_TASK');
  }

  private clusterFor(run: RunRecord, task: Json, shared: Map<string, string>): string | undefined {
    const existing = textIn(task, 'existing_cluster_id');
    if (existing !== undefined) {
      run.usedClusters[existing] ??= false;
      return existing;
    }
    const key = textIn(task, 'job_cluster_key');
    if (key === undefined)
      return task['new_cluster'] === undefined
        ? undefined
        : this.makeCluster(run, jsonIn(task, 'new_cluster'));
    const known = shared.get(key);
    if (known !== undefined) return known;
    const found = rowsIn(run.settings, 'job_clusters').find((cluster) => cluster['job_cluster_key'] === key);
    const id = this.makeCluster(run, jsonIn(found ?? {}, 'new_cluster'));
    shared.set(key, id);
    return id;
  }

  private makeCluster(run: RunRecord, spec: Json): string {
    const jobId = run.jobId ?? 0;
    const madeFor = { jobId, runId: run.id, runName: run.name };
    const named = { ...spec, cluster_name: `job-${jobId}-run-${run.id}` };
    const { id } = this.clusters().make({ spec: named, owner: run.creator, source: 'JOB', madeFor });
    run.ownClusters.push(id);
    return id;
  }

  /** Keeps a user's cluster up for the run, and starts it once. */
  private useCluster(run: RunRecord, id: string): ClusterRecord | undefined {
    const cluster = this.clusters().find(id);
    const isStarted = run.usedClusters[id] === true;
    if (!cluster || cluster.state === 'TERMINATING' || (isStarted && cluster.state === 'TERMINATED'))
      return cluster;
    this.clusters().use(cluster);
    run.usedClusters[id] = true;
    return cluster;
  }
}

function missingNotebook(core: Core, task: Json): string | undefined {
  const notebook = jsonIn(task, 'notebook_task');
  const path = textIn(notebook, 'notebook_path');
  if (path === undefined || notebook['source'] === 'GIT') return undefined;
  return core.area<TreeArea>('workspace-tree').tree.find(bareOf(path)) ? undefined : path;
}

/** The text of a Python notebook of the workspace. */
function sourceOf(core: Core, task: Json): string | undefined {
  const path = textIn(jsonIn(task, 'notebook_task'), 'notebook_path');
  const { tree } = core.area<TreeArea>('workspace-tree');
  const node = path === undefined ? undefined : tree.find(bareOf(path));
  return node?.language === 'PYTHON' ? tree.bodyOf(node).toString() : undefined;
}

/** `/Workspace/…` is another name of the same tree. */
function bareOf(path: string): string {
  return path.replace(/^\/Workspace(?=\/)/, '');
}

function isLost(run: RunRecord, cluster: ClusterRecord): boolean {
  const isDown = cluster.state === 'TERMINATED' || cluster.state === 'TERMINATING';
  return isDown && run.usedClusters[cluster.id] !== false;
}

function isReady(
  clusters: readonly (ClusterRecord | undefined)[],
  children: readonly (RunRecord | undefined)[],
): boolean {
  return (
    clusters.every((cluster) => cluster?.state === 'RUNNING') &&
    !children.some((child) => child && isActive(child))
  );
}
