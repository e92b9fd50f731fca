import { type Answer, ApiError, type Area, type Call, type Core } from './area';
import { invalid, isJson, type Json, requiredText, textIn } from './fields';
import { makeUuid } from './ids';
import { type DashboardRecord } from './lakeview-record';
import { LakeviewSchedules } from './lakeview-schedules';
import { limitIn, pageOf } from './page';
import { type SqlWarehouses } from './sql-warehouses';
import { alreadyExists, checkedPath, type TreeNode } from './tree-store';
import { type TreeArea } from './workspace-tree';

const base = '/api/2.0/lakeview/dashboards';
const extension = '.lvdash.json';

/** AI/BI dashboards, drafts and published: https://docs.databricks.com/api/azure/workspace/lakeview */
export class Lakeview implements Area {
  readonly name = 'lakeview';
  readonly routes;
  private readonly dashboards: Record<string, DashboardRecord>;

  constructor(private readonly core: Core) {
    this.dashboards = core.section('lakeview', () => ({}));
    const schedules = new LakeviewSchedules(core, (id) => this.known(id));
    this.routes = {
      [`GET ${base}`]: (call: Call) => this.list(call),
      [`POST ${base}`]: (call: Call) => this.create(call),
      [`GET ${base}/{id}`]: ({ params }: Call) => ({ json: this.show(this.known(params['id'])) }),
      [`PATCH ${base}/{id}`]: (call: Call) => this.update(call),
      [`DELETE ${base}/{id}`]: ({ params }: Call) => this.trash(this.known(params['id'])),
      [`GET ${base}/{id}/published`]: ({ params }: Call) => showPublished(this.known(params['id'])),
      [`POST ${base}/{id}/published`]: (call: Call) => this.publish(call),
      [`DELETE ${base}/{id}/published`]: ({ params }: Call) => unpublish(this.known(params['id'])),
      ...schedules.routes,
    };
  }

  private tree() {
    return this.core.area<TreeArea>('workspace-tree').tree;
  }

  private nodeOf({ nodeId }: DashboardRecord): TreeNode | undefined {
    return this.tree().byId(nodeId);
  }

  private known(id = ''): DashboardRecord {
    const dashboard = this.dashboards[id];
    if (dashboard && this.nodeOf(dashboard)) return dashboard;
    throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Unable to find dashboard [dashboardId=${id}]`);
  }

  /** Rows are short: no folder, no content, no etag. What was trashed is gone for good here. */
  private list({ query }: Call): Answer {
    const all = Object.values(this.dashboards).filter((one) => this.nodeOf(one));
    const page = pageOf(all, limitIn(query, 'page_size', 20, 1_000), query.get('page_token'));
    const rows = page.rows.map(({ id, name, warehouse, createdMs }) => ({
      dashboard_id: id,
      display_name: name,
      ...(warehouse === undefined ? {} : { warehouse_id: warehouse }),
      create_time: new Date(createdMs).toISOString(),
      lifecycle_state: 'ACTIVE',
    }));
    return {
      json: {
        ...(rows.length > 0 ? { dashboards: rows } : {}),
        ...(page.next === undefined ? {} : { next_page_token: page.next }),
      },
    };
  }

  private create({ body, caller }: Call): Answer {
    const name = requiredText(body, 'display_name');
    const given = textIn(body, 'parent_path');
    const home = `/Users/${caller.name}`;
    const folder =
      given === undefined
        ? this.tree().pathOf(this.tree().makeDirectories(home, caller))
        : checkedPath(given);
    const path = `${folder}/${name}${extension}`;
    if (this.tree().find(path)) throw alreadyExists(path);
    const warehouse = this.warehouseIn(body);
    const serialized = normalised(textIn(body, 'serialized_dashboard') ?? '{}');
    const id = makeUuid(this.core).replaceAll('-', '');
    const resource = { type: 'dashboards', id };
    const node = this.tree().add(path, { type: 'DASHBOARD', resource }, caller);
    const nowMs = this.core.nowMs();
    const dashboard: DashboardRecord = {
      ...{ id, nodeId: node.id, name, serialized, etag: 1, createdMs: nowMs, updatedMs: nowMs },
      ...(warehouse === undefined ? {} : { warehouse }),
      schedules: {},
    };
    this.dashboards[id] = dashboard;
    return { json: this.show(dashboard) };
  }

  private update({ params, body }: Call): Answer {
    const dashboard = this.known(params['id']);
    const etag = textIn(body, 'etag');
    if (etag !== undefined && etag !== String(dashboard.etag))
      throw new ApiError(
        409,
        'ABORTED',
        'The dashboard was changed since it was read: its etag is another one.',
      );
    const serialized = textIn(body, 'serialized_dashboard');
    const warehouse = this.warehouseIn(body);
    const name = textIn(body, 'display_name');
    if (name !== undefined && name !== dashboard.name) this.rename(dashboard, name);
    if (serialized !== undefined) dashboard.serialized = normalised(serialized);
    if (warehouse !== undefined) dashboard.warehouse = warehouse;
    dashboard.etag += 1;
    dashboard.updatedMs = Math.max(this.core.nowMs(), dashboard.updatedMs + 1);
    return { json: this.show(dashboard) };
  }

  private rename(dashboard: DashboardRecord, name: string): void {
    const path = `${this.folderOf(dashboard)}/${name}${extension}`;
    if (this.tree().find(path)) throw alreadyExists(path);
    const node = this.nodeOf(dashboard);
    if (node) this.tree().rename(node, `${name}${extension}`);
    dashboard.name = name;
  }

  /** With `embed_credentials` whoever publishes it lends it all readers: their own rights are not asked for. */
  private publish({ params, body }: Call): Answer {
    const dashboard = this.known(params['id']);
    const warehouse = this.warehouseIn(body) ?? dashboard.warehouse;
    dashboard.published = {
      embed: body['embed_credentials'] !== false,
      name: dashboard.name,
      atMs: Math.max(this.core.nowMs(), dashboard.updatedMs),
      ...(warehouse === undefined ? {} : { warehouse }),
    };
    return showPublished(dashboard);
  }

  private trash(dashboard: DashboardRecord): Answer {
    const node = this.nodeOf(dashboard);
    if (node) this.tree().remove(node);
    Reflect.deleteProperty(this.dashboards, dashboard.id);
    return {};
  }

  private warehouseIn(body: Readonly<Json>): string | undefined {
    const id = textIn(body, 'warehouse_id');
    this.core.area<SqlWarehouses>('sql-warehouses').check(id);
    return id;
  }

  private folderOf(dashboard: DashboardRecord): string {
    const node = this.nodeOf(dashboard);
    return node
      ? this.tree()
          .pathOf(node)
          .slice(0, -node.name.length - 1)
      : '';
  }

  /** Without the `/Workspace` that a folder may be given with. */
  private show(dashboard: DashboardRecord): Json {
    const { id, name, warehouse, serialized, etag, createdMs, updatedMs } = dashboard;
    const parent = this.folderOf(dashboard);
    return {
      dashboard_id: id,
      display_name: name,
      path: `${parent}/${name}${extension}`,
      parent_path: parent,
      ...(warehouse === undefined ? {} : { warehouse_id: warehouse }),
      serialized_dashboard: serialized,
      etag: String(etag),
      lifecycle_state: 'ACTIVE',
      create_time: new Date(createdMs).toISOString(),
      update_time: new Date(updatedMs).toISOString(),
    };
  }
}

function showPublished({ id, published }: DashboardRecord): Answer {
  if (!published)
    throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Unable to find published dashboard [${id}]`);
  const { embed, warehouse, name, atMs } = published;
  return {
    json: {
      display_name: name,
      embed_credentials: embed,
      ...(warehouse === undefined ? {} : { warehouse_id: warehouse }),
      revision_create_time: new Date(atMs).toISOString(),
    },
  };
}

function unpublish(dashboard: DashboardRecord): Answer {
  showPublished(dashboard);
  Reflect.deleteProperty(dashboard, 'published');
  return {};
}

/** Pages get a type, and the text a line end, as the service stores them. */
function normalised(text: string): string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = undefined;
  }
  if (!isJson(document)) throw invalid('serialized_dashboard is not a JSON document');
  const pages = document['pages'];
  if (!Array.isArray(pages)) return `${text.trimEnd()}\n`;
  const typed = pages.map((page: unknown) =>
    isJson(page) ? { pageType: 'PAGE_TYPE_CANVAS', ...page } : page,
  );
  return `${JSON.stringify({ ...document, pages: typed })}\n`;
}
