import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import type { Adapter } from './adapter';
import { isRow, markerIn, omit, sortedBy, tagsOf, type Row } from './fields';
import { orVanished } from './vanished';

export interface SqlWarehouseBody {
  readonly name: string;
  /** The API has a list of keys and values. */
  readonly custom_tags?: Row;
}

interface WarehouseRow extends Row {
  readonly id: string;
  readonly name?: string;
  readonly state?: string;
  readonly tags?: { readonly custom_tags?: readonly { readonly key: string; readonly value?: string }[] };
}

const path = '/api/2.0/sql/warehouses';
const platformOwned = [
  ...['id', 'creator_name', 'health', 'jdbc_url', 'num_active_sessions', 'num_clusters', 'odbc_params'],
  ...['state', 'instance_profile_arn', 'tags'],
];

export const sqlWarehouse: Adapter<SqlWarehouseBody> = {
  kind: 'sql-warehouse',
  step: 'ecosystem',
  carries: 'size, scaling, channel, type and tags; stopped',
  references: [],
  ignore: [],
  marker: 'custom_tags',
  // Names of warehouses are unique: an equal one of the same name can only be the same.
  unlinked: 'compare',

  async *list(from) {
    for await (const row of from.pages<WarehouseRow>(path, 'warehouses', { page_size: 100 })) {
      const body = bodyOf(row);
      yield { id: row.id, name: body.name, version: hashBody(body), body, ...markerIn(body.custom_tags) };
    }
  },
  async export(from, stub) {
    return bodyOf(await orVanished(`sql-warehouse/${stub.id}`, readWarehouse(from, stub.id)));
  },
  find: (index, { body }, marker) => (index.byMarker(marker) ?? index.byName(body.name))?.id,
  async create(target, body) {
    const { id } = await target.post<WarehouseRow>(path, requestOf(body));
    return id;
  },
  async update(target, id, body) {
    await target.post(`${path}/${id}/edit`, requestOf(body), { repeatable: true });
  },
  /** The API knows no creation without a start. */
  async settle(target, id) {
    const { state } = await readWarehouse(target, id);
    if (state === 'STARTING' || state === 'RUNNING')
      await target.post(`${path}/${id}/stop`, {}, { repeatable: true });
    return [];
  },
  tags: (body) => tagsOf(body.custom_tags),
};

function readWarehouse(from: Workspace, id: string): Promise<WarehouseRow> {
  return from.get<WarehouseRow>(`${path}/${id}`);
}

function bodyOf(row: WarehouseRow): SqlWarehouseBody {
  const tags = (row.tags?.custom_tags ?? []).map(({ key, value = '' }) => [key, value] as const);
  return { ...omit(row, platformOwned), name: row.name ?? row.id, custom_tags: Object.fromEntries(tags) };
}

function requestOf(body: SqlWarehouseBody): object {
  const tags = isRow(body.custom_tags) ? Object.entries(body.custom_tags) : [];
  const custom_tags = sortedBy(tags, ([key]) => key).map(([key, value]) => ({ key, value }));
  return { ...omit(body, ['custom_tags']), tags: { custom_tags } };
}
