import { parsePython } from '../../local/workspace/python-syntax';
import { discoveryNotebook, mountByHand, mountNotebook, ruleFor } from '../../shared/domain/mounts';

const credential = { scope: 'lake', key: 'sp' };
const rules = [
  { match: '/mnt/sales', kind: 'sas', ...credential },
  { match: '/mnt/s*', kind: 'accountKey', ...credential },
  { match: '/mnt/s.les', kind: 'servicePrincipal', ...credential },
] as const;
const options = { discover: true, everyHours: 0, sparkVersion: '', nodeType: '', how: rules };
const lake = { mount_point: '/mnt/sales', source: 'abfss://sales@lake.dfs.core.windows.net/raw' };
const blobs = { mount_point: '/mnt/old', source: 'wasbs://old@lake.blob.core.windows.net' };

describe('the rule for a mount point', () => {
  it.each([
    ['/mnt/sales', 'sas'],
    ['/mnt/stock/raw', 'accountKey'],
    ['/mnt/x', undefined],
    ['/other/mnt/sales', undefined],
    ['/mnt/sxles', 'accountKey'],
  ])('is the first that matches: %s', (mountPoint, kind) => {
    expect(ruleFor(mountPoint, options)?.kind).toBe(kind);
  });
});

describe('a notebook that mounts', () => {
  it.each([
    ['sas', blobs, '"fs.azure.sas.old.lake.blob.core.windows.net"'],
    ['accountKey', blobs, '"fs.azure.account.key.lake.blob.core.windows.net"'],
    ['servicePrincipal', lake, '"fs.azure.account.oauth2.client.secret"'],
  ] as const)('reads the credential from the scope: %s', (kind, body, setting) => {
    const text = mountNotebook(body, { match: '*', kind, ...credential }, false);

    expect(text).toContain(`${setting}: dbutils.secrets.get(scope = "lake", key = "sp")`);
  });

  it('leaves what is mounted there alone, unless it is ours', () => {
    const foreign = mountNotebook(lake, rules[0], false);
    const ours = mountNotebook(lake, rules[0], true);

    expect([foreign.includes('updateMount'), ours.includes('updateMount')]).toEqual([false, true]);
  });

  it.each([
    ['a quote', '/mnt/a"b'],
    ['a backslash', '/mnt/a\\b'],
    ['a line break', '/mnt/a\nb'],
    ['code', '/mnt/"); dbutils.fs.rm("/'],
  ])('takes a name for a text, whatever is in it: %s', (_what, mount_point) => {
    const statements = parsePython(mountNotebook({ ...lake, mount_point }, rules[0], false));

    expect(statements).toHaveLength(4);
    expect(JSON.stringify(statements[1])).toContain(JSON.stringify(mount_point));
  });

  it('is code, as the one that lists is', () => {
    expect(parsePython(discoveryNotebook)).toHaveLength(1);
  });
});

describe('the statement for a person', () => {
  it('has everything but the names that only a person knows', () => {
    expect(mountByHand(blobs)).toBe(
      'dbutils.fs.mount(source = "wasbs://old@lake.blob.core.windows.net", mount_point = "/mnt/old", extra_configs = {"fs.azure.account.key.lake.blob.core.windows.net": dbutils.secrets.get(scope = "<scope>", key = "<key>")})',
    );
    expect(mountByHand({ ...lake, encryption_type: 'sse-s3' })).toContain(
      'mount_point = "/mnt/sales", encryption_type = "sse-s3", extra_configs = {"fs.azure.account.auth.type": "OAuth"',
    );
  });
});
