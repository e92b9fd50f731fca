import { appAddress, type IpAccessLists } from '../../local/workspace/ip-access-lists';
import {
  analystToken,
  openWorkspace,
  type HttpAnswer,
  type TestWorkspace,
} from '../support/emulated-workspace';

const lists = '/api/2.0/ip-access-lists';
const conf = '/api/2.0/workspace-conf';
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
});
afterEach(() => region.workspace.close());

function create(list_type: string, ip_addresses: readonly string[]): Promise<HttpAnswer> {
  return region.send('POST', lists, { label: 'offices', list_type, ip_addresses });
}

describe('workspace settings', () => {
  it('are strings by key, null where nobody has set them', async () => {
    const changed = await region.send('PATCH', conf, { enableWebTerminal: 'false' });

    const { json } = await region.send('GET', `${conf}?keys=enableWebTerminal,enableExportNotebook`);

    expect(changed).toMatchObject({ status: 204, text: '' });
    expect(json).toEqual({ enableWebTerminal: 'false', enableExportNotebook: null });
  });

  it.each([
    {
      name: 'a key that nobody knows, with all others',
      method: 'GET',
      query: '?keys=enableWebTerminal,nonsense',
    },
    { name: 'no keys', method: 'GET', query: '' },
    { name: 'a value that is no string', method: 'PATCH', query: '', body: { enableWebTerminal: true } },
  ])('refuse $name', async ({ method, query, body }) => {
    expect((await region.send(method, `${conf}${query}`, body)).status).toBe(400);
  });

  it('are for administrators', async () => {
    const path = `${conf}?keys=enableWebTerminal`;

    expect((await region.send('GET', path, undefined, analystToken)).status).toBe(403);
  });
});

describe('an IP access list', () => {
  it('is created enabled, whatever is asked for, and is changed afterwards', async () => {
    const body = { label: 'x', list_type: 'BLOCK', ip_addresses: ['192.0.2.7'], enabled: false };
    const made = (await region.send('POST', lists, body)).json.ip_access_list;
    await region.send('PATCH', `${lists}/${made.list_id}`, { enabled: false });

    const { json } = await region.send('GET', `${lists}/${made.list_id}`);

    expect(made).toMatchObject({ enabled: true, address_count: 1, label: 'x' });
    expect(json.ip_access_list).toEqual({ ...made, enabled: false });
    expect((await region.send('PUT', `${lists}/${made.list_id}`, { label: 'y' })).status).toBe(400);
  });

  it.each([
    { name: 'an allow list without who creates it', type: 'ALLOW', addresses: ['203.0.113.0/24'] },
    { name: 'a block list with who creates it', type: 'BLOCK', addresses: ['20.50.0.0/16'] },
  ])('is refused when it would lock out the caller: $name', async ({ type, addresses }) => {
    expect(await create(type, addresses)).toMatchObject({
      status: 400,
      json: { error_code: 'INVALID_STATE' },
    });
    expect((await region.send('GET', lists)).json).toEqual({});
  });

  it('may leave out who is on another allow list', async () => {
    await create('ALLOW', [appAddress]);

    expect((await create('ALLOW', ['203.0.113.0/24'])).status).toBe(200);
  });

  it('counts against 1000 addresses and ranges of all lists together', async () => {
    const many = Array.from({ length: 1000 }, (_none, at) => `10.0.${at >> 8}.${at & 255}`);

    expect((await create('BLOCK', many)).status).toBe(200);
    expect(await create('BLOCK', ['10.9.9.9'])).toMatchObject({
      status: 400,
      json: { error_code: 'QUOTA_EXCEEDED' },
    });
  });

  it('has an effect once the feature is switched on, which nothing prevents', async () => {
    const area = region.workspace.core.area<IpAccessLists>('ip-access-lists');
    await create('ALLOW', [appAddress]);
    area.callFrom('198.51.100.9');
    const before = await region.send('GET', lists);
    await region.send('PATCH', conf, { enableIpAccessLists: 'true' });

    const locked = await region.send('GET', lists);

    expect(before.status).toBe(200);
    expect(locked).toMatchObject({ status: 403, json: { error_code: 'PERMISSION_DENIED' } });
  });

  it('is a feature that not every tier has', async () => {
    region.workspace.core.area<IpAccessLists>('ip-access-lists').takeAway();

    expect((await region.send('GET', lists)).json).toMatchObject({ error_code: 'FEATURE_DISABLED' });
  });
});
