import {
  openWorkspace,
  analystToken,
  valuesOf,
  type HttpAnswer,
  type TestWorkspace,
} from '../support/emulated-workspace';

const queries = '/api/2.0/sql/queries';
const [alerts, legacy] = ['/api/2.0/alerts', '/api/2.0/sql/alerts'];
const warehouses = '/api/2.0/sql/warehouses';
let region: TestWorkspace;
let warehouse_id: string;

beforeEach(async () => {
  region = await openWorkspace();
  warehouse_id = await makeWarehouse('bi');
});
afterEach(() => region.workspace.close());

async function ok(method: string, path: string, body?: object): Promise<HttpAnswer['json']> {
  const answer = await region.send(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.json;
}
async function makeWarehouse(name: string, more: object = {}): Promise<string> {
  return (await ok('POST', warehouses, { name, cluster_size: 'Small', ...more })).id as string;
}
function pass(ms: number): void {
  region.clock.nowMs += ms;
  region.workspace.tick();
}

describe('a warehouse', () => {
  const state = async () => (await ok('GET', `${warehouses}/${warehouse_id}`)).state as string;

  it('starts when it is made, stops when told to, and is not started by an edit', async () => {
    const seen = [await state()];
    pass(2_000);
    seen.push(await state());
    await ok('POST', `${warehouses}/${warehouse_id}/stop`, {});
    seen.push(await state());
    pass(2_000);
    await ok('POST', `${warehouses}/${warehouse_id}/edit`, { max_num_clusters: 3 });
    seen.push(await state());

    expect(seen).toEqual(['STARTING', 'RUNNING', 'STOPPING', 'STOPPED']);
  });

  it('stops by itself when nobody uses it', async () => {
    await ok('POST', `${warehouses}/${warehouse_id}/edit`, { auto_stop_mins: 10 });
    pass(2_000);
    pass(10 * 60_000);
    pass(2_000);

    expect(await state()).toBe('STOPPED');
  });

  it.each([
    { what: 'of a name that is taken', body: { name: 'bi', cluster_size: 'Small' }, code: 'ALREADY_EXISTS' },
    { what: 'without a size', body: { name: 'x' }, code: 'INVALID_PARAMETER_VALUE' },
    {
      what: 'that shrinks as it grows',
      body: { name: 'x', cluster_size: 'Small', min_num_clusters: 3, max_num_clusters: 2 },
      code: 'INVALID_PARAMETER_VALUE',
    },
    {
      what: 'that is serverless and classic',
      body: { name: 'x', cluster_size: 'Small', enable_serverless_compute: true },
      code: 'INVALID_PARAMETER_VALUE',
    },
  ])('$what is refused', async ({ body, code }) => {
    const refused = await region.send('POST', warehouses, body);

    expect([refused.status, refused.json.error_code]).toEqual([400, code]);
  });

  it('has an owner, and answers 404 when there is none', async () => {
    const granted = await ok('GET', `/api/2.0/permissions/warehouses/${warehouse_id}`);
    const missing = await region.send('GET', `${warehouses}/0123`);

    expect(granted.access_control_list[0].all_permissions[0].permission_level).toBe('IS_OWNER');
    expect([missing.status, missing.json.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });

  it('is listed in pages', async () => {
    await makeWarehouse('etl');
    const first = await ok('GET', `${warehouses}?page_size=1`);
    const second = await ok('GET', `${warehouses}?page_size=1&page_token=${first.next_page_token}`);

    expect(valuesOf([...first.warehouses, ...second.warehouses], 'name')).toEqual(['bi', 'etl']);
    expect(second).not.toHaveProperty('next_page_token');
  });
});

describe('a query', () => {
  const make = (display_name: string, more: object = {}) =>
    ok('POST', queries, {
      query: { display_name, query_text: 'select 1', warehouse_id, parent_path: '/Shared', ...more },
    });

  it('is listed in pages without its folder, and lies in the tree', async () => {
    const { id } = await make('one');
    await make('two');
    const first = await ok('GET', `${queries}?page_size=1`);
    const second = await ok('GET', `${queries}?page_size=1&page_token=${first.next_page_token}`);
    const tree = await ok('GET', '/api/2.0/workspace/list?path=/Shared');

    expect(valuesOf([...first.results, ...second.results], 'display_name')).toEqual(['one', 'two']);
    expect(first.results[0]).not.toHaveProperty('parent_path');
    expect(await ok('GET', `${queries}/${id}`)).toMatchObject({ parent_path: '/Workspace/Shared' });
    expect(tree.objects[0]).toMatchObject({ object_type: 'QUERY', resource_id: id });
  });

  it('changes only what the mask names, and moves its update time', async () => {
    const { id, update_time } = await make('one', { description: 'old' });
    await ok('PATCH', `${queries}/${id}`, {
      query: { query_text: 'select 2', description: 'new' },
      update_mask: 'query_text',
    });

    const after = await ok('GET', `${queries}/${id}`);
    expect(after).toMatchObject({ query_text: 'select 2', description: 'old' });
    expect(after.update_time > update_time).toBe(true);
    expect((await region.send('PATCH', `${queries}/${id}`, { query: {} })).status).toBe(400);
  });

  it('of a name that is taken is refused, unless the name may be numbered', async () => {
    await make('one');
    const query = { display_name: 'one', query_text: 'select 1', parent_path: '/Shared' };
    const refused = await region.send('POST', queries, { query });
    const numbered = await ok('POST', queries, { query, auto_resolve_display_name: true });

    expect([refused.status, refused.json.error_code]).toEqual([400, 'RESOURCE_ALREADY_EXISTS']);
    expect(numbered.display_name).toBe('one (1)');
  });

  it('is refused with a warehouse, a folder or a backing query that is not there', async () => {
    const query = { display_name: 'x', query_text: 'select 1', parent_path: '/Shared' };
    const backed = [{ name: 'p', query_backed_value: { query_id: 'none' } }];

    const statuses = await Promise.all(
      [{ warehouse_id: 'none' }, { parent_path: '/None' }, { parameters: backed }].map(
        async (fault) => (await region.send('POST', queries, { query: { ...query, ...fault } })).status,
      ),
    );

    expect(statuses).toEqual([400, 404, 400]);
  });

  it('is given to another owner by administrators only', async () => {
    const { id } = await make('one');
    await ok('POST', '/api/2.0/preview/scim/v2/Users', { userName: 'ana@example.com' });
    const change = { query: { owner_user_name: 'ana@example.com' }, update_mask: 'owner_user_name' };

    const refused = await region.send('PATCH', `${queries}/${id}`, change, analystToken);

    expect(refused.status).toBe(403);
    expect(await ok('PATCH', `${queries}/${id}`, change)).toMatchObject({
      owner_user_name: 'ana@example.com',
    });
  });

  it('is gone when it is trashed, and with its folder', async () => {
    await ok('POST', '/api/2.0/workspace/mkdirs', { path: '/Shared/q' });
    const [one, two] = [await make('one'), await make('two', { parent_path: '/Workspace/Shared/q' })];
    await ok('DELETE', `${queries}/${one.id}`);
    await ok('POST', '/api/2.0/workspace/delete', { path: '/Shared/q', recursive: true });

    expect(await ok('GET', queries)).toEqual({});
    expect((await region.send('GET', `${queries}/${two.id}`)).status).toBe(404);
  });

  it('inherits the rights of its folder', async () => {
    const { id } = await make('one');

    const { access_control_list } = await ok('GET', `/api/2.0/permissions/queries/${id}`);

    expect(access_control_list).toMatchObject([
      { user_name: 'admin@example.com', all_permissions: [{ inherited: false }] },
      { group_name: 'admins', all_permissions: [{ inherited: true }] },
    ]);
  });
});

describe('an alert', () => {
  const evaluation = {
    comparison_operator: 'GREATER_THAN',
    source: { name: 'n' },
    threshold: { value: { double_value: 1 } },
  };
  const schedule = { quartz_cron_schedule: '0 0 6 * * ?', timezone_id: 'UTC' };
  const body = () => ({
    ...{ display_name: 'late', query_text: 'select 1 n', warehouse_id, parent_path: '/Shared' },
    ...{ evaluation, schedule },
  });

  it('is awake unless it is said to be paused, and says what it was evaluated to', async () => {
    const { id } = await ok('POST', alerts, body());

    const shown = await ok('GET', `${alerts}/${id}`);
    expect(shown).toMatchObject({
      schedule: { pause_status: 'UNPAUSED' },
      evaluation: { ...evaluation, state: 'UNKNOWN' },
    });
    expect((await ok('GET', alerts)).alerts).toEqual([shown]);
  });

  it('is changed by a mask in the query', async () => {
    const { id } = await ok('POST', alerts, body());
    await ok('PATCH', `${alerts}/${id}?update_mask=schedule`, {
      schedule: { ...schedule, pause_status: 'PAUSED' },
      query_text: 'select 2',
    });

    expect(await ok('GET', `${alerts}/${id}`)).toMatchObject({
      schedule: { pause_status: 'PAUSED' },
      query_text: 'select 1 n',
    });
  });

  it.each([
    { what: 'a schedule that never comes', fault: { schedule: { ...schedule, quartz_cron_schedule: 'x' } } },
    { what: 'a warehouse that is not there', fault: { warehouse_id: 'none' } },
    {
      what: 'a destination that is not there',
      fault: { evaluation: { ...evaluation, notification: { subscriptions: [{ destination_id: 'none' }] } } },
    },
    { what: 'another user to run as', fault: { run_as: { user_name: 'ana@example.com' } }, status: 403 },
  ])('is refused with $what', async ({ fault, status = 400 }) => {
    expect((await region.send('POST', alerts, { ...body(), ...fault })).status).toBe(status);
  });

  it('of the first version needs its query, and has no schedule', async () => {
    const query = { display_name: 'q', query_text: 'select 1', warehouse_id, parent_path: '/Shared' };
    const { id: query_id } = await ok('POST', queries, { query });
    const alert = {
      display_name: 'old',
      query_id,
      condition: { op: 'GREATER_THAN' },
      parent_path: '/Shared',
    };
    const refused = await region.send('POST', legacy, { alert: { ...alert, query_id: 'none' } });
    const { id } = await ok('POST', legacy, { alert });

    expect(refused.status).toBe(400);
    expect(await ok('GET', `${legacy}/${id}`)).toMatchObject({ query_id, parent_path: '/Workspace/Shared' });
    expect((await ok('GET', legacy)).results[0]).not.toHaveProperty('parent_path');
  });
});
