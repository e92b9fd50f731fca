import { isWorkspaceUrl } from '../../shared/config/workspace-url';

test.each([
  'http://adb-1111111111111111.1.azuredatabricks.net',
  'https://adb-1111111111111111.1.azuredatabricks.net/',
  'https://adb-1111111111111111.1.azuredatabricks.net:443',
  'https://user@adb-1111111111111111.1.azuredatabricks.net',
  'https://adb-1111111111111111.1.azuredatabricks.net.evil.example',
  'https://evil.example/adb-1111111111111111.1.azuredatabricks.net',
  'https://adb-1111111111111111.1.azuredatabricks.net?o=1',
  'https://adb-1111111111111111.1.azuredatabricks.net\n',
  'https://adb-11.1.azuredatabricks.net',
  'http://127.0.0.1:8080',
  'http://169.254.169.254',
  '',
])('refuses %j', (url) => {
  expect(isWorkspaceUrl(url, false)).toBe(false);
});

test.each([
  'https://adb-1111111111111111.11.azuredatabricks.net',
  'https://adb-1111111111111111.1.databricks.azure.us',
  'https://adb-1111111111111111.1.databricks.azure.cn',
])('accepts %s', (url) => {
  expect(isWorkspaceUrl(url, false)).toBe(true);
});

test.each([
  { url: 'http://127.0.0.1:8080', accepted: true },
  { url: 'http://127.0.0.1', accepted: false },
  { url: 'http://127.0.0.1:80@evil.example', accepted: false },
  { url: 'http://localhost:8080', accepted: false },
  { url: 'http://127.0.0.1:8080/path', accepted: false },
])('under the local host $url is accepted: $accepted', ({ url, accepted }) => {
  expect(isWorkspaceUrl(url, true)).toBe(accepted);
});
