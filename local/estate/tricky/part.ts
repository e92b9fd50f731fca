import { type Caller } from '../../workspace/area';
import { type Json } from '../../workspace/fields';
import { type Builder } from '../builder';

/** Both workspaces, before the first refresh. */
export interface TrickyWorld {
  readonly primary: Builder;
  readonly secondary: Builder;
}

/** One thing that goes wrong in real estates: one file, one line in `tricky-estate.ts`. */
export interface TrickyPart {
  fill(world: TrickyWorld): void;
  /** What cannot arrive, and what its owner says about that. */
  readonly gaps?: readonly Gap[];
}

export interface Gap {
  readonly kind:
    | 'job'
    | 'cluster'
    | 'instance-pool'
    | 'directory'
    | 'notebook'
    | 'git-folder'
    | 'secret-scope'
    | 'secret'
    | 'query'
    | 'alert'
    | 'dashboard'
    | 'ip-access-list';
  /** Its name; of what lies in the tree, its path or a pattern for paths. */
  readonly name: string;
  readonly reason: string;
}

/** Owns what nobody else is to own. */
export const keeper: Caller = { name: 'keeper@contoso.com', servicePrincipal: false, admin: false };

/** The smallest machine that does anything. */
export const machine: Json = {
  spark_version: '15.4.x-scala2.12',
  node_type_id: 'Standard_DS3_v2',
  num_workers: 1,
};

export function makeCluster(builder: Builder, name: string, more: Json = {}, as: Caller = keeper): string {
  const settings = { cluster_name: name, autotermination_minutes: 30, ...machine, ...more };
  return String(builder.post('/2.1/clusters/create', settings, as)['cluster_id']);
}

export function makeNotebook(builder: Builder, path: string, source = 'select 1', as: Caller = keeper): void {
  const content = Buffer.from(`-- Databricks notebook source\n${source}`).toString('base64');
  builder.post('/2.0/workspace/import', { path, format: 'SOURCE', language: 'SQL', content }, as);
}

export function makeFolder(builder: Builder, path: string, as: Caller = keeper): void {
  builder.post('/2.0/workspace/mkdirs', { path }, as);
}

/** The notebook that most jobs run: which one is not what they are about. */
export const anyNotebook = '/Shared/tricky/any';

/** A job of one task on machines of its own, unless `more` says otherwise. */
export function makeJob(builder: Builder, name: string, more: Json = {}, as: Caller = keeper): number {
  const task = { task_key: 'main', new_cluster: machine, notebook_task: { notebook_path: anyNotebook } };
  return Number(builder.post('/2.2/jobs/create', { name, tasks: [task], ...more }, as)['job_id']);
}

/** Tasks that run a job. */
export function running(jobId: number): Json {
  return { tasks: [{ task_key: 'run', run_job_task: { job_id: jobId } }] };
}

/** The API must refuse it: an estate cannot have what the platform does not let anybody make. */
export function refused(what: string, attempt: () => unknown): void {
  try {
    attempt();
  } catch {
    return;
  }
  throw new Error(`the workspace should have refused ${what}`);
}
