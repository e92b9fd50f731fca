import { ApiError, type Answer, type Area, type Call, type Core } from './area';
import { requireAdmin } from './auth';

/** What other areas ask about the settings of the workspace. */
export interface WorkspaceConfArea extends Area {
  isOn(key: string): boolean;
}

/** The keys that this workspace knows; others are refused, and the whole request with them. */
const knownKeys: readonly string[] = [
  ...['enableIpAccessLists', 'enableTokensConfig', 'maxTokenLifetimeDays', 'maxUserInactiveDays'],
  ...[
    'enableExportNotebook',
    'enableResultsDownloading',
    'enableNotebookTableClipboard',
    'enableUploadDataUis',
  ],
  ...['enableDbfsFileBrowser', 'enableWebTerminal', 'enableVerboseAuditLogs', 'enableJobViewAcls'],
  ...['enforceClusterViewAcls', 'enforceWorkspaceViewAcls', 'enforceUserIsolation', 'projectsAllowList'],
  ...['enableProjectsAllowList', 'projectsAllowListPermissions', 'enableProjectTypeInWorkspace'],
  ...['enableDeprecatedGlobalInitScripts', 'enableDeprecatedClusterNamedInitScripts'],
  ...['storeInteractiveNotebookResultsInCustomerAccount', 'enableDatabricksAutologgingAdminConf'],
  ...['mlflowRunArtifactDownloadEnabled', 'reposIpynbResultsExportPermissions', 'enableWorkspaceFilesystem'],
];

/** Settings of the workspace, strings by key: https://docs.databricks.com/api/azure/workspace/workspaceconf */
export function workspaceConfArea(core: Core): WorkspaceConfArea {
  const values = core.section<Record<string, string>>('workspace-conf', () => ({}));
  return {
    name: 'workspace-conf',
    routes: {
      'GET /api/2.0/workspace-conf': (call) => read(values, call),
      'PATCH /api/2.0/workspace-conf': (call) => change(values, call),
    },
    isOn: (key) => values[key] === 'true',
  };
}

/** What nobody has set is null. */
function read(values: Readonly<Record<string, string>>, { query, caller }: Call): Answer {
  requireAdmin(caller);
  const keys = (query.get('keys') ?? '').split(',').filter((key) => key !== '');
  if (keys.length === 0) throw new ApiError(400, 'BAD_REQUEST', 'No keys were given.');
  checkKeys(keys);
  return { json: Object.fromEntries(keys.map((key) => [key, values[key] ?? null])) };
}

function change(values: Record<string, string>, { body, caller }: Call): Answer {
  requireAdmin(caller);
  checkKeys(Object.keys(body));
  for (const [key, value] of Object.entries(body))
    if (typeof value !== 'string')
      throw new ApiError(400, 'BAD_REQUEST', `The value of ${key} must be a string.`);
  Object.assign(values, body);
  return { status: 204, bytes: Buffer.alloc(0) };
}

function checkKeys(keys: readonly string[]): void {
  const unknown = keys.filter((key) => !knownKeys.includes(key));
  if (unknown.length > 0) throw new ApiError(400, 'BAD_REQUEST', `Invalid keys: ${JSON.stringify(unknown)}`);
}
