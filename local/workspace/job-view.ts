import { type Json, rowsIn, without } from './fields';
import { type JobRecord } from './job-record';
import { pageOf } from './page';

const pageSize = 100;
const pagedArrays = ['tasks', 'job_clusters', 'environments', 'parameters'];

function around(job: JobRecord, settings: Json): Json {
  return {
    job_id: job.id,
    creator_user_name: job.creator,
    run_as_user_name: job.runAs,
    created_time: job.createdMs,
    settings,
  };
}

/** A job as `jobs/list` shows it; expanded, with the first 100 tasks and job clusters. */
export function jobRow(job: JobRecord, isExpanded: boolean): Json {
  if (!isExpanded) return around(job, without(job.settings, 'tasks', 'job_clusters'));
  const { settings, next } = settingsPage(job.settings, null);
  return { ...around(job, settings), has_more: next !== undefined };
}

/** One page of `jobs/get`: 100 elements of each array; arrays with no more are empty on later pages. */
export function jobDetails(job: JobRecord, token: string | null): Json {
  const { settings, next } = settingsPage(job.settings, token);
  const more = next === undefined ? {} : { has_more: true, next_page_token: next };
  return { ...around(job, settings), ...more };
}

function settingsPage(settings: Json, token: string | null): { settings: Json; next?: string } {
  const shown: Json = { ...settings };
  let next: string | undefined;
  for (const field of pagedArrays) {
    if (settings[field] === undefined) continue;
    const page = pageOf(rowsIn(settings, field), pageSize, token);
    shown[field] = page.rows;
    next ??= page.next;
  }
  return { settings: shown, ...(next === undefined ? {} : { next }) };
}
