import { ApiError, type Answer, type Area, type Call, type Core } from './area';
import { exportObject } from './tree-export';
import { importFile, importObject } from './tree-import';
import { checkedPath, isFolder, TreeStore, type TreeNode } from './tree-store';

export interface TreeArea extends Area {
  /** For areas whose objects stand in the tree too (git folders, dashboards). */
  readonly tree: TreeStore;
  /** `/Users/<userName>`, managed by that user. */
  makeHome(userName: string): void;
}

/** The platform's own folders cannot be deleted. */
const fixedPaths = ['/', '/Users', '/Shared', '/Repos'];

/** Folders, notebooks and files: https://docs.databricks.com/api/azure/workspace/workspace */
export function treeArea(core: Core): TreeArea {
  const tree = new TreeStore(core);
  return {
    name: 'workspace-tree',
    tree,
    routes: {
      'GET /api/2.0/workspace/list': (call) => list(tree, call),
      'GET /api/2.0/workspace/get-status': ({ query }) => {
        const node = tree.get(checkedPath(query.get('path')));
        return { json: show(tree, node, tree.pathOf(node)) };
      },
      'POST /api/2.0/workspace/mkdirs': ({ body, caller }) => {
        tree.makeDirectories(checkedPath(body['path']), caller);
        return {};
      },
      'POST /api/2.0/workspace/delete': (call) => remove(tree, call),
      'GET /api/2.0/workspace/export': (call) => exportObject(tree, call),
      'POST /api/2.0/workspace/import': (call) => importObject(tree, call),
      'POST /api/2.0/workspace-files/import-file/{path*}': (call) => importFile(tree, call),
    },
    makeHome: (userName) => {
      tree.makeDirectories(`/Users/${userName}`, { name: userName, servicePrincipal: false, admin: false });
    },
  };
}

/** One directory; of anything else, the object itself. An empty directory is answered with `{}`. */
function list(tree: TreeStore, { query }: Call): Answer {
  const path = checkedPath(query.get('path'));
  const node = tree.get(path);
  if (!isFolder(node)) return { json: { objects: [show(tree, node, path)] } };
  const modifiedAfterMs = Number(query.get('notebooks_modified_after') ?? 0);
  const prefix = path === '/' ? '' : path;
  const objects = tree
    .childrenOf(node)
    .filter((child) => child.type !== 'NOTEBOOK' || child.modifiedMs >= modifiedAfterMs)
    .map((child) => show(tree, child, `${prefix}/${child.name}`));
  return objects.length > 0 ? { json: { objects } } : {};
}

function show(tree: TreeStore, node: TreeNode, path: string): object {
  const { type, language, id, resource, createdMs, modifiedMs } = node;
  return {
    object_type: type,
    path,
    ...(language && { language }),
    ...(!isFolder(node) && { created_at: createdMs, modified_at: modifiedMs }),
    ...(type === 'FILE' && { size: tree.bodyOf(node).length }),
    object_id: Number(id),
    resource_id: resource?.id ?? id,
  };
}

function remove(tree: TreeStore, { body }: Call): Answer {
  const path = checkedPath(body['path']);
  const node = tree.get(path);
  if (fixedPaths.includes(path))
    throw new ApiError(400, 'BAD_REQUEST', `Folder ${path} is protected and cannot be deleted.`);
  if (body['recursive'] !== true && isFolder(node) && tree.childrenOf(node).length > 0)
    throw new ApiError(400, 'DIRECTORY_NOT_EMPTY', `Folder (${path}) is not empty.`);
  tree.remove(node);
  return {};
}
