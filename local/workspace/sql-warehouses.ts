import { type Answer, ApiError, type Area, type Call, type Core } from './area';
import { checkTags } from './custom-tags';
import { invalid, type Json, jsonIn, numberIn, requiredText, rowsIn, textIn, without } from './fields';
import { makePolicyId } from './ids';
import { limitIn, pageOf } from './page';

type State = 'STARTING' | 'RUNNING' | 'STOPPING' | 'STOPPED';

interface WarehouseRecord {
  readonly id: string;
  settings: Json;
  readonly creator: string;
  state: State;
  /** When it came into its state. */
  sinceMs: number;
}

const sizes = [
  ...['2X-Small', 'X-Small', 'Small', 'Medium', 'Large'],
  ...['X-Large', '2X-Large', '3X-Large', '4X-Large'],
];
const defaults: Json = {
  min_num_clusters: 1,
  max_num_clusters: 1,
  auto_stop_mins: 120,
  spot_instance_policy: 'COST_OPTIMIZED',
  enable_photon: true,
  enable_serverless_compute: false,
  warehouse_type: 'CLASSIC',
  channel: { name: 'CHANNEL_NAME_CURRENT' },
};
/** What only answers have. */
const outputs = ['id', 'creator_name', 'health', 'jdbc_url', 'num_active_sessions', 'num_clusters', 'state'];
const transitionMs = 1_000;
const item = '/api/2.0/sql/warehouses/{id}';

/** SQL warehouses: https://docs.databricks.com/api/azure/workspace/warehouses. Who makes one starts it. */
export class SqlWarehouses implements Area {
  readonly name = 'sql-warehouses';
  readonly routes = {
    'GET /api/2.0/sql/warehouses': (call: Call) => this.list(call),
    'POST /api/2.0/sql/warehouses': (call: Call) => this.create(call),
    [`GET ${item}`]: ({ params }: Call) => ({ json: this.show(this.known(params['id'])) }),
    [`DELETE ${item}`]: ({ params }: Call) => this.remove(this.known(params['id'])),
    [`POST ${item}/edit`]: (call: Call) => this.edit(call),
    [`POST ${item}/start`]: ({ params }: Call) => this.turn(this.known(params['id']), true),
    [`POST ${item}/stop`]: ({ params }: Call) => this.turn(this.known(params['id']), false),
  };
  private readonly warehouses: Record<string, WarehouseRecord>;

  constructor(private readonly core: Core) {
    this.warehouses = core.section('sql-warehouses', () => ({}));
  }

  tick(nowMs: number): void {
    for (const one of Object.values(this.warehouses)) {
      const idleMs = (numberIn(one.settings, 'auto_stop_mins') ?? 0) * 60_000;
      const forMs = nowMs - one.sinceMs;
      if (one.state === 'STARTING' && forMs >= transitionMs) this.enter(one, 'RUNNING');
      else if (one.state === 'STOPPING' && forMs >= transitionMs) this.enter(one, 'STOPPED');
      else if (one.state === 'RUNNING' && idleMs > 0 && forMs >= idleMs) this.enter(one, 'STOPPING');
    }
  }

  /** What refers to a warehouse that is not there is refused. */
  check(id: string | undefined): void {
    if (id !== undefined && !this.warehouses[id]) throw invalid(`SQL warehouse ${id} does not exist.`);
  }

  stopAll(): void {
    for (const one of Object.values(this.warehouses)) this.enter(one, 'STOPPED');
  }

  private known(id = ''): WarehouseRecord {
    const warehouse = this.warehouses[id];
    if (!warehouse)
      throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `The specified warehouse ${id} was not found.`);
    return warehouse;
  }

  private list({ query }: Call): Answer {
    const all = Object.values(this.warehouses).map((one) => this.show(one));
    const page = pageOf(all, limitIn(query, 'page_size', 100, 1_000), query.get('page_token'));
    return {
      json: { warehouses: page.rows, ...(page.next === undefined ? {} : { next_page_token: page.next }) },
    };
  }

  private create(call: Call): Answer {
    const settings = this.checked({ ...defaults, ...without(call.body, ...outputs) });
    const id = makePolicyId(this.core).toLowerCase();
    const base = { id, settings, creator: call.caller.name };
    this.warehouses[id] = { ...base, state: 'STARTING', sinceMs: this.core.nowMs() };
    this.core.securableCreated({ type: 'warehouses', id, creator: call.caller });
    return { json: { id } };
  }

  /** Everything is replaced but what is not said; one that runs starts anew, one that is stopped stays so. */
  private edit(call: Call): Answer {
    const warehouse = this.known(call.params['id']);
    warehouse.settings = this.checked(
      { ...warehouse.settings, ...without(call.body, ...outputs) },
      warehouse,
    );
    if (warehouse.state === 'RUNNING') this.enter(warehouse, 'STARTING');
    return {};
  }

  private turn(warehouse: WarehouseRecord, on: boolean): Answer {
    const isOn = warehouse.state === 'RUNNING' || warehouse.state === 'STARTING';
    if (on !== isOn) this.enter(warehouse, on ? 'STARTING' : 'STOPPING');
    return {};
  }

  private remove({ id }: WarehouseRecord): Answer {
    Reflect.deleteProperty(this.warehouses, id);
    this.core.securableRemoved('warehouses', id);
    return {};
  }

  private enter(warehouse: WarehouseRecord, state: State): void {
    warehouse.state = state;
    warehouse.sinceMs = this.core.nowMs();
  }

  private checked(settings: Json, own?: WarehouseRecord): Json {
    const name = requiredText(settings, 'name');
    if (name.length > 100) throw invalid('name must have at most 100 characters');
    const twin = Object.values(this.warehouses).find((one) => one.settings['name'] === name);
    if (twin && twin !== own)
      throw new ApiError(400, 'ALREADY_EXISTS', `SQL warehouse with name \`${name}\` already exists`);
    if (!sizes.includes(requiredText(settings, 'cluster_size'))) throw invalid('Invalid cluster_size');
    const [least, most] = [numberIn(settings, 'min_num_clusters'), numberIn(settings, 'max_num_clusters')];
    if (least === undefined || most === undefined || least < 1 || least > most || most > 40)
      throw invalid('min_num_clusters must be between 1 and max_num_clusters, which is at most 40');
    const serverless = settings['enable_serverless_compute'] === true;
    if (serverless && textIn(settings, 'warehouse_type') !== 'PRO')
      throw invalid('Serverless compute needs the warehouse type PRO.');
    const tags = rowsIn(jsonIn(settings, 'tags'), 'custom_tags');
    checkTags(Object.fromEntries(tags.map((tag) => [requiredText(tag, 'key'), tag['value']])));
    return settings;
  }

  private show({ id, settings, creator, state }: WarehouseRecord): Json {
    const path = `/sql/1.0/warehouses/${id}`;
    const hostname = `${this.core.name}.azuredatabricks.net`;
    return {
      id,
      ...settings,
      creator_name: creator,
      state,
      num_clusters: state === 'RUNNING' ? settings['min_num_clusters'] : 0,
      num_active_sessions: 0,
      jdbc_url: `jdbc:spark://${hostname}:443/default;httpPath=${path};`,
      odbc_params: { hostname, path, protocol: 'https', port: 443 },
      health: { status: 'HEALTHY' },
    };
  }
}
