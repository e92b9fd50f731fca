import { type AwakeTrigger, awakeTriggers, planTrigger } from './trigger';
import { type Firing, isActive, type JobRecord, type RunRecord, type RunTrigger } from './job-record';
import { jsonIn, textIn } from './fields';

/**
 * A firing that is found later than this is missed: the region was dark, or the workspace was not running.
 * Missed firings are not made up for. A test that moves a virtual clock ticks at least this often.
 */
export const maxLateMs = 5_000;

const runTriggers: Readonly<Record<AwakeTrigger['kind'], RunTrigger>> = {
  schedule: 'PERIODIC',
  periodic: 'PERIODIC',
  file_arrival: 'FILE_ARRIVAL',
  table_update: 'TABLE',
  model: 'MODEL',
  continuous: 'CONTINUOUS',
};

/** Forgets what was planned and plans from now: after a change of settings nothing of before counts. */
export function replan(job: JobRecord, nowMs: number): void {
  job.triggers = awakeTriggers(job.settings);
  for (const trigger of job.triggers) planTrigger(trigger, job.id, nowMs);
}

/** Makes jobs run when their awake triggers are due. */
export class Scheduler {
  private tickedMs = -Infinity;

  constructor(
    private readonly firings: Firing[],
    /** Starts or queues a run of the job; the run is SKIPPED when the job may not have another one. */
    private readonly startRun: (job: JobRecord, trigger: RunTrigger) => RunRecord,
    private readonly isIdle: (job: JobRecord) => boolean,
  ) {}

  tick(jobs: readonly JobRecord[], nowMs: number): void {
    const wasAway = nowMs - this.tickedMs > maxLateMs;
    this.tickedMs = nowMs;
    for (const job of jobs)
      for (const trigger of job.triggers) {
        if (trigger.kind === 'continuous') {
          if (this.isIdle(job)) this.fire(job, trigger, nowMs);
        } else if (trigger.dueMs !== undefined && trigger.dueMs <= nowMs) {
          if (!wasAway) this.fire(job, trigger, nowMs);
          planTrigger(trigger, job.id, nowMs);
        }
      }
  }

  private fire(job: JobRecord, trigger: AwakeTrigger, atMs: number): void {
    trigger.fired += 1;
    const run = this.startRun(job, runTriggers[trigger.kind]);
    if (!isActive(run)) return;
    const marker = textIn(jsonIn(job.settings, 'tags'), 'dr_source_id');
    this.firings.push({
      jobId: job.id,
      jobName: textIn(job.settings, 'name') ?? '',
      trigger: trigger.kind,
      atMs,
      runId: run.id,
      ...(marker === undefined ? {} : { marker }),
    });
  }
}
