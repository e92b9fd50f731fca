import { type Json, rowsIn } from './fields';
import { type RunLife, type RunRecord, type RunTask } from './job-record';

function stateOf(run: RunRecord): Json {
  return {
    life_cycle_state: run.life,
    state_message: run.message,
    user_cancelled_or_timedout: run.result === 'CANCELED',
    ...(run.result ? { result_state: run.result } : {}),
  };
}

const codes: Readonly<Record<RunLife, string>> = {
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  TERMINATED: 'TERMINATED',
  SKIPPED: 'TERMINATED',
  INTERNAL_ERROR: 'TERMINATED',
};

/** A run as `runs/list` shows it. */
export function runRow(run: RunRecord): Json {
  const ended = run.endMs !== undefined;
  return {
    ...(run.jobId === undefined ? {} : { job_id: run.jobId }),
    run_id: run.id,
    number_in_job: run.number,
    original_attempt_run_id: run.id,
    creator_user_name: run.creator,
    run_name: run.name,
    run_type: run.jobId === undefined ? 'SUBMIT_RUN' : 'JOB_RUN',
    run_page_url: `/#job/${run.jobId ?? 0}/run/${run.id}`,
    trigger: run.trigger,
    format: 'MULTI_TASK',
    start_time: run.startMs,
    end_time: run.endMs ?? 0,
    run_duration: ended ? (run.endMs ?? 0) - run.startMs : 0,
    state: stateOf(run),
    status: {
      state: codes[run.life],
      ...(ended ? { termination_details: { code: run.result ?? run.life } } : {}),
    },
    ...(Object.keys(run.parameters).length > 0 ? { overriding_parameters: run.parameters } : {}),
  };
}

/** A run as `runs/get` shows it: with its tasks. */
export function runDetails(run: RunRecord): Json {
  const settings = new Map(rowsIn(run.settings, 'tasks').map((task) => [task['task_key'], task]));
  const tasks = run.tasks.map((task) => ({
    ...settings.get(task.key),
    task_key: task.key,
    run_id: task.runId,
    attempt_number: 0,
    start_time: run.startMs,
    end_time: run.endMs ?? 0,
    state: stateOf(run),
    ...(task.clusterId === undefined ? {} : { cluster_instance: { cluster_id: task.clusterId } }),
  }));
  return { ...runRow(run), ...(tasks.length > 0 ? { tasks } : {}) };
}

/** What `runs/get-output` says of one task. */
export function taskOutput(run: RunRecord, { key, runId, output }: RunTask): Json {
  const metadata = { ...runRow(run), run_id: runId, task_key: key };
  if (output === undefined) return { metadata };
  return 'error' in output
    ? { metadata, error: output.error, error_trace: output.error }
    : { metadata, notebook_output: { result: output.result, truncated: false } };
}
