import { permission } from '../../shared/adapters/permission';
import { findReferences } from '../../shared/domain/references';
import { fillEstate } from '../support/adapter-estate';
import { indexOf, listAll, openAdapterPair, type AdapterPair } from '../support/adapter-workspaces';

let pair: AdapterPair;
const home = '/Users/alice@example.com';
const alice = { user_name: 'alice@example.com', permission_level: 'CAN_MANAGE' };
const analysts = { group_name: 'analysts', permission_level: 'CAN_READ' };

beforeAll(async () => {
  pair = await openAdapterPair();
  fillEstate(pair.primary.emulated);
});

afterAll(() => pair.close());

describe('permissions', () => {
  it('are one asset for each carried object, with the object as its owner', async () => {
    const from = pair.primary.open();
    const stubs = await listAll(from, 'permission');
    const kinds = [
      'directory',
      'notebook',
      'workspace-file',
      'git-folder',
      'cluster',
      'instance-pool',
      'cluster-policy',
      'job',
      ...['pipeline', 'sql-warehouse', 'query', 'alert', 'dashboard'],
    ];
    const objects = await Promise.all(
      kinds.map(async (kind) => (await listAll(from, kind)).filter(({ skip }) => !skip).length),
    );

    expect(stubs).toHaveLength(objects.reduce((sum, count) => sum + count, 0));
    expect(stubs).toContainEqual(
      expect.objectContaining({
        id: `notebook:${home}/etl/load`,
        owner: `notebook/${home}/etl/load`,
        path: `${home}/etl/load`,
      }),
    );
  });

  it('leave out what is inherited: an object without direct entries has an empty list', async () => {
    const from = pair.primary.open();
    const stub = (await listAll(from, 'permission')).find(({ id }) => id === `directory:${home}`)!;

    const body = await permission.export(from, stub);
    const ofNotebook = await permission.export(from, { id: `notebook:${home}/etl/load`, name: '' });

    expect(body).toEqual({ directory: home, access_control_list: [alice] });
    expect(ofNotebook).toEqual({ notebook: `${home}/etl/load`, access_control_list: [] });
  });

  it('point at their object and at every principal', () => {
    const body = { notebook: `${home}/nb`, access_control_list: [alice, analysts] };

    expect(findReferences(body, permission.references).map(({ key, by }) => `${by} ${key}`)).toEqual([
      `path notebook/${home}/nb`,
      'name user/alice@example.com',
      'name group/analysts',
    ]);
  });

  it('are replaced as a set: revocations travel', async () => {
    const target = pair.primary.open();
    const index = indexOf(await listAll(target, 'directory'));
    const stub = { id: 'directory:/Project', name: '/Project' };

    await permission.create(target, { directory: '/Project', access_control_list: [alice, analysts] }, index);
    await permission.update!(
      target,
      stub.id,
      { directory: '/Project', access_control_list: [analysts] },
      index,
    );

    expect((await permission.export(target, stub)).access_control_list).toEqual([analysts]);
  });

  it('look the object up when the listing does not have it', async () => {
    const target = pair.primary.open();

    const id = await permission.create(
      target,
      { directory: '/Shared/lib', access_control_list: [alice] },
      indexOf([]),
    );

    expect(id).toBe('directory:/Shared/lib');
    expect((await permission.export(target, { id, name: '' })).access_control_list).toEqual([alice]);
  });

  it('of an object that is gone say so', async () => {
    const gone = permission.export(pair.primary.open(), { id: 'job:404', name: '', objectId: '404' });

    await expect(gone).rejects.toMatchObject({ code: 'DR_ASSET_VANISHED' });
  });
});
