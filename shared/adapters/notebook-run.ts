import type { Workspace } from '../databricks/workspace';
import { sha256 } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import { redact } from '../domain/redact';

/** Folders of this name are ours: they are there while a notebook of ours runs, and carried nowhere. */
const folderPrefix = '/Shared/databricks-regional-failover-';
/** A small cluster takes a few minutes to start; who is quick is not kept waiting. */
const firstWaitsMs = [500, 500, 500, 500, 1_000, 2_000, 5_000];
const waitMs = 10_000;
const maxPolls = 126;
const maxSeconds = 1_200;

interface Run {
  readonly state?: {
    readonly life_cycle_state?: string;
    readonly result_state?: string;
    readonly state_message?: string;
  };
  readonly tasks?: readonly { readonly run_id: number }[];
}

const over: ReadonlySet<string | undefined> = new Set(['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR']);

/** True for a path in a folder that {@link runNotebook} made. */
export function isNotebookFolder(path: string): boolean {
  return path.startsWith(folderPrefix);
}

/**
 * Runs a Python notebook once, on a small cluster of its own that ends with it, and gives what it exits with, which is JSON.
 * The notebook is taken away again. Throws DR_NOTEBOOK_FAILED when it fails, or does not end in time.
 */
export async function runNotebook(workspace: Workspace, text: string): Promise<unknown> {
  const folder = `${folderPrefix}${sha256(text).slice(0, 12)}`;
  const path = `${folder}/notebook`;
  const content = Buffer.from(text).toString('base64');
  const notebook = { path, format: 'SOURCE', language: 'PYTHON', overwrite: true, content };
  await workspace.post('/api/2.0/workspace/mkdirs', { path: folder }, { repeatable: true });
  try {
    await workspace.post('/api/2.0/workspace/import', notebook, { repeatable: true });
    const { run_id } = await workspace.post<{ run_id: number }>(
      '/api/2.2/jobs/runs/submit',
      runOf(workspace, path),
    );
    return await resultOf(workspace, run_id);
  } finally {
    await removeFolder(workspace, folder);
  }
}

function runOf({ options: { mounts } }: Workspace, notebook_path: string): object {
  const new_cluster = {
    spark_version: mounts.sparkVersion,
    node_type_id: mounts.nodeType,
    num_workers: 0,
    spark_conf: { 'spark.databricks.cluster.profile': 'singleNode', 'spark.master': 'local[*]' },
    custom_tags: { ResourceClass: 'SingleNode' },
    // Mounts cannot be seen from clusters that users share.
    data_security_mode: 'SINGLE_USER',
  };
  return {
    run_name: 'Databricks Regional Failover: mounts',
    timeout_seconds: maxSeconds,
    tasks: [{ task_key: 'mounts', new_cluster, notebook_task: { notebook_path, source: 'WORKSPACE' } }],
  };
}

async function resultOf(workspace: Workspace, run_id: number): Promise<unknown> {
  for (let poll = 0; poll < maxPolls; poll += 1) {
    await workspace.pause(firstWaitsMs[poll] ?? waitMs);
    const run = await workspace.get<Run & object>('/api/2.2/jobs/runs/get', { run_id });
    if (over.has(run.state?.life_cycle_state)) return outputOf(workspace, run);
  }
  await workspace.post('/api/2.2/jobs/runs/cancel', { run_id }, { repeatable: true });
  throw failed(`it did not end within ${maxSeconds} seconds`);
}

async function outputOf(workspace: Workspace, { state, tasks }: Run): Promise<unknown> {
  const run_id = tasks?.[0]?.run_id;
  if (run_id === undefined) throw failed(state?.state_message ?? 'it has no task');
  const answer = await workspace.get<{
    notebook_output?: { result?: string; truncated?: boolean };
    error?: string;
  }>('/api/2.2/jobs/runs/get-output', { run_id });
  const { result, truncated } = answer.notebook_output ?? {};
  if (state?.result_state === 'SUCCESS' && result !== undefined && truncated !== true) return parsed(result);
  throw failed(answer.error ?? state?.state_message ?? 'it gave no whole result');
}

function parsed(result: string): unknown {
  try {
    return JSON.parse(result) as unknown;
  } catch {
    throw failed('its result is no JSON');
  }
}

/** Somebody else may have tidied up. */
async function removeFolder(workspace: Workspace, path: string): Promise<void> {
  const request = { path, recursive: true };
  try {
    await workspace.post('/api/2.0/workspace/delete', request, { repeatable: true });
  } catch (error) {
    if (!hasCode(error, 'DR_API_NOT_FOUND')) throw error;
  }
}

function failed(why: string): DrError {
  return new DrError('DR_NOTEBOOK_FAILED', `cannot run a notebook: ${redact(why).slice(0, 300)}`);
}
