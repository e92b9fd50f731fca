import { hashBody } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { Adapter } from './adapter';
import { inUse, removePath } from './removal';
import { homeOwner, isFolder, parentOf, treePartitions, walkTree, type TreeRow } from './tree';
import { orVanished } from './vanished';

export interface DirectoryBody {
  readonly path: string;
  readonly parent?: string;
  /** The user whose home it is. */
  readonly home_of?: string;
}

export const directory: Adapter<DirectoryBody> = {
  kind: 'directory',
  everywhere: true,
  step: 'notebooks',
  carries: 'every folder, the empty ones too',
  references: [
    { at: 'home_of', to: 'user', by: 'name' },
    { at: 'parent', to: 'directory', by: 'path' },
  ],
  ignore: [],
  batchSize: 50,
  repeatable: true,
  partitions: treePartitions,

  async *list(from, partition) {
    for (const row of (await walkTree(from, partition)).filter(isFolder)) {
      const stub = { id: row.path, name: row.path, path: row.path, objectId: String(row.object_id) };
      const body = bodyOf(row.path);
      yield { ...stub, version: hashBody(body), body };
    }
  },
  // Asked only where the listing does not tell: what came to its path since then may be no folder.
  async export(from, { id }) {
    const read = from.get<TreeRow & object>('/api/2.0/workspace/get-status', { path: id });
    if (isFolder(await orVanished(`directory/${id}`, read))) return bodyOf(id);
    throw new DrError('DR_ASSET_VANISHED', `cannot read directory/${id}: what lies there is no folder`);
  },
  find: (index, asset) => index.byPath(asset.body.path)?.id,
  // Makes the folders above it too, and answers well when it is there.
  async create(target, { path }) {
    await target.post('/api/2.0/workspace/mkdirs', { path }, { repeatable: true });
    return path;
  },
  // What is not ours may lie in it: it goes only when it is empty, and the home of a user stays with the user.
  async remove(target, path, { home_of }) {
    if (home_of !== undefined) throw inUse(`directory/${path}`, `it is the home of ${home_of}`);
    const { objects = [] } = await target.get<{ objects?: unknown[] }>('/api/2.0/workspace/list', { path });
    if (objects.length > 0) throw inUse(`directory/${path}`, 'it is not empty');
    await removePath(target, path);
  },
};

function bodyOf(path: string): DirectoryBody {
  const owner = homeOwner(path);
  return { path, ...parentOf(path), ...(owner === undefined ? {} : { home_of: owner }) };
}
