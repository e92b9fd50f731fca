import type { Workspace } from '../databricks/workspace';
import { canonicalJson, hashBody, type Stub } from '../domain/asset';
import { hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { omit, type Row } from './fields';
import { pathOf, placeOf, readEach, refuseMoved, type Placed } from './sql-object';
import { orVanished, unlessMissing } from './vanished';

/** How a dashboard is published. What was published is in no API: publishing it again publishes the draft. */
export interface Published {
  readonly published: true;
  readonly embed_credentials: boolean;
  readonly warehouse_id?: string;
  /** The draft was changed since. */
  readonly outdated?: true;
}

export interface DashboardBody extends Placed {
  readonly warehouse_id?: string;
  /** A JSON document. */
  readonly serialized_dashboard: string;
  readonly published: Published | null;
}

interface DashboardRow extends Row {
  readonly dashboard_id: string;
  readonly update_time?: string;
  readonly serialized_dashboard?: string;
}

interface PublishedRow extends Row {
  readonly embed_credentials?: boolean;
  readonly warehouse_id?: string;
  readonly revision_create_time?: string;
}

export const dashboardsPath = '/api/2.0/lakeview/dashboards';
const extension = '.lvdash.json';
const platformOwned = [...['dashboard_id', 'create_time', 'update_time', 'etag', 'lifecycle_state', 'path']];
/** Publishing and the draft's last change may be told in any order when they come together. */
const togetherMs = 60_000;

export const dashboard: Adapter<DashboardBody> = {
  kind: 'dashboard',
  step: 'ecosystem',
  carries: 'the draft of AI/BI dashboards; published again, as the app, when it was; not: legacy dashboards',
  references: [
    { at: 'warehouse_id', to: 'sql-warehouse' },
    { at: 'published.warehouse_id', to: 'sql-warehouse' },
    { at: 'parent_path', to: 'directory', by: 'path' },
  ],
  ignore: ['published'],
  late: ['published'],

  /** Rows of the listing say neither where a dashboard lies nor whether it changed. */
  async *list(from) {
    const rows = await listDashboards(from);
    yield* await readEach(from, rows, ({ dashboard_id }) => readStub(from, dashboard_id));
    yield* (await unlessMissing(listLegacyDashboards(from))) ?? [];
  },
  async export(from, stub) {
    return orVanished(`dashboard/${stub.id}`, readBody(from, stub.id));
  },
  find: (index, { body }) => index.byPath(pathOf(body, extension))?.id,
  asleep: (body) => ({
    ...body,
    published: body.published === null ? null : (omit(body.published, ['outdated']) as unknown as Published),
  }),
  admit: (body) => ({
    body,
    warnings: body.published?.outdated === true ? ['published as its draft is now: the source has not'] : [],
  }),
  async create(target, body) {
    const { dashboard_id } = await target.post<DashboardRow>(dashboardsPath, omit(body, ['published']));
    return dashboard_id;
  },
  async update(target, id, body) {
    const change = omit(body, ['published', 'parent_path']);
    refuseMoved(`dashboard/${id}`, body, await target.patch<Row>(`${dashboardsPath}/${id}`, change));
  },
  settle: settlePublished,
};

/** The short rows of all AI/BI dashboards. */
export function listDashboards(from: Workspace): Promise<DashboardRow[]> {
  return Array.fromAsync(from.pages<DashboardRow>(dashboardsPath, 'dashboards', { page_size: 100 }));
}

async function readStub(from: Workspace, id: string): Promise<Stub> {
  const row = await from.get<DashboardRow>(`${dashboardsPath}/${id}`);
  const place = pathOf(placeOf(row), extension);
  const { etag, update_time, warehouse_id } = row;
  // The content may be large, and is read again where it has changed.
  const version = hashBody({
    place,
    etag,
    update_time,
    warehouse_id,
    published: await readPublished(from, id),
  });
  return { id, name: place, path: place, version };
}

async function readBody(from: Workspace, id: string): Promise<DashboardBody> {
  const row = await from.get<DashboardRow>(`${dashboardsPath}/${id}`);
  const published = await readPublished(from, id);
  const serialized_dashboard = oneSpelling(row.serialized_dashboard ?? '{}');
  const state = published === undefined ? null : publishedOf(published, row);
  return { ...omit(row, platformOwned), ...placeOf(row), serialized_dashboard, published: state };
}

async function readPublished(from: Workspace, id: string): Promise<PublishedRow | undefined> {
  try {
    return await from.get<PublishedRow>(`${dashboardsPath}/${id}/published`);
  } catch (error) {
    if (!hasCode(error, 'DR_API_NOT_FOUND')) throw error;
    return undefined;
  }
}

function publishedOf(row: PublishedRow, { update_time }: DashboardRow): Published {
  const { embed_credentials = false, warehouse_id, revision_create_time } = row;
  const lagMs = Date.parse(update_time ?? '') - Date.parse(revision_create_time ?? '');
  return {
    published: true,
    embed_credentials,
    ...(warehouse_id === undefined ? {} : { warehouse_id }),
    ...(lagMs > togetherMs ? { outdated: true as const } : {}),
  };
}

/** The service writes the document anew: spaces and the order of members say nothing. */
function oneSpelling(text: string): string {
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return text;
  }
}

async function settlePublished(target: Workspace, id: string, body: DashboardBody): Promise<string[]> {
  const wanted = body.published;
  const { published: now } = await readBody(target, id);
  const path = `${dashboardsPath}/${id}/published`;
  if (canonicalJson(now) !== canonicalJson(wanted)) {
    if (wanted === null) await target.delete(path);
    else await target.post(path, omit(wanted, ['published']), { repeatable: true });
  }
  return wanted?.embed_credentials === true
    ? ['readers see its data with the rights of the app, which published it: publish it again as its owner']
    : [];
}

/** Dashboards of before AI/BI; their pages are numbered. */
async function listLegacyDashboards(from: Workspace): Promise<Stub[]> {
  const stubs: Stub[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await from.get<{ count?: number; results?: { id: string; name?: string }[] }>(
      '/api/2.0/preview/sql/dashboards',
      { page, page_size: 100 },
    );
    const rows = answer.results ?? [];
    const skip = 'legacy dashboard: no API makes one; migrate it to AI/BI at the source';
    stubs.push(...rows.map(({ id, name = id }) => ({ id, name, skip })));
    if (rows.length === 0 || stubs.length >= (answer.count ?? 0)) return stubs;
  }
}
