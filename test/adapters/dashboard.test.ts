import type { Adapter } from '../../shared/adapters/adapter';
import { dashboard, type DashboardBody } from '../../shared/adapters/dashboard';
import { dashboardSchedule } from '../../shared/adapters/dashboard-schedule';
import { notificationDestination } from '../../shared/adapters/notification-destination';
import { workspaceFile } from '../../shared/adapters/workspace-file';
import type { LegacyDashboards } from '../../local/workspace/legacy-dashboards';
import { rewriteText } from '../../shared/domain/rewrite';
import { fillEstate } from '../support/adapter-estate';
import { listAll, openAdapterPair, readBody, type AdapterPair } from '../support/adapter-workspaces';
import { serialized } from '../support/sql-estate';

const home = '/Users/alice@example.com';
const lakeview = '/api/2.0/lakeview/dashboards';
const people = {
  users: new Set(['alice@example.com']),
  groups: new Set<string>(),
  servicePrincipals: new Set<string>(),
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

describe('a dashboard', () => {
  const publishedAt = (id: string): Json => get(`${lakeview}/${id}/published`);

  it('is published again when it was, only then, and only once', async () => {
    const { id, body } = await read(dashboard, 'Draft');
    const published = { published: true, embed_credentials: true } as const;
    const open = pair.primary.open();
    const before = await listPublished(id);
    const warnings = await dashboard.settle!(open, id, { ...body, published });
    const writes = open.counts.writes;
    await dashboard.settle!(open, id, {
      ...body,
      published: { ...published, warehouse_id: warehouseOf(body) },
    });

    expect(before).toBeUndefined();
    expect([writes, open.counts.writes, publishedAt(id)['embed_credentials']]).toEqual([1, 1, true]);
    expect(warnings.join()).toContain('with the rights of the app');
    await dashboard.settle!(open, id, { ...body, published: null });
    expect(await listPublished(id)).toBeUndefined();
  });

  it('whose draft was changed since it was published says so, and is published anew at the target', async () => {
    const { id } = await read(dashboard, 'Sales');
    pair.primary.pass(3_600_000);
    const change = { serialized_dashboard: serialized('select 3') };
    pair.primary.emulated.call('PATCH', `${lakeview}/${id}`, change);
    const { body } = await read(dashboard, 'Sales');
    const asleep = dashboard.asleep!(body);

    expect(body.published).toMatchObject({ outdated: true });
    expect(dashboard.admit!(body, people, undefined).warnings).toHaveLength(1);
    expect(asleep.published).not.toHaveProperty('outdated');
    await dashboard.settle!(pair.primary.open(), id, asleep);
    expect((await read(dashboard, 'Sales')).body.published).toEqual(asleep.published);
  });

  it('has one spelling of equal documents, and rules reach the text of its datasets', async () => {
    const { id, body } = await read(dashboard, 'Sales');
    const text = `${JSON.stringify(JSON.parse(body.serialized_dashboard), undefined, 4)}\n\n`;
    pair.primary.emulated.call('PATCH', `${lakeview}/${id}`, { serialized_dashboard: text });
    const rules = {
      storageHosts: { lakeeast: 'lakewest' },
      keyVaults: {},
      nodeTypes: {},
      urls: {},
      owners: {},
    };
    const on = (account: string): DashboardBody => ({
      ...body,
      serialized_dashboard: serialized(
        `select * from parquet.\`abfss://x@${account}.dfs.core.windows.net/y\``,
      ),
    });

    expect((await read(dashboard, 'Sales')).body.serialized_dashboard).toBe(body.serialized_dashboard);
    const { serialized_dashboard } = rewriteText(on('lakeeast'), rules).body;
    expect(JSON.parse(serialized_dashboard)).toEqual(JSON.parse(on('lakewest').serialized_dashboard));
  });

  it('of before AI/BI is reported and not carried; without that API nothing is missing', async () => {
    pair.primary.emulated.core.area<LegacyDashboards>('legacy-dashboards').add('old sales');
    const legacy = async () =>
      (await listAll(pair.primary.open(), 'dashboard')).filter(({ skip }) => skip !== undefined);
    const listed = await legacy();
    const path = '/api/2.0/preview/sql/dashboards';
    pair.primary.emulated.faults.add({ path, kind: 'status', status: 404, errorCode: 'FEATURE_DISABLED' });
    const without = await legacy();
    pair.primary.emulated.faults.clear();

    expect(listed).toMatchObject([
      { name: 'old sales', skip: expect.stringContaining('migrate it') as string },
    ]);
    expect(without).toEqual([]);
  });

  async function listPublished(id: string): Promise<unknown> {
    return (await dashboard.export(pair.primary.open(), { id, name: '' })).published ?? undefined;
  }
  function warehouseOf({ warehouse_id }: DashboardBody): string {
    return warehouse_id!;
  }
});

describe('the schedule of a dashboard', () => {
  it('sleeps, and wakes as the source had it', async () => {
    const { id, body } = await read(dashboardSchedule, 'of dashboard');
    const state = async () => (await read(dashboardSchedule, 'of dashboard')).body.pause_status;
    const open = pair.primary.open();
    const triggers = dashboardSchedule.triggers!;

    expect([triggers.awake(body), triggers.awake(dashboardSchedule.asleep!(body))]).toEqual([
      ['schedule'],
      [],
    ]);
    await triggers.quiet(open, id, body);
    const asleep = await state();
    await triggers.wake(open, id, body, []);
    expect([asleep, await state()]).toEqual(['PAUSED', 'PAUSED']);
    await triggers.wake(open, id, body, ['schedule']);
    expect(await state()).toBe('UNPAUSED');
  });

  it('subscribes who is missing and ends what is not wanted, once', async () => {
    const { id, body } = await read(dashboardSchedule, 'of dashboard');
    const open = pair.primary.open();
    const fewer = { ...body, subscriptions: body.subscriptions.slice(0, 1) };
    await dashboardSchedule.settle!(open, id, fewer);
    const after = (await read(dashboardSchedule, 'of dashboard')).body.subscriptions;
    await dashboardSchedule.settle!(open, id, body);
    const writes = open.counts.writes;
    await dashboardSchedule.settle!(open, id, body);

    expect(after).toEqual(fewer.subscriptions);
    expect((await read(dashboardSchedule, 'of dashboard')).body.subscriptions).toEqual(body.subscriptions);
    expect([writes, open.counts.writes]).toEqual([2, 2]);
  });
});

describe('a notification destination', () => {
  it('is made when it has no secret, and is left to a person when it has', () => {
    const mail = { display_name: 'mail', config: { email: { addresses: ['a@example.com'] } } };
    const slack = { display_name: 'ops', config: { slack: { url_set: true } } };

    expect(notificationDestination.handmade!(mail)).toBeUndefined();
    expect(notificationDestination.handmade!(slack)).toContain('make the slack destination "ops" there');
  });
});

test('what lies in the tree as a query, an alert or a dashboard is not counted among the files', async () => {
  const { objects } = get(`/api/2.0/workspace/list?path=${home}`) as { objects: { object_type: string }[] };

  const files = await Array.fromAsync(workspaceFile.list(pair.primary.open(), home, new Map()));

  const types = objects.map(({ object_type }) => object_type);
  expect(types).toEqual(expect.arrayContaining(['DASHBOARD', 'QUERY', 'ALERT']));
  expect(files.filter(({ name }) => /dbquery|dbalert|lvdash/.test(name))).toEqual([]);
});
