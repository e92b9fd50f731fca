import { appAddress, type IpAccessLists } from '../../local/workspace/ip-access-lists';
import { ipAccessList } from '../../shared/adapters/ip-access-list';
import { workspaceConf } from '../../shared/adapters/workspace-conf';
import { indexOf, listAll, openAdapterPair, type AdapterPair } from '../support/adapter-workspaces';

const conf = '/api/2.0/workspace-conf';
const none = indexOf([]);
const offices = { label: 'offices', list_type: 'ALLOW', ip_addresses: ['203.0.113.0/24'], enabled: true };
let pair: AdapterPair;

beforeEach(async () => {
  pair = await openAdapterPair();
});
afterEach(() => pair.close());

function lists(side: 'primary' | 'secondary'): IpAccessLists {
  return pair[side].emulated.core.area<IpAccessLists>('ip-access-lists');
}

function isEnforced(): unknown {
  const { json } = pair.secondary.emulated.call('GET', `${conf}?keys=enableIpAccessLists`);
  return (json as Record<string, unknown>)['enableIpAccessLists'];
}

describe('workspace settings', () => {
  it('are asked one by one where the workspace does not know all keys', async () => {
    pair.primary.emulated.call('PATCH', conf, { enableWebTerminal: 'false', enableExportNotebook: 'true' });

    const stubs = await listAll(pair.primary.open(), 'workspace-conf');

    expect(stubs.map(({ body }) => body)).toEqual([
      { key: 'enableExportNotebook', value: 'true' },
      { key: 'enableWebTerminal', value: 'false' },
    ]);
  });

  it('that could lock out the app or its people are told and left alone', async () => {
    const values = { enableTokensConfig: 'false', maxUserInactiveDays: '30', enableIpAccessLists: 'true' };
    pair.primary.emulated.call('PATCH', conf, values);

    const stubs = await listAll(pair.primary.open(), 'workspace-conf');

    expect(stubs.map(({ name, skip }) => [name, skip !== undefined])).toEqual([
      ['enableTokensConfig', true],
      ['maxUserInactiveDays', true],
    ]);
  });

  it('are not taken for none when nothing can be read', async () => {
    const refused = {
      path: /workspace-conf/,
      kind: 'status',
      status: 400,
      errorCode: 'BAD_REQUEST',
    } as const;
    pair.primary.emulated.faults.add(refused);

    await expect(listAll(pair.primary.open(), 'workspace-conf')).rejects.toMatchObject({
      code: 'DR_API_BAD_REQUEST',
    });
  });

  it('are set one at a time, and nothing else is', async () => {
    pair.secondary.emulated.call('PATCH', conf, { enableExportNotebook: 'false' });

    await workspaceConf.create(pair.secondary.open(), { key: 'enableWebTerminal', value: 'true' }, none);

    const names = await listAll(pair.secondary.open(), 'workspace-conf');
    expect(names.map(({ name }) => name)).toEqual(['enableExportNotebook', 'enableWebTerminal']);
  });
});

describe('IP access lists', () => {
  it('that would lock out the app are blocked, with what to do', async () => {
    const target = pair.secondary.open();

    await expect(ipAccessList.create(target, offices, none)).rejects.toMatchObject({
      code: 'DR_ASSET_BLOCKED',
      message: expect.stringContaining('add the address of the app'),
    });
  });

  it('are not enforced while one that is there would lock out the app', async () => {
    const { label, list_type, ip_addresses } = offices;
    pair.secondary.emulated.call('POST', '/api/2.0/ip-access-lists', { label, list_type, ip_addresses });

    const enforce = ipAccessList.create(pair.secondary.open(), { enabled: true }, none);

    await expect(enforce).rejects.toMatchObject({ code: 'DR_ASSET_BLOCKED' });
    expect(isEnforced()).toBeNull();
  });

  it('are enforced after the lists that are there were found to let the app in', async () => {
    const target = pair.secondary.open();
    await ipAccessList.create(target, { ...offices, ip_addresses: [appAddress] }, none);

    const id = await ipAccessList.create(target, { enabled: true }, none);

    expect(isEnforced()).toBe('true');
    expect(await ipAccessList.export(target, { id, name: id })).toEqual({ enabled: true });
  });

  it('that are disabled are disabled as soon as they are settled', async () => {
    const target = pair.secondary.open();
    const body = { ...offices, list_type: 'BLOCK', enabled: false };

    const id = await ipAccessList.create(target, body, none);
    await ipAccessList.settle!(target, id, body);
    const { writes } = target.counts;
    await ipAccessList.settle!(target, id, body);

    expect(await ipAccessList.export(target, { id, name: id })).toEqual(body);
    expect(target.counts.writes).toBe(writes);
  });

  it('of the same label with other addresses are somebody else’s', () => {
    const other = { ...offices, ip_addresses: [appAddress] };

    expect(ipAccessList.contested!(offices, other)?.reason).toContain('other addresses');
    expect(ipAccessList.contested!(offices, { ...offices, enabled: false })).toBeUndefined();
  });

  it('are refused as too many by the platform, in its words', async () => {
    const many = Array.from({ length: 1001 }, (_none, at) => `10.0.${at >> 8}.${at & 255}`);
    const body = { ...offices, list_type: 'BLOCK', ip_addresses: many };

    await expect(ipAccessList.create(pair.secondary.open(), body, none)).rejects.toMatchObject({
      details: { errorCode: 'QUOTA_EXCEEDED' },
    });
  });

  it('are not applicable where the tier does not have them', async () => {
    lists('primary').takeAway();

    await expect(listAll(pair.primary.open(), 'ip-access-list')).rejects.toMatchObject({
      code: 'DR_API_FEATURE_DISABLED',
    });
  });
});
