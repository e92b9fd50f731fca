import { type Answer, ApiError, type Area, type Call, type Core } from './area';
import { checkTags } from './custom-tags';
import { type Json, invalid, jsonIn, numberIn, requiredText, textIn, without } from './fields';
import { makePoolId } from './ids';
import { findNodeType } from './node-types';

interface PoolRecord {
  readonly id: string;
  settings: Json;
  readonly creator: string;
}

/** What `edit` may change; the rest is fixed when a pool is made. */
const editable = [
  'instance_pool_name',
  'min_idle_instances',
  'max_capacity',
  'idle_instance_autotermination_minutes',
  'custom_tags',
];

export function poolIdMissing(id: string): string {
  return `Can't find an instance pool with id: ${id}.`;
}

export class InstancePools implements Area {
  readonly name = 'instance-pools';
  readonly routes = {
    'GET /api/2.0/instance-pools/list': () => this.list(),
    'GET /api/2.0/instance-pools/get': (call: Call) => this.get(call),
    'POST /api/2.0/instance-pools/create': (call: Call) => this.create(call),
    'POST /api/2.0/instance-pools/edit': (call: Call) => this.edit(call),
    'POST /api/2.0/instance-pools/delete': (call: Call) => this.remove(call),
  };
  private readonly pools: Record<string, PoolRecord>;

  constructor(private readonly core: Core) {
    this.pools = core.section('instance-pools', () => ({}));
  }

  find(id: string): PoolRecord | undefined {
    return this.pools[id];
  }

  private known(id: string): PoolRecord {
    const pool = this.find(id);
    if (!pool) throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', poolIdMissing(id));
    return pool;
  }

  private list(): Answer {
    const rows = Object.values(this.pools).map(details);
    return { json: rows.length > 0 ? { instance_pools: rows } : {} };
  }

  private get(call: Call): Answer {
    return { json: details(this.known(call.query.get('instance_pool_id') ?? '')) };
  }

  private create(call: Call): Answer {
    const settings = without(call.body);
    this.check(settings);
    const pool = { id: makePoolId(this.core), settings, creator: call.caller.name };
    this.pools[pool.id] = pool;
    this.core.securableCreated({ type: 'instance-pools', id: pool.id, creator: call.caller });
    return { json: { instance_pool_id: pool.id } };
  }

  private edit(call: Call): Answer {
    const pool = this.known(requiredText(call.body, 'instance_pool_id'));
    const nodeType = textIn(call.body, 'node_type_id');
    if (nodeType !== undefined && nodeType !== pool.settings['node_type_id'])
      throw invalid('The node type of an instance pool cannot be changed.');
    const sent = without(call.body);
    const changes = Object.fromEntries(Object.entries(sent).filter(([field]) => editable.includes(field)));
    const settings = { ...without(pool.settings, ...editable), ...changes };
    this.check(settings, pool.id);
    pool.settings = settings;
    return {};
  }

  private remove(call: Call): Answer {
    const pool = this.known(requiredText(call.body, 'instance_pool_id'));
    Reflect.deleteProperty(this.pools, pool.id);
    this.core.securableRemoved('instance-pools', pool.id);
    return {};
  }

  private check(settings: Json, ownId?: string): void {
    const name = requiredText(settings, 'instance_pool_name');
    if (name.length > 100) throw invalid('instance_pool_name must have at most 100 characters');
    const twin = Object.values(this.pools).find((pool) => pool.settings['instance_pool_name'] === name);
    if (twin && twin.id !== ownId) throw invalid(`An instance pool with name ${name} already exists.`);
    const nodeType = requiredText(settings, 'node_type_id');
    if (!findNodeType(nodeType)) throw invalid(`Node type ${nodeType} is not supported.`);
    checkTags(jsonIn(settings, 'custom_tags'));
    const idle = numberIn(settings, 'min_idle_instances') ?? 0;
    const capacity = numberIn(settings, 'max_capacity') ?? Infinity;
    if (idle < 0 || idle > capacity) throw invalid('min_idle_instances must be between 0 and max_capacity');
  }
}

function details(pool: PoolRecord): Json {
  const idle = numberIn(pool.settings, 'min_idle_instances') ?? 0;
  return {
    instance_pool_id: pool.id,
    min_idle_instances: 0,
    enable_elastic_disk: true,
    azure_attributes: { availability: 'ON_DEMAND_AZURE', spot_bid_max_price: -1 },
    ...pool.settings,
    default_tags: {
      Vendor: 'Databricks',
      DatabricksInstancePoolCreatorId: pool.creator,
      DatabricksInstancePoolId: pool.id,
    },
    state: 'ACTIVE',
    stats: { used_count: 0, idle_count: idle, pending_used_count: 0, pending_idle_count: 0 },
    status: {},
  };
}
