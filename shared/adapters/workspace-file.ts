import type { Workspace } from '../databricks/workspace';
import { DrError, hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { removePath } from './removal';
import { parentOf, treePartitions, walkTree } from './tree';
import { orVanished } from './vanished';

export interface WorkspaceFileBody {
  readonly path: string;
  readonly parent?: string;
  /** Base64. */
  readonly content: string;
}

/** Types that are kinds of their own. */
const carriedElsewhere: ReadonlySet<string> = new Set([
  ...['DIRECTORY', 'NOTEBOOK', 'REPO'],
  ...['DASHBOARD', 'QUERY', 'ALERT'],
]);

/** What else lies in the tree: why it is not carried. */
const notCarried: Readonly<Record<string, string>> = {
  LIBRARY: 'library of the legacy kind: install it as a cluster library',
  MLFLOW_EXPERIMENT: 'MLflow experiment: not carried',
};

export const workspaceFile: Adapter<WorkspaceFileBody> = {
  kind: 'workspace-file',
  everywhere: true,
  step: 'notebooks',
  carries: 'raw bytes and the name with its extension, up to 10 MB',
  references: [{ at: 'parent', to: 'directory', by: 'path' }],
  ignore: [],
  batchSize: 50,
  repeatable: true,
  partitions: treePartitions,

  async *list(from, partition) {
    for (const row of await walkTree(from, partition)) {
      const stub = { id: row.path, name: row.path, path: row.path, objectId: String(row.object_id) };
      const version = row.modified_at === undefined ? {} : { version: String(row.modified_at) };
      if (row.object_type === 'FILE') yield { ...stub, ...version };
      else if (!carriedElsewhere.has(row.object_type)) {
        yield { ...stub, skip: notCarried[row.object_type] ?? `${row.object_type}: not carried` };
      }
    }
  },
  export: (from, stub) => orVanished(`workspace-file/${stub.id}`, readFile(from, stub.id)),
  find: (index, asset) => index.byPath(asset.body.path)?.id,
  create: (target, body) => importFile(target, body, false),
  async update(target, _id, body) {
    await importFile(target, body, true);
  },
  remove: removePath,
};

/** RAW, because AUTO makes a notebook of a file that looks like one, and drops its extension. */
async function importFile(
  target: Workspace,
  { path, content }: WorkspaceFileBody,
  overwrite: boolean,
): Promise<string> {
  const request = { path, format: 'RAW', content, overwrite };
  await target.post('/api/2.0/workspace/import', request, { repeatable: true });
  return path;
}

async function readFile(from: Workspace, path: string): Promise<WorkspaceFileBody> {
  try {
    const query = { path, format: 'AUTO', direct_download: true };
    const bytes = await from.getBytes('/api/2.0/workspace/export', query);
    return { path, ...parentOf(path), content: bytes.toString('base64') };
  } catch (error) {
    if (!hasCode(error, 'DR_API_TOO_LARGE')) throw error;
    const message = `cannot export workspace-file/${path}: the platform gives no file of more than 10 MB: copy it to a volume`;
    throw new DrError('DR_ASSET_TOO_LARGE', message, error.details, { cause: error });
  }
}
