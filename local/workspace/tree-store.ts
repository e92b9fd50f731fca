import { ApiError, type Caller, type Core } from './area';

export const languages = ['PYTHON', 'SQL', 'SCALA', 'R'] as const;
export type Language = (typeof languages)[number];
export type ObjectType =
  'NOTEBOOK' | 'DIRECTORY' | 'FILE' | 'LIBRARY' | 'REPO' | 'DASHBOARD' | 'QUERY' | 'ALERT';

/** What stands for an object of another area: its type in the permissions API, and its id there. */
export interface TreeResource {
  readonly type: string;
  readonly id: string;
}

export interface TreeNode {
  readonly id: string;
  name: string;
  /** Absent: the root. */
  readonly parent?: string;
  readonly type: ObjectType;
  language?: Language;
  readonly resource?: TreeResource;
  readonly createdMs: number;
  modifiedMs: number;
}

interface TreeSection {
  readonly nodes: Record<string, TreeNode>;
  /** Source of notebooks, content of files, by id. */
  readonly bodies: Record<string, Buffer>;
}

/** What stands at a path, before it has an identity. */
export interface NewNode {
  readonly type: ObjectType;
  readonly language?: Language;
  readonly body?: Buffer;
  readonly resource?: TreeResource;
}

const securableTypes = {
  NOTEBOOK: 'notebooks',
  DIRECTORY: 'directories',
  FILE: 'files',
  LIBRARY: 'files',
  REPO: 'repos',
  DASHBOARD: 'dashboards',
  QUERY: 'queries',
  ALERT: 'alertsv2',
} as const satisfies Record<ObjectType, string>;
const roots = ['Users', 'Shared', 'Repos'];
const system: Caller = { name: 'System-User', servicePrincipal: true, admin: true };

/** The workspace's folders and what lies in them. */
export class TreeStore {
  private readonly section: TreeSection;
  private readonly children = new Map<string, Map<string, TreeNode>>();
  readonly root: TreeNode;

  constructor(private readonly core: Core) {
    this.section = core.section<TreeSection>('workspace-tree', () => ({ nodes: {}, bodies: {} }));
    const nodes = Object.values(this.section.nodes);
    for (const node of nodes) this.index(node);
    this.root = nodes.find((node) => node.parent === undefined) ?? this.plant();
  }

  /** The object at a path that was checked by {@link checkedPath}. */
  find(path: string): TreeNode | undefined {
    let node: TreeNode | undefined = this.root;
    for (const name of namesOf(path)) node = node && this.children.get(node.id)?.get(name);
    return node;
  }

  get(path: string): TreeNode {
    const node = this.find(path);
    if (!node) throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Path (${path}) doesn't exist.`);
    return node;
  }

  byId(id: string): TreeNode | undefined {
    return Object.hasOwn(this.section.nodes, id) ? this.section.nodes[id] : undefined;
  }

  childrenOf(node: TreeNode): TreeNode[] {
    return [...(this.children.get(node.id)?.values() ?? [])];
  }

  pathOf(node: TreeNode): string {
    const names: string[] = [];
    for (let at: TreeNode | undefined = node; at?.parent !== undefined; at = this.section.nodes[at.parent])
      names.unshift(at.name);
    return `/${names.join('/')}`;
  }

  bodyOf(node: TreeNode): Buffer {
    return this.section.bodies[node.id] ?? Buffer.alloc(0);
  }

  /** Makes something new; the parent must be there and the place free. */
  add(path: string, fresh: NewNode, creator: Caller): TreeNode {
    const parent = this.parentOf(path);
    return this.insert(parent, namesOf(path).at(-1) ?? '', fresh, creator);
  }

  /** Replaces what a notebook or file holds; its id stays. */
  overwrite(node: TreeNode, fresh: NewNode): void {
    if (fresh.language) node.language = fresh.language;
    this.section.bodies[node.id] = fresh.body ?? Buffer.alloc(0);
    // Two writes within a millisecond are still two versions.
    node.modifiedMs = Math.max(this.core.nowMs(), node.modifiedMs + 1);
  }

  /** Gives it another name in the same folder; the place must be free. */
  rename(node: TreeNode, name: string): void {
    this.children.get(node.parent ?? '')?.delete(node.name);
    node.name = name;
    this.index(node);
  }

  /** Makes all directories of a path; returns the last. */
  makeDirectories(path: string, creator: Caller): TreeNode {
    let node = this.root;
    for (const name of namesOf(path)) {
      const child = this.children.get(node.id)?.get(name);
      node = child ?? this.insert(node, name, { type: 'DIRECTORY' }, creator);
      if (!isFolder(node)) throw alreadyExists(this.pathOf(node));
    }
    return node;
  }

  parentOf(path: string): TreeNode {
    const parentPath = path.slice(0, path.lastIndexOf('/')) || '/';
    const parent = this.find(parentPath);
    if (parent && isFolder(parent)) return parent;
    throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `The parent folder (${parentPath}) does not exist.`);
  }

  /** With everything below. */
  remove(node: TreeNode): void {
    for (const child of this.childrenOf(node)) this.remove(child);
    this.children.get(node.parent ?? '')?.delete(node.name);
    this.children.delete(node.id);
    Reflect.deleteProperty(this.section.nodes, node.id);
    Reflect.deleteProperty(this.section.bodies, node.id);
    const { type, id } = securableOf(node);
    this.core.securableRemoved(type, id);
  }

  private plant(): TreeNode {
    const root = this.insert(undefined, '', { type: 'DIRECTORY' }, system);
    for (const name of roots) this.insert(root, name, { type: 'DIRECTORY' }, system);
    return root;
  }

  private insert(parent: TreeNode | undefined, name: string, fresh: NewNode, creator: Caller): TreeNode {
    const nowMs = this.core.nowMs();
    const node: TreeNode = {
      id: String(this.core.nextNumber()),
      name,
      ...(parent && { parent: parent.id }),
      type: fresh.type,
      ...(fresh.language && { language: fresh.language }),
      ...(fresh.resource && { resource: fresh.resource }),
      createdMs: nowMs,
      modifiedMs: nowMs,
    };
    this.section.nodes[node.id] = node;
    if (fresh.body) this.section.bodies[node.id] = fresh.body;
    this.index(node);
    this.core.securableCreated({
      ...securableOf(node),
      creator,
      ...(parent && { parent: securableOf(parent) }),
    });
    return node;
  }

  private index(node: TreeNode): void {
    if (node.parent === undefined) return;
    const siblings = this.children.get(node.parent) ?? new Map<string, TreeNode>();
    siblings.set(node.name, node);
    this.children.set(node.parent, siblings);
  }
}

function securableOf({ type, id, resource }: TreeNode): TreeResource {
  return resource ?? { type: securableTypes[type], id };
}

export function isFolder(node: TreeNode): boolean {
  return node.type === 'DIRECTORY' || node.type === 'REPO';
}

export function alreadyExists(path: string): ApiError {
  return new ApiError(400, 'RESOURCE_ALREADY_EXISTS', `Path (${path}) already exists.`);
}

/** An absolute path without a slash at the end; `/Workspace/…` is another name of the same tree. */
export function checkedPath(given: unknown): string {
  if (typeof given !== 'string' || given === '')
    throw new ApiError(400, 'INVALID_PARAMETER_VALUE', 'Missing required field: path');
  const path = given.replace(/^\/Workspace(?=\/|$)/, '') || '/';
  if (!path.startsWith('/') || path.includes('//') || (path.length > 1 && path.endsWith('/')))
    throw new ApiError(400, 'INVALID_PARAMETER_VALUE', `Path (${given}) should start with '/'.`);
  return path;
}

function namesOf(path: string): string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}
