const databricksHost =
  /^https:\/\/adb-\d{10,20}\.\d{1,2}\.(?:azuredatabricks\.net|databricks\.azure\.us|databricks\.azure\.cn)$/;
const loopback = /^http:\/\/127\.0\.0\.1:\d{1,5}$/;

/**
 * True for the URL of an Azure Databricks workspace, in the public cloud, US Government or China: https, no user, port, path or query.
 * Tokens are sent there, so nothing else passes; `http://127.0.0.1:<port>` only under the local host.
 */
export function isWorkspaceUrl(url: string, allowLoopback: boolean): boolean {
  return databricksHost.test(url) || (allowLoopback && loopback.test(url));
}
