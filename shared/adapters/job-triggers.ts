import type { Workspace } from '../databricks/workspace';
import type { TriggerOperations } from './adapter';
import { isRow, type Row } from './fields';
import type { JobBody } from './job';

const singleTriggers = ['schedule', 'continuous', 'trigger'] as const;

type Triggers = Pick<JobBody, (typeof singleTriggers)[number] | 'triggers'>;

/** Without a pause status a trigger is awake. */
function isAwake(trigger: Row): boolean {
  return trigger['pause_status'] !== 'PAUSED';
}

function named(trigger: Row, isWanted: boolean): Row {
  return { ...trigger, pause_status: isWanted ? 'UNPAUSED' : 'PAUSED' };
}

/** The triggers of a job with exactly these awake: `schedule`, `continuous`, `trigger`, `triggers[0]`, … */
function withAwake(body: JobBody, awake: readonly string[]): Triggers {
  const single = singleTriggers.flatMap((name) => {
    const trigger = body[name];
    return isRow(trigger) ? [[name, named(trigger, awake.includes(name))]] : [];
  });
  const list = body.triggers?.map((trigger, i) => named(trigger, awake.includes(`triggers[${i}]`)));
  return { ...(Object.fromEntries(single) as Triggers), ...(list === undefined ? {} : { triggers: list }) };
}

/** The job with every trigger paused. */
export function pausedJob(body: JobBody): JobBody {
  return { ...body, ...withAwake(body, []) };
}

/** Which triggers of a job are awake. */
export function awakeTriggers(body: JobBody): string[] {
  const single = singleTriggers.filter((name) => {
    const trigger = body[name];
    return isRow(trigger) && isAwake(trigger);
  });
  const list = (body.triggers ?? []).flatMap((trigger, i) => (isAwake(trigger) ? [`triggers[${i}]`] : []));
  return [...single, ...list];
}

/** jobs/update replaces the given members and leaves all others alone. */
async function updateTriggers(workspace: Workspace, id: string, triggers: Triggers): Promise<void> {
  if (Object.keys(triggers).length === 0) return;
  const request = { job_id: Number(id), new_settings: triggers };
  await workspace.post('/api/2.2/jobs/update', request, { repeatable: true });
}

/**
 * Pausing is the whole fence. `max_concurrent_runs: 0` would be a second lock, but a snapshot taken behind it would carry the
 * zero to the other side, and tasks of runs that are still draining could not start the jobs that they run.
 */
export const jobTriggers: TriggerOperations<JobBody> = {
  awake: awakeTriggers,
  quiet: (from, id, body) => updateTriggers(from, id, withAwake(body, [])),
  wake: (target, id, body, triggers) => updateTriggers(target, id, withAwake(body, triggers)),
  async activeRuns(from, id) {
    const query = { job_id: id, active_only: true, limit: 24 };
    const runs = from.pages<{ run_id: number }>('/api/2.2/jobs/runs/list', 'runs', query);
    return (await Array.fromAsync(runs)).map(({ run_id }) => String(run_id));
  },
  async cancelRun(from, runId) {
    await from.post('/api/2.2/jobs/runs/cancel', { run_id: Number(runId) }, { repeatable: true });
  },
};
