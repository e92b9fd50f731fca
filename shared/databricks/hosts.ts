import { DrError } from '../domain/errors';

/** Public, government and China clouds. A workspace address is nothing but such a host: the token goes there and nowhere else. */
const workspaceHost =
  /^adb-\d{10,20}\.\d{1,2}\.(?:azuredatabricks\.net|databricks\.azure\.us|databricks\.azure\.cn)$/;

export interface HostRules {
  /** `http://127.0.0.1:<port>` is accepted too: only under the local host. */
  readonly allowLoopback: boolean;
}

/** The parsed address. Throws DR_WORKSPACE_HOST when it is not the bare `https` address of a workspace. */
export function checkWorkspaceUrl(text: string, rules: HostRules): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && isBare(url) && (isWorkspace(url) || (rules.allowLoopback && isLoopback(url)))) return url;
  throw new DrError(
    'DR_WORKSPACE_HOST',
    `cannot use ${url ? url.host : 'the address'} as a workspace: it must be https://adb-<id>.<n>.azuredatabricks.net`,
  );
}

function isBare(url: URL): boolean {
  return url.username + url.password + url.search + url.hash === '' && url.pathname === '/';
}

function isWorkspace(url: URL): boolean {
  return url.protocol === 'https:' && url.port === '' && workspaceHost.test(url.hostname);
}

function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && url.hostname === '127.0.0.1';
}
