import { type Json } from './fields';
import { type NotebookOutput } from './notebook-machine';
import { type AwakeTrigger, type TriggerKind } from './trigger';

export interface JobRecord {
  readonly id: number;
  settings: Json;
  readonly creator: string;
  runAs: string;
  readonly createdMs: number;
  triggers: AwakeTrigger[];
  runCount: number;
}

/** As in the answers of the runs API; a schedule's runs are PERIODIC there. */
export type RunTrigger =
  'PERIODIC' | 'ONE_TIME' | 'RUN_JOB_TASK' | 'FILE_ARRIVAL' | 'TABLE' | 'MODEL' | 'CONTINUOUS';

export type RunLife = 'QUEUED' | 'RUNNING' | 'TERMINATED' | 'SKIPPED' | 'INTERNAL_ERROR';

export interface RunTask {
  readonly key: string;
  readonly runId: number;
  readonly clusterId?: string;
  /** What its notebook came to. */
  output?: NotebookOutput;
}

export interface RunRecord {
  readonly id: number;
  /** Absent: submitted once, without a job. */
  readonly jobId?: number;
  readonly number: number;
  readonly name: string;
  readonly trigger: RunTrigger;
  readonly creator: string;
  readonly createdMs: number;
  /** What it runs: the settings of its job when it began. */
  readonly settings: Json;
  /** Values given by who started it. */
  readonly parameters: Json;
  life: RunLife;
  result?: 'SUCCESS' | 'FAILED' | 'CANCELED';
  message: string;
  startMs: number;
  dueMs: number;
  endMs?: number;
  tasks: RunTask[];
  /** Clusters made for it; they end with it. */
  ownClusters: string[];
  /** Clusters of users that it works on, and whether it has seen them coming up. */
  usedClusters: Record<string, boolean>;
  children: number[];
}

/** One time that a trigger made a job run, or that a pipeline began to run by itself. */
export interface Firing {
  /** Of a pipeline: its id. */
  readonly jobId: number | string;
  readonly jobName: string;
  readonly trigger: TriggerKind;
  readonly atMs: number;
  /** Of a pipeline: its update. */
  readonly runId: number | string;
  /** Its tag `dr_source_id`. */
  readonly marker?: string;
}

export interface JobSection {
  readonly jobs: Record<string, JobRecord>;
  readonly runs: Record<string, RunRecord>;
  /** Run of an idempotency token. */
  readonly tokens: Record<string, number>;
  readonly firings: Firing[];
}

export function isActive(run: RunRecord): boolean {
  return run.life === 'RUNNING' || run.life === 'QUEUED';
}
