import { type SecretsArea } from '../../local/workspace/secrets';
import {
  adminToken,
  analyst,
  analystToken,
  base64,
  type HttpAnswer,
  openWorkspace,
  type TestWorkspace,
} from '../support/emulated-workspace';

const entraToken = 'eyJhbGciOiJub25lIn0.eyJvaWQiOiIxIn0.';
const api = '/api/2.0/secrets';
const vault = {
  resource_id: '/subscriptions/1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-east',
  dns_name: 'https://kv-east.vault.azure.net/',
};

describe('the secrets of a workspace', () => {
  let emulated: TestWorkspace;
  beforeEach(async () => {
    emulated = await openWorkspace({
      tokens: {
        [analystToken]: analyst,
        [entraToken]: { name: 'deployer@example.com', servicePrincipal: false, admin: true },
      },
    });
    await post('scopes/create', { scope: 'etl' });
  });
  afterEach(() => emulated.workspace.close());

  function post(path: string, body: object, token = adminToken): Promise<HttpAnswer> {
    return emulated.send('POST', `${api}/${path}`, body, token);
  }

  function get(path: string, token = adminToken): Promise<HttpAnswer> {
    return emulated.send('GET', `${api}/${path}`, undefined, token);
  }

  function refused({ status, json }: HttpAnswer): unknown[] {
    return [status, (json as { error_code?: string }).error_code];
  }

  it('lists scopes with where they keep their secrets', async () => {
    const body = { scope: 'kv', scope_backend_type: 'AZURE_KEYVAULT', backend_azure_keyvault: vault };

    expect((await post('scopes/create', body, entraToken)).status).toBe(200);

    expect((await get('scopes/list')).json).toEqual({
      scopes: [
        { name: 'etl', backend_type: 'DATABRICKS' },
        { name: 'kv', backend_type: 'AZURE_KEYVAULT', keyvault_metadata: vault },
      ],
    });
  });

  it('gives a scope over a key vault only to a caller from Entra ID', async () => {
    const body = { scope: 'kv', scope_backend_type: 'AZURE_KEYVAULT', backend_azure_keyvault: vault };

    expect(refused(await post('scopes/create', body))).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });

  it('shows what lies in a key vault, and does not write there', async () => {
    const body = { scope: 'kv', scope_backend_type: 'AZURE_KEYVAULT', backend_azure_keyvault: vault };
    await post('scopes/create', body, entraToken);
    emulated.workspace.core.area<SecretsArea>('secrets').store.putInVault(vault.dns_name, 'pw', 'one');

    const written = await post('put', { scope: 'kv', key: 'pw', string_value: 'two' });

    expect(refused(written)).toEqual([400, 'BAD_REQUEST']);
    expect((await get('get?scope=kv&key=pw')).json).toEqual({ key: 'pw', value: base64('one') });
    expect(refused(await post('delete', { scope: 'kv', key: 'pw' }))).toEqual([400, 'BAD_REQUEST']);
  });

  it('keeps values, text or bytes, and says when they were set', async () => {
    await post('put', { scope: 'etl', key: 'pw', string_value: 'hüsh' });
    emulated.clock.nowMs += 5_000;
    await post('put', { scope: 'etl', key: 'blob', bytes_value: 'AP8=' });

    expect((await get('list?scope=etl')).json).toEqual({
      secrets: [
        { key: 'pw', last_updated_timestamp: emulated.clock.nowMs - 5_000 },
        { key: 'blob', last_updated_timestamp: emulated.clock.nowMs },
      ],
    });
    expect((await get('get?scope=etl&key=pw')).json).toEqual({ key: 'pw', value: base64('hüsh') });
    expect((await get('get?scope=etl&key=blob')).json).toEqual({ key: 'blob', value: 'AP8=' });
    await post('delete', { scope: 'etl', key: 'pw' });
    expect(refused(await get('get?scope=etl&key=pw'))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });

  it.each([
    ['a scope that is there', 'scopes/create', { scope: 'etl' }, 400, 'RESOURCE_ALREADY_EXISTS'],
    ['a scope with a bad name', 'scopes/create', { scope: 'a/b' }, 400, 'INVALID_PARAMETER_VALUE'],
    [
      'a scope for one group',
      'scopes/create',
      { scope: 'x', initial_manage_principal: 'analysts' },
      400,
      'BAD_REQUEST',
    ],
    ['deleting no scope', 'scopes/delete', { scope: 'x' }, 404, 'RESOURCE_DOES_NOT_EXIST'],
    [
      'a secret in no scope',
      'put',
      { scope: 'x', key: 'a', string_value: '1' },
      404,
      'RESOURCE_DOES_NOT_EXIST',
    ],
    ['a secret without a value', 'put', { scope: 'etl', key: 'a' }, 400, 'MALFORMED_REQUEST'],
    [
      'a secret that is too long',
      'put',
      { scope: 'etl', key: 'a', string_value: 'x'.repeat(128 * 1024 + 1) },
      400,
      'INVALID_PARAMETER_VALUE',
    ],
    ['deleting no secret', 'delete', { scope: 'etl', key: 'a' }, 404, 'RESOURCE_DOES_NOT_EXIST'],
    [
      'an access for nobody',
      'acls/put',
      { scope: 'etl', principal: 'nobody', permission: 'READ' },
      400,
      'INVALID_PARAMETER_VALUE',
    ],
    [
      'taking what nobody has',
      'acls/delete',
      { scope: 'etl', principal: 'users' },
      404,
      'RESOURCE_DOES_NOT_EXIST',
    ],
  ])('refuses %s', async (_what, path, body, status, code) => {
    expect(refused(await post(path, body))).toEqual([status, code]);
  });

  it('takes 1,000 secrets in a scope', async () => {
    const { store } = emulated.workspace.core.area<SecretsArea>('secrets');
    for (let at = 0; at < 1_000; at += 1) store.put(store.scope('etl'), `key-${at}`, Buffer.from('x'));

    const more = await post('put', { scope: 'etl', key: 'more', string_value: 'x' });

    expect(refused(more)).toEqual([400, 'RESOURCE_LIMIT_EXCEEDED']);
    expect((await post('put', { scope: 'etl', key: 'key-1', string_value: 'y' })).status).toBe(200);
  });

  it('lets whoever makes a scope manage it, or everybody', async () => {
    await post('scopes/create', { scope: 'mine' }, analystToken);
    await post('scopes/create', { scope: 'ours', initial_manage_principal: 'users' });

    expect((await get('acls/list?scope=mine')).json).toEqual({
      items: [{ principal: analyst.name, permission: 'MANAGE' }],
    });
    expect((await get('acls/list?scope=ours', analystToken)).json).toEqual({
      items: [{ principal: 'users', permission: 'MANAGE' }],
    });
  });

  it('lets nobody read, write or manage without the permission', async () => {
    await post('put', { scope: 'etl', key: 'pw', string_value: 'x' });
    const tries = () =>
      Promise.all([
        get('get?scope=etl&key=pw', analystToken),
        post('put', { scope: 'etl', key: 'pw', string_value: 'y' }, analystToken),
        get('acls/list?scope=etl', analystToken),
      ]).then((answers) => answers.map(({ status }) => status));
    const grant = (permission: string) =>
      post('acls/put', { scope: 'etl', principal: analyst.name, permission });

    expect(await tries()).toEqual([403, 403, 403]);
    await grant('READ');
    expect(await tries()).toEqual([200, 403, 403]);
    await grant('WRITE');
    expect(await tries()).toEqual([200, 200, 403]);
    await grant('MANAGE');
    expect(await tries()).toEqual([200, 200, 200]);
    await post('acls/delete', { scope: 'etl', principal: analyst.name });
    expect(await tries()).toEqual([403, 403, 403]);
  });

  it('lets administrators manage also where they are not named', async () => {
    await post('acls/delete', { scope: 'etl', principal: 'admin@example.com' });

    expect((await get('acls/list?scope=etl')).json).toEqual({});
    expect((await post('acls/put', { scope: 'etl', principal: 'users', permission: 'READ' })).status).toBe(
      200,
    );
    expect((await get('acls/get?scope=etl&principal=users')).json).toEqual({
      principal: 'users',
      permission: 'READ',
    });
  });
});
