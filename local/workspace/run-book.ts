import { type Core } from './area';
import { invalid, type Json } from './fields';
import {
  isActive,
  type JobSection,
  type JobRecord,
  type RunRecord,
  type RunTask,
  type RunTrigger,
} from './job-record';

const keepRuns = 2_000;

export interface NewRun {
  readonly job?: JobRecord;
  readonly name: string;
  readonly trigger: RunTrigger;
  readonly creator: string;
  readonly settings: Json;
  readonly parameters?: Json;
}

/** All runs of a workspace, oldest first; of those that ended only the newest are kept. */
export class RunBook {
  /** May hold ended ones: they drop out when somebody looks. */
  private readonly open: Set<RunRecord>;

  constructor(
    private readonly core: Core,
    private readonly section: JobSection,
  ) {
    this.open = new Set(this.all().filter(isActive));
  }

  all(): RunRecord[] {
    return Object.values(this.section.runs);
  }

  active(jobId?: number): RunRecord[] {
    for (const run of this.open) if (!isActive(run)) this.open.delete(run);
    return [...this.open].filter((run) => jobId === undefined || run.jobId === jobId);
  }

  find(id: number): RunRecord | undefined {
    return this.section.runs[id];
  }

  /** The task that a run of its own number stands for. */
  findTask(id: number): { readonly run: RunRecord; readonly task: RunTask } | undefined {
    for (const run of this.all()) {
      const task = run.tasks.find(({ runId }) => runId === id);
      if (task) return { run, task };
    }
    return undefined;
  }

  known(id: number): RunRecord {
    const run = this.find(id);
    if (!run) throw invalid(`Run ${id} does not exist.`);
    return run;
  }

  /** A run that waits for its turn. */
  add({ job, name, trigger, creator, settings, parameters = {} }: NewRun): RunRecord {
    const nowMs = this.core.nowMs();
    if (job) job.runCount += 1;
    const run: RunRecord = {
      id: this.core.nextNumber(),
      ...(job && { jobId: job.id }),
      number: job?.runCount ?? 1,
      name,
      trigger,
      creator,
      createdMs: nowMs,
      settings,
      parameters,
      life: 'QUEUED',
      message: '',
      startMs: nowMs,
      dueMs: nowMs,
      tasks: [],
      ownClusters: [],
      usedClusters: {},
      children: [],
    };
    this.section.runs[run.id] = run;
    this.open.add(run);
    this.prune();
    return run;
  }

  private prune(): void {
    const ids = Object.keys(this.section.runs);
    // A tenth at a time, because going through all of them at each run would add up.
    if (ids.length < keepRuns * 1.1) return;
    for (const id of ids.slice(0, ids.length - keepRuns)) {
      const run = this.section.runs[id];
      if (run && !isActive(run)) Reflect.deleteProperty(this.section.runs, id);
    }
  }
}
