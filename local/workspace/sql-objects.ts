import { type Answer, ApiError, type Area, type Call, type Caller, type Core } from './area';
import { invalid, type Json, jsonIn, requiredText, textIn, without } from './fields';
import { makeUuid } from './ids';
import { limitIn, pageOf } from './page';
import { isPrincipal } from './principals';
import { alreadyExists, checkedPath, type ObjectType, type TreeNode } from './tree-store';
import { type TreeArea } from './workspace-tree';

export interface SqlRecord {
  readonly id: string;
  /** Where it lies in the tree. */
  readonly nodeId: string;
  settings: Json;
  owner: string;
  modifier: string;
  readonly createdMs: number;
  updatedMs: number;
}

/** What queries and alerts have in common, and in what they differ. */
export interface SqlObjectType {
  readonly area: string;
  readonly path: string;
  /** The member that holds the object in requests; absent: the request is the object, and the mask lies in the query. */
  readonly wrapper?: string;
  readonly rows: string;
  /** Listed rows do not say in which folder they lie. */
  readonly hidesFolder: boolean;
  readonly tree: { readonly type: ObjectType; readonly securable: string; readonly extension: string };
  /** Throws for what the platform would refuse; gives what is kept. What is as it was `before` may point at what is gone. */
  readonly check: (core: Core, settings: Json, caller: Caller, before?: Json) => Json;
  /** What answers have beyond the settings. */
  readonly show: (record: SqlRecord) => Json;
  /** Settable only after the creation. */
  readonly ownable: boolean;
}

const outputs = [
  ...['id', 'create_time', 'update_time', 'lifecycle_state', 'owner_user_name', 'last_modifier_user_name'],
  ...['parent_path', 'state', 'trigger_time', 'effective_run_as', 'run_as_user_name'],
];

/** Queries or alerts: paged lists, masks in updates, a place in the tree, the trash. */
export class SqlObjects implements Area {
  readonly name;
  readonly routes;
  private readonly records: Record<string, SqlRecord>;

  constructor(
    private readonly core: Core,
    private readonly type: SqlObjectType,
  ) {
    this.name = type.area;
    this.records = core.section(type.area, () => ({}));
    this.routes = {
      [`GET ${type.path}`]: (call: Call) => this.list(call),
      [`POST ${type.path}`]: (call: Call) => this.create(call),
      [`GET ${type.path}/{id}`]: ({ params }: Call) => ({ json: this.show(this.known(params['id'])) }),
      [`PATCH ${type.path}/{id}`]: (call: Call) => this.update(call),
      [`DELETE ${type.path}/{id}`]: ({ params }: Call) => this.trash(this.known(params['id'])),
    };
  }

  has(id: string): boolean {
    const record = this.records[id];
    return record !== undefined && this.nodeOf(record) !== undefined;
  }

  private tree() {
    return this.core.area<TreeArea>('workspace-tree').tree;
  }

  private nodeOf({ nodeId }: SqlRecord): TreeNode | undefined {
    return this.tree().byId(nodeId);
  }

  /** What lay in a folder that was deleted is gone with it. */
  private known(id = ''): SqlRecord {
    const record = this.records[id];
    if (record && this.nodeOf(record)) return record;
    throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `${this.type.path}/${id} does not exist.`);
  }

  private list({ query }: Call): Answer {
    const all = Object.values(this.records).filter((record) => this.nodeOf(record));
    const page = pageOf(all, limitIn(query, 'page_size', 20, 100), query.get('page_token'));
    const rows = page.rows.map((record) =>
      this.type.hidesFolder ? without(this.show(record), 'parent_path') : this.show(record),
    );
    return {
      json: {
        ...(rows.length > 0 ? { [this.type.rows]: rows } : {}),
        ...(page.next === undefined ? {} : { next_page_token: page.next }),
      },
    };
  }

  private sentIn({ body }: Call): Json {
    return this.type.wrapper === undefined ? { ...body } : jsonIn(body, this.type.wrapper);
  }

  private create(call: Call): Answer {
    const sent = this.sentIn(call);
    const settings = this.type.check(this.core, without(sent, ...outputs), call.caller);
    const id = makeUuid(this.core);
    const given = textIn(sent, 'parent_path');
    const folder =
      given === undefined
        ? this.tree().pathOf(this.tree().makeDirectories(`/Users/${call.caller.name}`, call.caller))
        : checkedPath(given);
    settings['display_name'] = this.freeName(
      folder,
      settings,
      call.body['auto_resolve_display_name'] === true,
    );
    const { type, securable } = this.type.tree;
    const resource = { type: securable, id };
    const place = `${folder}/${this.fileName(settings)}`;
    const node = this.tree().add(place, { type, resource }, call.caller);
    const nowMs = this.core.nowMs();
    const by = { owner: call.caller.name, modifier: call.caller.name };
    const record = { id, nodeId: node.id, settings, ...by, createdMs: nowMs, updatedMs: nowMs };
    this.records[id] = record;
    return { json: this.show(record) };
  }

  private update(call: Call): Answer {
    const record = this.known(call.params['id']);
    const sent = this.sentIn(call);
    const text =
      this.type.wrapper === undefined ? call.query.get('update_mask') : textIn(call.body, 'update_mask');
    if (text === null || text === undefined) throw invalid('Missing required field: update_mask');
    const changes = masked(sent, text.split(','), record.settings);
    const owner = this.ownerIn(call.caller, sent, text);
    const settings = this.type.check(this.core, changes, call.caller, record.settings);
    this.rename(record, settings);
    record.settings = settings;
    record.owner = owner ?? record.owner;
    record.modifier = call.caller.name;
    // Two writes within a millisecond are still two versions.
    record.updatedMs = Math.max(this.core.nowMs(), record.updatedMs + 1);
    return { json: this.show(record) };
  }

  private ownerIn(caller: Caller, sent: Json, mask: string): string | undefined {
    const owner = mask.split(',').includes('owner_user_name') ? textIn(sent, 'owner_user_name') : undefined;
    if (owner === undefined || !this.type.ownable) return undefined;
    if (!caller.admin)
      throw new ApiError(403, 'PERMISSION_DENIED', 'Only administrators transfer ownership.');
    if (!isPrincipal(this.core, owner)) throw invalid(`The user ${owner} does not exist.`);
    return owner;
  }

  private rename(record: SqlRecord, settings: Json): void {
    const node = this.nodeOf(record);
    if (!node || settings['display_name'] === record.settings['display_name']) return;
    const folder = this.folderOf(record);
    this.freeName(folder, settings, false);
    this.tree().rename(node, this.fileName(settings));
  }

  /** Names are unique in a folder: one that is taken is refused, or numbered. */
  private freeName(folder: string, settings: Json, mayNumber: boolean): string {
    const name = requiredText(settings, 'display_name');
    for (let number = 0; ; number += 1) {
      const display_name = number === 0 ? name : `${name} (${number})`;
      const path = `${folder}/${this.fileName({ display_name })}`;
      if (!this.tree().find(path)) return display_name;
      if (!mayNumber) throw alreadyExists(path);
    }
  }

  /** A slash in a name is none in a path. */
  private fileName(settings: Json): string {
    return `${requiredText(settings, 'display_name').replaceAll('/', '_')}${this.type.tree.extension}`;
  }

  private folderOf(record: SqlRecord): string {
    const node = this.nodeOf(record);
    return node
      ? this.tree()
          .pathOf(node)
          .slice(0, -node.name.length - 1)
      : '';
  }

  private trash(record: SqlRecord): Answer {
    const node = this.nodeOf(record);
    if (node) this.tree().remove(node);
    Reflect.deleteProperty(this.records, record.id);
    return {};
  }

  private show(record: SqlRecord): Json {
    const { id, settings, owner, createdMs, updatedMs } = record;
    return {
      id,
      ...settings,
      parent_path: `/Workspace${this.folderOf(record)}`,
      owner_user_name: owner,
      lifecycle_state: 'ACTIVE',
      create_time: new Date(createdMs).toISOString(),
      update_time: new Date(updatedMs).toISOString(),
      ...this.type.show(record),
    };
  }
}

/** The settings with the masked ones replaced: absent ones go. `*` replaces all. */
function masked(sent: Json, mask: readonly string[], before: Json): Json {
  const fresh = without(sent, ...outputs);
  if (mask.includes('*')) return fresh;
  const settings = { ...before };
  for (const field of mask.map((path) => path.split('.')[0] ?? '')) {
    if (outputs.includes(field)) continue;
    if (fresh[field] === undefined) Reflect.deleteProperty(settings, field);
    else settings[field] = fresh[field];
  }
  return settings;
}
