import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import type { Adapter } from './adapter';
import { markerIn, omit, tagsOf, type Row } from './fields';
import { refuseIfClusterUses } from './removal';
import { orVanished } from './vanished';

export interface InstancePoolBody {
  readonly instance_pool_name: string;
  readonly min_idle_instances?: number;
  readonly custom_tags?: Row;
}

interface PoolRow extends InstancePoolBody {
  readonly instance_pool_id: string;
}

const platformOwned = ['instance_pool_id', 'default_tags', 'state', 'stats', 'status'];

export const instancePool: Adapter<InstancePoolBody> = {
  kind: 'instance-pool',
  step: 'clusters',
  carries: 'every setting; without idle machines until cutover',
  references: [],
  ignore: [],
  marker: 'custom_tags',
  // Names of pools are unique: an equal one of the same name can only be the same.
  unlinked: 'compare',

  async *list(from) {
    const answer = await from.get<{ instance_pools?: PoolRow[] }>('/api/2.0/instance-pools/list');
    for (const row of answer.instance_pools ?? []) {
      const body = bodyOf(row);
      const stub = { id: row.instance_pool_id, name: row.instance_pool_name, version: hashBody(body), body };
      yield { ...stub, ...markerIn(row.custom_tags) };
    }
  },
  async export(from, stub) {
    return bodyOf(await orVanished(`instance-pool/${stub.id}`, readPool(from, stub.id)));
  },
  find: (index, asset, marker) => (index.byMarker(marker) ?? index.byName(asset.body.instance_pool_name))?.id,
  asleep: (body) => ({ ...body, min_idle_instances: 0 }),
  async create(target, body) {
    const request = { ...body, min_idle_instances: 0 };
    const { instance_pool_id } = await target.post<PoolRow & object>(
      '/api/2.0/instance-pools/create',
      request,
    );
    return instance_pool_id;
  },
  async remove(target, id) {
    await refuseIfClusterUses(target, `instance-pool/${id}`, id);
    await target.post('/api/2.0/instance-pools/delete', { instance_pool_id: id }, { repeatable: true });
  },
  update: (target, id, body) => edit(target, id, { ...body, min_idle_instances: 0 }),
  triggers: {
    awake: (body) => ((body.min_idle_instances ?? 0) > 0 ? ['min_idle'] : []),
    quiet: (from, id, body) => edit(from, id, { ...body, min_idle_instances: 0 }),
    // The rest as it is there: an edit replaces everything, also what somebody changed and a conflict has left.
    async wake(target, id, { min_idle_instances = 0 }, triggers) {
      if (!triggers.includes('min_idle')) return;
      await edit(target, id, { ...bodyOf(await readPool(target, id)), min_idle_instances });
    },
  },
  tags: (body) => tagsOf(body.custom_tags),
};

function readPool(from: Workspace, id: string): Promise<PoolRow & object> {
  return from.get<PoolRow & object>('/api/2.0/instance-pools/get', { instance_pool_id: id });
}

async function edit(target: Workspace, id: string, body: InstancePoolBody): Promise<void> {
  await target.post('/api/2.0/instance-pools/edit', { ...body, instance_pool_id: id }, { repeatable: true });
}

function bodyOf(row: PoolRow): InstancePoolBody {
  return omit(row, platformOwned) as unknown as InstancePoolBody;
}
