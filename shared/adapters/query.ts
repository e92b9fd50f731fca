import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import { hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { omit, type Row } from './fields';
import { textOf } from './principal-name';
import {
  ownerOf,
  pathOf,
  placedReferences,
  placeOf,
  readEach,
  refuseMoved,
  withExistingOwner,
  type Owned,
  type Placed,
} from './sql-object';
import { orVanished } from './vanished';

export interface QueryBody extends Placed, Owned {
  readonly warehouse_id?: string;
}

interface QueryRow extends Row {
  readonly id: string;
  readonly lifecycle_state?: string;
}

const path = '/api/2.0/sql/queries';
const platformOwned = [
  ...['id', 'create_time', 'update_time', 'last_modifier_user_name', 'lifecycle_state', 'owner_user_name'],
];
/** Named in every update: what is not in the body is taken away. */
const settable = [
  ...[
    'apply_auto_limit',
    'catalog',
    'description',
    'display_name',
    'parameters',
    'query_text',
    'run_as_mode',
  ],
  ...['schema', 'tags', 'warehouse_id'],
];

export const query: Adapter<QueryBody> = {
  kind: 'query',
  step: 'ecosystem',
  carries:
    'text, parameters, warehouse, folder and owner; not: results, visualizations, what is in the trash',
  references: [
    { at: 'warehouse_id', to: 'sql-warehouse' },
    { at: 'parameters[].query_backed_value.query_id', to: 'query' },
    ...placedReferences,
  ],
  ignore: ['owner'],
  late: ['owner'],
  selfOrdered: true,

  /** The listing does not say in which folder a query lies, and names are unique only there: each is read. */
  async *list(from) {
    const rows = await Array.fromAsync(from.pages<QueryRow>(path, 'results', { page_size: 100 }));
    const kept = rows.filter(({ lifecycle_state }) => lifecycle_state !== 'TRASHED');
    for (const row of await readEach(from, kept, ({ id }) => readQuery(from, id))) {
      const body = bodyOf(row);
      const place = pathOf(body, '');
      yield { id: row.id, name: place, path: place, version: hashBody(body), body };
    }
  },
  async export(from, stub) {
    return bodyOf(await orVanished(`query/${stub.id}`, readQuery(from, stub.id)));
  },
  find: (index, { body }) => index.byPath(pathOf(body, ''))?.id,
  admit: withExistingOwner,
  async create(target, body) {
    const { id } = await target.post<QueryRow>(path, { query: omit(body, ['owner']) });
    return id;
  },
  async update(target, id, body) {
    const fields = omit(body, ['owner', 'parent_path']);
    const mask = [...new Set([...settable, ...Object.keys(fields)])].join();
    const updated = await target.patch<QueryRow>(`${path}/${id}`, { query: fields, update_mask: mask });
    refuseMoved(`query/${id}`, body, updated);
  },
  settle: (target, id, body) => settleOwner(target, `${path}/${id}`, 'query', body),
};

function readQuery(from: Workspace, id: string): Promise<QueryRow> {
  return from.get<QueryRow>(`${path}/${id}`);
}

function bodyOf(row: QueryRow): QueryBody {
  return { ...omit(row, platformOwned), ...placeOf(row), ...ownerOf(row) };
}

/** Gives what was created to its owner: its runs use the owner's rights. Returns a warning where the platform refuses. */
export async function settleOwner(
  target: Workspace,
  at: string,
  member: string,
  { owner }: Owned,
): Promise<string[]> {
  if (owner === undefined) return [];
  const { owner_user_name } = await target.get(at);
  if (owner_user_name === textOf(owner)) return [];
  try {
    const change = { owner_user_name: textOf(owner) };
    await target.patch(at, { [member]: change, update_mask: 'owner_user_name' });
    return [];
  } catch (error) {
    if (!hasCode(error, 'DR_API_BAD_REQUEST', 'DR_API_FORBIDDEN')) throw error;
    return [`the app owns it: the platform refuses to give it to ${textOf(owner)}`];
  }
}
