import type { Adapter } from '../../shared/adapters/adapter';
import { alert } from '../../shared/adapters/alert';
import { query } from '../../shared/adapters/query';
import { sqlWarehouse } from '../../shared/adapters/sql-warehouse';
import { fillEstate } from '../support/adapter-estate';
import { indexOf, listAll, openAdapterPair, readBody, type AdapterPair } from '../support/adapter-workspaces';

const home = '/Users/alice@example.com';
const none = indexOf([]);
const robot = '11111111-2222-3333-4444-555555555555';
const people = {
  users: new Set(['alice@example.com']),
  groups: new Set<string>(),
  servicePrincipals: new Set([robot]),
};
let pair: AdapterPair;

beforeAll(async () => {
  pair = await openAdapterPair();
  fillEstate(pair.primary.emulated);
});

afterAll(() => pair.close());

type Json = Record<string, unknown>;

function get(path: string): Json {
  return pair.primary.emulated.call('GET', path).json as Json;
}
/** The one asset of this name at the primary, with its body. */
async function read<Body extends object>(adapter: Adapter<Body>, name: string) {
  const from = pair.primary.open();
  const found = (await listAll(from, adapter.kind)).filter((one) => one.name.includes(name));
  expect(found).toHaveLength(1);
  return { id: found[0]!.id, stub: found[0]!, body: (await readBody(from, adapter.kind, found[0]!)) as Body };
}

describe('a warehouse', () => {
  it('is stopped after it was made, and stays stopped when it is settled and changed again', async () => {
    const from = pair.primary.open();
    const body = { name: 'ours', cluster_size: 'Small', custom_tags: { team: 'bi', dr_source_id: 'a:1' } };
    const state = (): unknown => get(`/api/2.0/sql/warehouses/${id}`)['state'];

    const id = await sqlWarehouse.create(from, body, none);
    const states = [state()];
    await sqlWarehouse.settle!(from, id, body);
    pair.primary.pass(2_000);
    states.push(state());
    await sqlWarehouse.update!(from, id, { ...body, max_num_clusters: 2 } as typeof body, none);
    const writes = from.counts.writes;
    await sqlWarehouse.settle!(from, id, body);
    pair.primary.pass(2_000);

    expect([...states, state()]).toEqual(['STARTING', 'STOPPED', 'STOPPED']);
    expect(from.counts.writes).toBe(writes);
  });

  it('keeps its marker among its tags, and is found by it, else by its name', async () => {
    const { stub } = await read(sqlWarehouse, 'ours');
    const asset = { key: 'sql-warehouse/1', kind: 'sql-warehouse', id: '1', name: 'ours' } as const;
    const body = { name: 'renamed' };

    expect(stub).toMatchObject({ marker: 'a:1', body: { custom_tags: { team: 'bi', dr_source_id: 'a:1' } } });
    expect(sqlWarehouse.find(indexOf([stub]), { ...asset, body }, 'a:1')).toBe(stub.id);
    expect(sqlWarehouse.find(indexOf([stub]), { ...asset, body: { name: 'ours' } }, 'a:2')).toBe(stub.id);
    expect(sqlWarehouse.find(indexOf([stub]), { ...asset, body }, 'a:2')).toBeUndefined();
  });
});

describe('a query', () => {
  it('is told from one of the same name in another folder', async () => {
    const { id, body } = await read(query, 'late orders');
    const stubs = await listAll(pair.primary.open(), 'query');
    const asset = { key: 'query/1', kind: 'query', id: '1', name: 'late orders' } as const;

    expect(query.find(indexOf(stubs), { ...asset, body }, '')).toBe(id);
    expect(
      query.find(indexOf(stubs), { ...asset, body: { ...body, parent_path: '/Shared' } }, ''),
    ).toBeUndefined();
  });

  it('is given to its owner once it is there, and not to one who does not exist', async () => {
    const { id } = await read(query, 'regions');
    const body = { display_name: 'regions', parent_path: home, owner: { user_name: 'alice@example.com' } };
    const target = pair.primary.open();
    await query.settle!(target, id, body);
    const writes = target.counts.writes;
    await query.settle!(target, id, body);

    expect(get(`/api/2.0/sql/queries/${id}`)['owner_user_name']).toBe('alice@example.com');
    expect([writes, target.counts.writes]).toEqual([1, 1]);
    expect(query.admit!({ ...body, owner: { user_name: 'gone@example.com' } }, people, undefined)).toEqual({
      body: { display_name: 'regions', parent_path: home },
      warnings: ['the app owns it: gone@example.com does not exist at the target'],
    });
  });

  it('loses at the target what it lost at the source, and is not moved silently', async () => {
    const { id, body } = await read(query, 'late orders');
    const { tags: _tags, ...less } = body as typeof body & { tags?: unknown };
    await query.update!(pair.primary.open(), id, less, none);

    expect(get(`/api/2.0/sql/queries/${id}`)).not.toHaveProperty('tags');
    await expect(
      query.update!(pair.primary.open(), id, { ...less, parent_path: '/Shared' }, none),
    ).rejects.toMatchObject({ code: 'DR_API_CONFLICT' });
  });
});

describe('an alert', () => {
  it('sleeps, wakes as the source had it, and is stilled without touching anything else', async () => {
    const { id, body } = await read(alert, 'too late.dbalert');
    const shown = () => get(`/api/2.0/alerts/${id}`) as { schedule: Json; query_text: string };
    const open = pair.primary.open();
    const triggers = alert.triggers!;

    expect(triggers.awake(body)).toEqual(['schedule']);
    expect(triggers.awake(alert.asleep!(body))).toEqual([]);
    await triggers.quiet(open, id, Object.assign({}, body, { query_text: 'not sent' }));
    const asleep = shown();
    await triggers.wake(open, id, body, []);
    expect([asleep.schedule['pause_status'], shown()]).toEqual(['PAUSED', asleep]);
    await triggers.wake(open, id, body, ['schedule']);
    expect(shown()).toMatchObject({ schedule: { pause_status: 'UNPAUSED' }, query_text: 'select 1 n' });
  });

  it('says what the platform sets of itself nowhere', async () => {
    const { body } = await read(alert, 'too late.dbalert');

    expect(JSON.stringify(body)).not.toMatch(/UNKNOWN|effective_|owner_user_name|lifecycle/);
  });

  it('runs as its service principal; as somebody else only they can make it run', async () => {
    const { id, body } = await read(alert, 'too late.dbalert');
    const asRobot = { ...body, run_as: { service_principal_name: robot } };
    await alert.settle!(pair.primary.open(), id, asRobot);

    expect(get(`/api/2.0/alerts/${id}`)['run_as']).toEqual({ service_principal_name: robot });
    expect(alert.admit!(asRobot, people, undefined)).toEqual({ body: asRobot, warnings: [] });
    const asAlice = { ...body, run_as: { user_name: 'alice@example.com' } };
    expect(alert.admit!(asAlice, people, undefined)).toEqual({
      body,
      warnings: ['it runs as the app, not as alice@example.com: only they themselves can change that'],
    });
  });

  it('of the first version is carried without the schedule that no API gives, and says so', async () => {
    const { id, stub, body } = await read(alert, 'too late (old)');

    expect(alert.triggers!.awake(body)).toEqual([]);
    expect(stub.securable).toBe('alerts');
    const warnings = await alert.settle!(pair.primary.open(), id, body);
    expect(warnings.join()).toContain('set its schedule and subscribers by hand');
  });

  it.each([
    { gone: '/api/2.0/alerts', left: ['too late (old)'] },
    { gone: '/api/2.0/sql/alerts', left: ['too late.dbalert.json'] },
  ])('is listed where the workspace has no $gone', async ({ gone, left }) => {
    pair.primary.emulated.faults.add({
      path: gone,
      kind: 'status',
      status: 404,
      errorCode: 'ENDPOINT_NOT_FOUND',
    });
    const stubs = await listAll(pair.primary.open(), 'alert');
    pair.primary.emulated.faults.clear();

    expect(stubs.map(({ name }) => name)).toEqual(left.map((name) => `${home}/${name}`));
  });
});
