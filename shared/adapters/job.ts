import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { Owned } from './access-list';
import type { Adapter } from './adapter';
import { jobRemarks, remarked } from './compute-remarks';
import { isRow, markerIn, omit, tagsOf, type Row } from './fields';
import { jobReferences } from './job-references';
import { jobTriggers, pausedJob } from './job-triggers';
import { jobPaths } from './path-places';
import { exists, principalName, textOf, type PrincipalName, type Principals } from './principal-name';
import { orVanished } from './vanished';

/** A job's settings, and whom it runs as. */
export interface JobBody {
  readonly name?: string;
  readonly tasks?: readonly Row[];
  readonly schedule?: Row;
  readonly continuous?: Row;
  readonly trigger?: Row;
  readonly triggers?: readonly Row[];
  readonly tags?: Row;
  readonly run_as?: PrincipalName;
}

export interface JobRow extends Row {
  readonly job_id: number;
  readonly settings?: JobBody & { readonly deployment?: { readonly kind?: string } };
  readonly run_as_user_name?: string;
  /** More than 100 tasks or job clusters: the rest is not in this row. */
  readonly has_more?: boolean;
}

/** `format` is ignored by the API, the others belong to bundles. */
const notSettings = ['format', 'deployment', 'edit_mode', 'run_as'];
const volatile = ['trigger_state', 'trigger_details', 'next_page_token'];
/** jobs/get gives 100 elements of these a page; lists that have ended are empty on later pages. */
const pagedLists = ['tasks', 'job_clusters', 'environments', 'parameters'] as const;

export const job: Adapter<JobBody> = {
  kind: 'job',
  everywhere: true,
  step: 'jobs',
  carries:
    'all settings, tasks, clusters, notifications, run-as; asleep until cutover; not: bundle-managed jobs, runs',
  references: jobReferences,
  paths: jobPaths,
  ignore: [],
  marker: 'tags',
  selfOrdered: true,

  async *list(from) {
    const query = { limit: 100, expand_tasks: true };
    for await (const row of from.pages<JobRow>('/api/2.2/jobs/list', 'jobs', query)) {
      const settings = row.settings ?? {};
      const stub = { id: String(row.job_id), name: settings.name ?? '', ...markerIn(settings.tags) };
      // It is not carried, but its triggers are stilled and woken like any other's: that takes its body.
      if (isBundled(row)) yield { ...stub, skip: 'managed by an asset bundle: deploy it', body: bodyOf(row) };
      else yield { ...stub, ...versionOf(row), ...remarked(jobRemarks({ ...settings })) };
    }
  },
  async export(from, stub) {
    const body = bodyOf(await orVanished(`job/${stub.id}`, readJob(from, stub.id)));
    if ((body.tasks ?? []).length > 0 || stub.version?.startsWith(noTasks) === true) return body;
    const message = `cannot export job/${stub.id}: its tasks are listed, but jobs/get gave none`;
    throw new DrError('DR_API_INVALID_ANSWER', message);
  },
  find: (index, _asset, marker) => index.byMarker(marker)?.id,
  asleep: pausedJob,
  admit: withRunAs,
  async create(target, body) {
    const { job_id } = await target.post<JobRow>('/api/2.2/jobs/create', pausedJob(body));
    return String(job_id);
  },
  async update(target, id, body) {
    const request = { job_id: Number(id), new_settings: pausedJob(body) };
    await target.post('/api/2.2/jobs/reset', request, { repeatable: true });
  },
  async remove(target, id) {
    await target.post('/api/2.2/jobs/delete', { job_id: Number(id) }, { repeatable: true });
  },
  triggers: jobTriggers,
  tags: (body) => tagsOf(body.tags),
};

const noTasks = '0 tasks ';

/**
 * The version begins with the number of tasks, so that an export without tasks can be told from a job without any.
 * A row that was cut off has no version: its end could change unseen.
 */
function versionOf(row: JobRow): { version?: string } {
  if (row.has_more === true) return {};
  return { version: `${row.settings?.tasks?.length ?? 0} tasks ${hashBody(omit(row, volatile))}` };
}

function isBundled({ settings }: JobRow): boolean {
  return settings?.deployment?.kind === 'BUNDLE';
}

async function readJob(from: Workspace, id: string): Promise<JobRow> {
  const path = '/api/2.2/jobs/get';
  const first = await from.get<JobRow & { next_page_token?: string }>(path, { job_id: id });
  const lists = new Map(pagedLists.map((name) => [name, listIn(first, name)]));
  let token = first.next_page_token;
  while (token !== undefined && token !== '') {
    const page = await from.get<JobRow & { next_page_token?: string }>(path, {
      job_id: id,
      page_token: token,
    });
    for (const [name, list] of lists) list.push(...listIn(page, name));
    token = page.next_page_token;
  }
  const merged = Object.fromEntries([...lists].filter(([, list]) => list.length > 0));
  return { ...first, settings: { ...first.settings, ...merged } };
}

function listIn({ settings }: JobRow, name: string): unknown[] {
  const list = isRow(settings) ? settings[name] : undefined;
  return Array.isArray(list) ? [...(list as unknown[])] : [];
}

function bodyOf(row: JobRow): JobBody {
  const settings = omit(row.settings ?? {}, notSettings);
  const git = settings['git_source'];
  return {
    ...settings,
    ...(isRow(git) ? { git_source: omit(git, ['git_snapshot', 'job_source']) } : {}),
    // Always said, also where it is only the default (the owner): at the target the creator is this app.
    ...(row.run_as_user_name === undefined ? {} : { run_as: principalName(row.run_as_user_name) }),
  };
}

/** The body of a job or pipeline with someone to run as who exists: the platform refuses the whole body otherwise. */
export function withRunAs<Body extends { readonly run_as?: PrincipalName }>(
  body: Body,
  principals: Principals,
  fallback?: string,
): Owned<Body> {
  const { run_as, ...others } = body;
  const rest = others as Body;
  if (run_as === undefined || exists(run_as, principals)) return { body, dropped: [], warnings: [] };
  const gone = textOf(run_as);
  const other = fallback === undefined ? undefined : principalName(fallback);
  if (other === undefined || !exists(other, principals)) {
    const warning = `it runs as the app: ${gone} does not exist at the target, nor does owners.fallback`;
    return { body: rest, dropped: [gone], warnings: [warning] };
  }
  const warning = `it runs as ${textOf(other)} (owners.fallback): ${gone} does not exist at the target`;
  return { body: { ...rest, run_as: other }, dropped: [gone], warnings: [warning] };
}
