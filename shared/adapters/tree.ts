import type { Workspace } from '../databricks/workspace';
import { DrError, hasCode } from '../domain/errors';
import { isNotebookFolder } from './notebook-run';

/** An object of the workspace tree as workspace/list gives it. */
export interface TreeRow {
  readonly object_type: string;
  readonly path: string;
  readonly object_id: number;
  readonly modified_at?: number;
}

/** The partition of what lies at the top level without being a folder. */
const topLevel = '/';
const homes = '/Users';

/** Every home, every other root, and the top level: what the kinds of the tree are listed by, together. */
export function treePartitions(from: Workspace): Promise<readonly string[]> {
  return from.once('tree:partitions', async () => {
    const roots = await foldersIn(from, topLevel);
    return [
      topLevel,
      ...roots.filter((root) => root !== homes),
      ...(roots.includes(homes) ? await foldersIn(from, homes) : []),
    ];
  });
}

async function foldersIn(from: Workspace, path: string): Promise<string[]> {
  return (await readFolder(from, path)).filter(isFolder).map((row) => row.path);
}

/** Every object of a partition, its root included. The kinds that are listed together share the walk. */
export function walkTree(from: Workspace, partition: string): Promise<readonly TreeRow[]> {
  return from.once(`walk:${partition}`, async () => {
    if (partition === topLevel) return (await readFolder(from, topLevel)).filter((row) => !isFolder(row));
    const rows = [await from.get<TreeRow & object>('/api/2.0/workspace/get-status', { path: partition })];
    let level = rows.filter(isFolder);
    while (level.length > 0) {
      const below = (await from.each(level, ({ path }) => readListedFolder(from, path))).flat();
      rows.push(...below);
      level = below.filter(isFolder);
    }
    return rows;
  });
}

export function isFolder(row: TreeRow): boolean {
  return row.object_type === 'DIRECTORY';
}

/** One level. An empty folder has no `objects`. */
async function readFolder(from: Workspace, path: string): Promise<readonly TreeRow[]> {
  const answer = await from.get<{ objects?: TreeRow[] }>('/api/2.0/workspace/list', { path });
  // What lies there only while a notebook of ours runs is nobody's asset.
  return (answer.objects ?? []).filter((row) => !isNotebookFolder(row.path));
}

/** A folder that is gone between two levels makes the walk incomplete: it must not look like a partition that is not there. */
async function readListedFolder(from: Workspace, path: string): Promise<readonly TreeRow[]> {
  try {
    return await readFolder(from, path);
  } catch (error) {
    if (!hasCode(error, 'DR_API_NOT_FOUND')) throw error;
    throw new DrError('DR_ASSET_VANISHED', `cannot list ${path}: it is gone`, error.details, {
      cause: error,
    });
  }
}

/** The folder that must be there before an object of the tree; absent for what lies at the top level. */
export function parentOf(path: string): { parent?: string } {
  const parent = path.slice(0, path.lastIndexOf('/'));
  return parent === '' || parent === homes ? {} : { parent };
}

/** The name of the user whose home a path is. */
export function homeOwner(path: string): string | undefined {
  return /^\/Users\/([^/]+)$/.exec(path)?.[1];
}
