import { ApiError, type Core } from './area';
import { invalid } from './fields';

export interface DbfsNode {
  readonly isDir: boolean;
  modifiedMs: number;
}

interface DbfsSection {
  readonly nodes: Record<string, DbfsNode>;
  /** By path. */
  readonly contents: Record<string, Buffer>;
}

/** The root storage of the workspace: folders and files by path, as `/FileStore/jars/a.jar`. */
export class DbfsStore {
  private readonly section: DbfsSection;

  constructor(private readonly core: Core) {
    this.section = core.section<DbfsSection>('dbfs', () => ({ nodes: {}, contents: {} }));
  }

  find(path: string): DbfsNode | undefined {
    if (path === '/') return { isDir: true, modifiedMs: 0 };
    return Object.hasOwn(this.section.nodes, path) ? this.section.nodes[path] : undefined;
  }

  get(path: string): DbfsNode {
    const node = this.find(path);
    if (!node)
      throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `No file or directory exists on path ${path}.`);
    return node;
  }

  contentOf(path: string): Buffer {
    return this.section.contents[path] ?? Buffer.alloc(0);
  }

  /** What lies in a folder, by name. */
  childrenOf(path: string): string[] {
    const prefix = path === '/' ? '/' : `${path}/`;
    return Object.keys(this.section.nodes)
      .filter((one) => one.startsWith(prefix) && !one.slice(prefix.length).includes('/'))
      .sort();
  }

  /** Makes a folder with those above it. */
  makeFolders(path: string): void {
    const names = path === '/' ? [] : path.slice(1).split('/');
    for (const [at] of names.entries()) {
      const folder = `/${names.slice(0, at + 1).join('/')}`;
      const node = this.find(folder);
      if (node && !node.isDir) throw alreadyExists(folder);
      if (!node) this.section.nodes[folder] = { isDir: true, modifiedMs: this.core.nowMs() };
    }
  }

  /** Writes a whole file, and the folders above it. */
  write(path: string, content: Buffer): void {
    const node = this.find(path);
    if (node?.isDir === true) throw alreadyExists(path);
    this.makeFolders(folderOf(path));
    // Two writes within a millisecond are still two versions.
    const modifiedMs = Math.max(this.core.nowMs(), (node?.modifiedMs ?? 0) + 1);
    this.section.nodes[path] = { isDir: false, modifiedMs };
    this.section.contents[path] = content;
  }

  /** Gives it another path, with everything below. */
  move(from: string, to: string): void {
    this.makeFolders(folderOf(to));
    for (const path of this.below(from)) {
      const moved = to + path.slice(from.length);
      this.section.nodes[moved] = this.get(path);
      const content = this.section.contents[path];
      if (content) this.section.contents[moved] = content;
      this.forget(path);
    }
  }

  /** With everything below. */
  remove(path: string): void {
    for (const one of this.below(path)) this.forget(one);
  }

  private below(path: string): string[] {
    return Object.keys(this.section.nodes).filter((one) => one === path || one.startsWith(`${path}/`));
  }

  private forget(path: string): void {
    Reflect.deleteProperty(this.section.nodes, path);
    Reflect.deleteProperty(this.section.contents, path);
  }
}

export function alreadyExists(path: string): ApiError {
  return new ApiError(
    400,
    'RESOURCE_ALREADY_EXISTS',
    `A file or directory already exists at the input path ${path}.`,
  );
}

/** An absolute path without a slash at the end. */
export function dbfsPath(given: unknown): string {
  if (typeof given !== 'string' || given === '') throw invalid('Missing required field: path');
  if (!given.startsWith('/') || given.includes('//')) throw invalid(`Path must be absolute: ${given}`);
  return given === '/' ? given : given.replace(/\/$/, '');
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
