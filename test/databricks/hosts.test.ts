import { checkWorkspaceUrl } from '../../shared/databricks/hosts';

const strict = { allowLoopback: false };

function refusalOf(url: string): unknown {
  try {
    return checkWorkspaceUrl(url, strict);
  } catch (error) {
    return error;
  }
}

describe('the address of a workspace', () => {
  it.each([
    'https://adb-1111111111111111.1.azuredatabricks.net',
    'https://adb-1111111111111111.12.azuredatabricks.net/',
    'https://adb-1111111111111111.1.databricks.azure.us',
    'https://ADB-1111111111111111.1.databricks.azure.cn',
  ])('accepts %s', (url) => {
    expect(checkWorkspaceUrl(url, strict).origin).toMatch(/^https:\/\/adb-1{16}\./);
  });

  it.each([
    ['plain http', 'http://adb-1111111111111111.1.azuredatabricks.net'],
    ['a foreign host', 'https://example.com'],
    ['a host that only ends alike', 'https://adb-1111111111111111.1.azuredatabricks.net.example.com'],
    ['a host that only starts alike', 'https://xadb-1111111111111111.1.azuredatabricks.net'],
    ['a user', 'https://me@adb-1111111111111111.1.azuredatabricks.net'],
    ['a password', 'https://:pw@adb-1111111111111111.1.azuredatabricks.net'],
    ['a port', 'https://adb-1111111111111111.1.azuredatabricks.net:8443'],
    ['a path', 'https://adb-1111111111111111.1.azuredatabricks.net/api'],
    ['a query', 'https://adb-1111111111111111.1.azuredatabricks.net?o=1'],
    ['a fragment', 'https://adb-1111111111111111.1.azuredatabricks.net#a'],
    ['a short id', 'https://adb-1.1.azuredatabricks.net'],
    ['loopback', 'http://127.0.0.1:8080'],
    ['instance metadata', 'http://169.254.169.254'],
    ['no address', 'analytics'],
    ['nothing', ''],
  ])('refuses %s', (_name, url) => {
    expect(refusalOf(url)).toMatchObject({ code: 'DR_WORKSPACE_HOST' });
  });

  it('accepts loopback under the local host only', () => {
    const local = { allowLoopback: true };

    expect(checkWorkspaceUrl('http://127.0.0.1:8080', local).port).toBe('8080');
    expect(() => checkWorkspaceUrl('http://localhost:8080', local)).toThrow();
    expect(() => checkWorkspaceUrl('http://127.0.0.1:8080/x', local)).toThrow();
    expect(() => checkWorkspaceUrl('http://127.0.0.1.example.com', local)).toThrow();
  });

  it('does not repeat what may be a password', () => {
    expect(String(refusalOf('https://me:hunter2@example.com'))).not.toContain('hunter2');
  });
});
