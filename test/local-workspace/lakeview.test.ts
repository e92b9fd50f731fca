import {
  analystToken,
  openWorkspace,
  valuesOf,
  type HttpAnswer,
  type TestWorkspace,
} from '../support/emulated-workspace';

const dashboards = '/api/2.0/lakeview/dashboards';
const destinations = '/api/2.0/notification-destinations';
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
});
afterEach(() => region.workspace.close());

async function ok(method: string, path: string, body?: object): Promise<HttpAnswer['json']> {
  const answer = await region.send(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.json;
}
const makeDashboard = (display_name: string, more: object = {}) =>
  ok('POST', dashboards, {
    display_name,
    parent_path: '/Workspace/Shared',
    serialized_dashboard: '{}',
    ...more,
  });

describe('a dashboard', () => {
  it('is listed in pages of short rows; one alone has its folder, content and etag', async () => {
    const { dashboard_id } = await makeDashboard('one', { serialized_dashboard: '{"pages":[{"name":"p"}]}' });
    await makeDashboard('two');
    const first = await ok('GET', `${dashboards}?page_size=1`);
    const second = await ok('GET', `${dashboards}?page_size=1&page_token=${first.next_page_token}`);

    expect(valuesOf([...first.dashboards, ...second.dashboards], 'display_name')).toEqual(['one', 'two']);
    for (const field of ['path', 'parent_path', 'serialized_dashboard', 'etag', 'update_time'])
      expect(first.dashboards[0]).not.toHaveProperty(field);
    expect(await ok('GET', `${dashboards}/${dashboard_id}`)).toMatchObject({
      path: '/Shared/one.lvdash.json',
      parent_path: '/Shared',
      serialized_dashboard: '{"pages":[{"pageType":"PAGE_TYPE_CANVAS","name":"p"}]}\n',
    });
  });

  it('lies in the tree under its own id, and moves there when it is renamed', async () => {
    const { dashboard_id } = await makeDashboard('one');
    await ok('PATCH', `${dashboards}/${dashboard_id}`, { display_name: 'uno' });

    const { objects } = await ok('GET', '/api/2.0/workspace/list?path=/Shared');

    expect(objects).toMatchObject([
      { object_type: 'DASHBOARD', path: '/Shared/uno.lvdash.json', resource_id: dashboard_id },
    ]);
  });

  it('is not changed under an etag of before', async () => {
    const { dashboard_id, etag } = await makeDashboard('one');
    const change = { serialized_dashboard: '{"datasets":[]}', etag };
    await ok('PATCH', `${dashboards}/${dashboard_id}`, change);

    const refused = await region.send('PATCH', `${dashboards}/${dashboard_id}`, change);

    expect([refused.status, refused.json.error_code]).toEqual([409, 'ABORTED']);
  });

  it('is published apart from its draft', async () => {
    const { dashboard_id } = await makeDashboard('one');
    const published = `${dashboards}/${dashboard_id}/published`;
    const before = await region.send('GET', published);
    await ok('POST', published, { embed_credentials: false });
    region.clock.nowMs += 5_000;
    const { update_time } = await ok('PATCH', `${dashboards}/${dashboard_id}`, { display_name: 'uno' });
    const after = await ok('GET', published);
    await ok('DELETE', published);

    expect(before.status).toBe(404);
    expect(after).toMatchObject({ display_name: 'one', embed_credentials: false });
    expect(after.revision_create_time < update_time).toBe(true);
    expect((await region.send('GET', published)).status).toBe(404);
  });

  it.each([
    { what: 'a name that is taken', fault: { display_name: 'one' }, status: 400 },
    { what: 'a folder that is not there', fault: { parent_path: '/None' }, status: 404 },
    { what: 'content that is no JSON', fault: { serialized_dashboard: '{' }, status: 400 },
    { what: 'a warehouse that is not there', fault: { warehouse_id: 'none' }, status: 400 },
  ])('is refused with $what', async ({ fault, status }) => {
    await makeDashboard('one');
    const body = { display_name: 'other', parent_path: '/Shared', ...fault };

    expect((await region.send('POST', dashboards, body)).status).toBe(status);
  });
});

describe('the schedule of a dashboard', () => {
  let schedules: string;
  const cron_schedule = { quartz_cron_expression: '0 0 8 * * ?', timezone_id: 'UTC' };
  beforeEach(async () => {
    schedules = `${dashboards}/${(await makeDashboard('one')).dashboard_id}/schedules`;
  });

  it('is awake unless it is said to be paused, and is replaced under its etag', async () => {
    const { schedule_id, etag, pause_status } = await ok('POST', schedules, { cron_schedule });
    const paused = { cron_schedule, pause_status: 'PAUSED', etag };
    await ok('PUT', `${schedules}/${schedule_id}`, paused);
    const refused = await region.send('PUT', `${schedules}/${schedule_id}`, paused);

    expect([pause_status, refused.status]).toEqual(['UNPAUSED', 409]);
    expect((await ok('GET', schedules)).schedules).toMatchObject([{ schedule_id, pause_status: 'PAUSED' }]);
  });

  it('has subscribers: users by their id, and destinations', async () => {
    const { schedule_id } = await ok('POST', schedules, { cron_schedule });
    const subscriptions = `${schedules}/${schedule_id}/subscriptions`;
    const user = await ok('POST', '/api/2.0/preview/scim/v2/Users', { userName: 'ana@example.com' });
    const subscriber = { user_subscriber: { user_id: Number(user.id) } };
    const made = await ok('POST', subscriptions, { subscriber });
    const refused = await region.send('POST', subscriptions, {
      subscriber: { destination_subscriber: { destination_id: 'none' } },
    });
    const before = await ok('GET', subscriptions);
    await ok('DELETE', `${subscriptions}/${made.subscription_id}`);

    expect(refused.status).toBe(400);
    expect(valuesOf(before.subscriptions, 'subscriber')).toEqual([subscriber]);
    expect(await ok('GET', subscriptions)).toEqual({});
  });
});

describe('a notification destination', () => {
  it('never gives back what is secret', async () => {
    const config = { generic_webhook: { url: 'https://hooks.example/1', username: 'u', password: 'p4ss' } };
    const { id } = await ok('POST', destinations, { display_name: 'hook', config });

    const { text, json } = await region.send('GET', `${destinations}/${id}`);

    expect(json.config).toEqual({
      generic_webhook: { url_set: true, username_set: true, password_set: true },
    });
    expect(text).not.toMatch(/hooks\.example|p4ss/);
  });

  it('by mail says to whom, and is listed in pages without its settings', async () => {
    const config = { email: { addresses: ['a@example.com'] } };
    const { id } = await ok('POST', destinations, { display_name: 'mail', config });

    expect(await ok('GET', `${destinations}/${id}`)).toMatchObject({ destination_type: 'EMAIL', config });
    expect(await ok('GET', destinations)).toEqual({
      results: [{ id, display_name: 'mail', destination_type: 'EMAIL' }],
    });
  });

  it('is made by administrators, and not without what it needs', async () => {
    const slack = { display_name: 's', config: { slack: {} } };
    const mail = { display_name: 'm', config: { email: { addresses: ['a@example.com'] } } };

    expect((await region.send('POST', destinations, slack)).status).toBe(400);
    expect((await region.send('POST', destinations, mail, analystToken)).status).toBe(403);
  });
});
