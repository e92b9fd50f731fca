import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import { hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { listedBody } from './vanished';

export interface WorkspaceConfBody {
  readonly key: string;
  readonly value: string;
}

/**
 * The API lists no keys: these are the documented ones. `enableIpAccessLists` is not among them, it comes with the lists (ip-access-list).
 * https://docs.databricks.com/api/azure/workspace/workspaceconf, https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/workspace_conf
 */
const carriedKeys: readonly string[] = [
  'enable-X-Content-Type-Options',
  'enable-X-Frame-Options',
  'enable-X-XSS-Protection',
  'enableDatabricksAutologgingAdminConf',
  'enableDbfsFileBrowser',
  'enableDcs',
  'enableDeprecatedClusterNamedInitScripts',
  'enableDeprecatedGlobalInitScripts',
  'enableExportNotebook',
  'enableFileStoreEndpoint',
  'enableJobViewAcls',
  'enableLegacyNotebookVisualizations',
  'enableLibraryAndInitScriptOnSharedCluster',
  'enableNotebookTableClipboard',
  'enablePipelinesDataSample',
  'enableProjectTypeInWorkspace',
  'enableProjectsAllowList',
  'enableResultsDownloading',
  'enableUploadDataUis',
  'enableVerboseAuditLogs',
  'enableWebTerminal',
  'enableWorkspaceFilesystem',
  'enforceClusterViewAcls',
  'enforceUserIsolation',
  'enforceWorkspaceViewAcls',
  'mlflowModelRegistryEmailNotificationsEnabled',
  'mlflowModelServingEndpointCreationEnabled',
  'mlflowRunArtifactDownloadEnabled',
  'projectsAllowList',
  'projectsAllowListPermissions',
  'rStudioUserDefaultHomeBase',
  'reposIpynbResultsExportPermissions',
  'storeInteractiveNotebookResultsInCustomerAccount',
];

/** Keys that are told and left alone: what they could do to a standby. */
const leftAlone: Readonly<Record<string, string>> = {
  customerApprovedWSLoginExpirationTime: 'it admits the support of the platform to one workspace for a time',
  enableTokensConfig: 'it could take away the token with which the app calls',
  maxTokenLifetimeDays: 'it could end the token with which the app calls',
  maxUserInactiveDays: 'nobody is active in a standby: everyone would be disabled there',
};

/** Settings of the whole workspace, one asset a key. What nobody has set is no asset. */
export const workspaceConf: Adapter<WorkspaceConfBody> = {
  kind: 'workspace-conf',
  step: 'ecosystem',
  carries:
    'settings of the documented keys, where set; not: what could lock the app out or disable idle users',
  references: [],
  ignore: [],
  batchSize: 10,
  repeatable: true,

  async *list(from) {
    const values = await readConf(from, [...carriedKeys, ...Object.keys(leftAlone)]);
    for (const [key, value] of Object.entries(values)) {
      if (value === null) continue;
      const why = leftAlone[key];
      const body = { key, value: String(value) };
      if (why === undefined) yield { id: key, name: key, version: hashBody(body), body };
      else yield { id: key, name: key, skip: `${why}; it is ${String(value)} at the source: set it by hand` };
    }
  },
  export: (_from, stub) => listedBody('workspace-conf', stub),
  find: (index, { body }) => index.byId(body.key)?.id,
  async create(target, body) {
    await setConf(target, body);
    return body.key;
  },
  update: (target, _id, body) => setConf(target, body),
};

type Values = Readonly<Record<string, string | boolean | number | null>>;

/** One key that a workspace does not know spoils the whole request: then they are asked one by one. */
async function readConf(from: Workspace, keys: readonly string[]): Promise<Values> {
  try {
    return await readKeys(from, keys);
  } catch (error) {
    if (!isUnknownKey(error)) throw error;
    const answers = await from.each(keys, (key) => readKeys(from, [key]).catch(ifUnknown));
    // Not one of them: this is no matter of keys.
    if (answers.every((answer) => answer === undefined)) throw error;
    return Object.assign({}, ...answers) as Values;
  }
}

function readKeys(from: Workspace, keys: readonly string[]): Promise<Values> {
  return from.get<Values & object>('/api/2.0/workspace-conf', { keys: keys.join() });
}

function ifUnknown(error: unknown): undefined {
  if (!isUnknownKey(error)) throw error;
}

function isUnknownKey(error: unknown): boolean {
  return hasCode(error, 'DR_API_BAD_REQUEST', 'DR_API_NOT_FOUND');
}

async function setConf(target: Workspace, { key, value }: WorkspaceConfBody): Promise<void> {
  await target.patch('/api/2.0/workspace-conf', { [key]: value });
}
