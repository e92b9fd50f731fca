import type { Workspace } from '../databricks/workspace';
import { DrError, hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { removePath } from './removal';
import { parentOf, treePartitions, walkTree } from './tree';
import { orVanished } from './vanished';

export interface NotebookBody {
  readonly path: string;
  readonly parent?: string;
  readonly language: string;
  /** JUPYTER without outputs only where the platform refuses to give the source. */
  readonly format: 'SOURCE' | 'JUPYTER';
  /** Base64. */
  readonly content: string;
}

interface Exported {
  readonly content: string;
  readonly file_type?: string;
}

const languages: Readonly<Record<string, string>> = { py: 'PYTHON', scala: 'SCALA', sql: 'SQL', r: 'R' };

export const notebook: Adapter<NotebookBody> = {
  kind: 'notebook',
  everywhere: true,
  step: 'notebooks',
  carries: 'source and language, byte for byte, up to 10 MB; not: outputs, revisions, comments',
  references: [{ at: 'parent', to: 'directory', by: 'path' }],
  ignore: [],
  batchSize: 50,
  repeatable: true,
  partitions: treePartitions,

  async *list(from, partition) {
    for (const row of await walkTree(from, partition)) {
      if (row.object_type !== 'NOTEBOOK') continue;
      const version = row.modified_at === undefined ? {} : { version: String(row.modified_at) };
      yield { id: row.path, name: row.path, path: row.path, objectId: String(row.object_id), ...version };
    }
  },
  export: (from, stub) => orVanished(`notebook/${stub.id}`, readNotebook(from, stub.id)),
  find: (index, asset) => index.byPath(asset.body.path)?.id,
  create: (target, body) => importNotebook(target, body, false),
  async update(target, _id, body) {
    await importNotebook(target, body, true);
  },
  remove: removePath,
};

async function importNotebook(target: Workspace, body: NotebookBody, overwrite: boolean): Promise<string> {
  const { path, language, format, content } = body;
  const request = { path, language, format, content, overwrite };
  await target.post('/api/2.0/workspace/import', request, { repeatable: true });
  return path;
}

async function readNotebook(from: Workspace, path: string): Promise<NotebookBody> {
  const { format, content, file_type } = await exportSmallest(from, path);
  const language = languages[file_type ?? ''] ?? (await readLanguage(from, path));
  return { path, ...parentOf(path), language, format, content };
}

/** The 10 MB limit counts what is exported: the limit on SOURCE may be passed where JUPYTER without outputs is not. */
async function exportSmallest(
  from: Workspace,
  path: string,
): Promise<Exported & { readonly format: NotebookBody['format'] }> {
  try {
    return { ...(await exportAs(from, path, { format: 'SOURCE' })), format: 'SOURCE' };
  } catch (error) {
    if (!hasCode(error, 'DR_API_TOO_LARGE')) throw error;
  }
  try {
    return { ...(await exportAs(from, path, { format: 'JUPYTER', outputs: 'NONE' })), format: 'JUPYTER' };
  } catch (error) {
    if (!hasCode(error, 'DR_API_TOO_LARGE')) throw error;
    const message = `cannot export notebook/${path}: the platform gives no notebook of more than 10 MB: split it`;
    throw new DrError('DR_ASSET_TOO_LARGE', message, error.details, { cause: error });
  }
}

/** As JSON, not as raw bytes: only so it says in which language the notebook is, and the content is wanted in base64 anyway. */
function exportAs(from: Workspace, path: string, how: Readonly<Record<string, string>>): Promise<Exported> {
  return from.get<Exported & object>('/api/2.0/workspace/export', { path, ...how });
}

async function readLanguage(from: Workspace, path: string): Promise<string> {
  const status = await from.get<{ language?: string }>('/api/2.0/workspace/get-status', { path });
  return status.language ?? 'PYTHON';
}
