import type { Workspace } from '../databricks/workspace';
import type { Stub } from '../domain/asset';
import { isLegacyInitScript, stepOfDbfsFile } from '../domain/dbfs';
import { DrError, hasCode } from '../domain/errors';
import type { Adapter, ReadPiece } from './adapter';
import {
  deleteFile,
  partSuffix,
  putFile,
  readFile,
  statusOf,
  streamFile,
  type FileContent,
  type FileStatus,
} from './dbfs-transfer';
import { orVanished } from './vanished';

/** `path` as others refer to it: `dbfs:/FileStore/jars/a.jar`. */
export type DbfsFileBody = { readonly path: string } & FileContent;

interface Listed {
  readonly files?: readonly FileStatus[];
}

const scheme = 'dbfs:';
const bytesPerMb = 1024 ** 2;

/** Files of the root storage below the configured folders: https://docs.databricks.com/api/azure/workspace/dbfs */
export const dbfsFile: Adapter<DbfsFileBody> = {
  kind: 'dbfs-file',
  step: 'libraries',
  stepOf: stepOfDbfsFile,
  carries:
    'raw bytes below `dbfs.roots`, up to `dbfs.maxFileMb`; not: the rest of DBFS, mounts, volumes, empty folders',
  references: [],
  ignore: [],
  repeatable: true,
  isAsked: ({ dbfs }, partition) =>
    partition === undefined || outermost(dbfs.roots).includes(pathOf(partition)),
  partitions: existingRoots,

  async *list(from, partition) {
    let level = [pathOf(partition)];
    while (level.length > 0) {
      const below = (await from.each(level, (folder) => listFolder(from, folder, partition))).flat();
      yield* below.filter(({ is_dir }) => !is_dir).map((file) => stubOf(file, from));
      level = below.filter(({ is_dir }) => is_dir).map(({ path }) => path);
    }
  },
  async export(from, stub, keep) {
    const content = await orVanished(`dbfs-file/${stub.id}`, readFile(from, pathOf(stub.id), keep));
    return { path: stub.id, ...content };
  },
  pieces: (body) => ('pieces' in body ? body.pieces : []),
  find: (index, asset) => index.byPath(asset.body.path)?.id,
  async create(target, body, _index, _source, readPiece) {
    await write(target, body, readPiece, false);
    return body.path;
  },
  async update(target, _id, body, _index, _source, readPiece) {
    await write(target, body, readPiece, true);
  },
  remove: (target, id) => deleteFile(target, pathOf(id)),
};

/** A small file takes one call; a large one a call for each block, see dbfs-transfer.ts. */
async function write(
  target: Workspace,
  body: DbfsFileBody,
  readPiece: ReadPiece | undefined,
  overwrite: boolean,
): Promise<void> {
  const path = pathOf(body.path);
  if ('content' in body) return putFile(target, path, body.content, overwrite);
  if (readPiece === undefined)
    throw new DrError('DR_INTERNAL', `cannot write dbfs-file/${body.path}: nothing reads its pieces`);
  return streamFile(target, path, body, readPiece, overwrite);
}

/** The configured folders that are there. Where DBFS is off they are all named: then their listing says so. */
function existingRoots(from: Workspace): Promise<readonly string[]> {
  return from.once('dbfs:roots', async () => {
    const roots = outermost(from.options.dbfs.roots);
    const isThere = await from.each(roots, async (root) => {
      try {
        return (await statusOf(from, root)).is_dir;
      } catch (error) {
        if (!hasCode(error, 'DR_API_NOT_FOUND', 'DR_API_FEATURE_DISABLED')) throw error;
        return error.code === 'DR_API_FEATURE_DISABLED';
      }
    });
    return roots.filter((_root, at) => isThere[at]).map((root) => scheme + root);
  });
}

/** Without those that lie in another one: nothing is listed twice. */
function outermost(roots: readonly string[]): string[] {
  return [...new Set(roots)].filter((root) => !roots.some((other) => root.startsWith(`${other}/`)));
}

/** A folder that is gone between two levels makes the listing incomplete; a root that is gone is a partition that is gone. */
async function listFolder(from: Workspace, path: string, partition: string): Promise<readonly FileStatus[]> {
  const listed = from.get<Listed>('/api/2.0/dbfs/list', { path });
  const { files = [] } = await (path === pathOf(partition) ? listed : orVanished(`dbfs:${path}`, listed));
  return files;
}

function stubOf({ path, file_size, modification_time }: FileStatus, from: Workspace): Stub {
  const id = scheme + path;
  const stub = { id, name: id, path: id, version: `${modification_time} ${file_size}` };
  if (path.endsWith(partSuffix))
    return { ...stub, skip: 'left by an upload of ours that broke off', harmless: true };
  const { maxFileMb } = from.options.dbfs;
  if (file_size > maxFileMb * bytesPerMb) {
    const skip = `${Math.ceil(file_size / bytesPerMb)} MB: more than dbfs.maxFileMb (${maxFileMb}); raise it, or copy the file by hand`;
    return { ...stub, skip };
  }
  return isLegacyInitScript(id) ? { ...stub, remarks: [legacyRemark] } : stub;
}

const legacyRemark =
  'legacy init script (global, or of the clusters of one name): it runs on no present runtime; make it a global or cluster-scoped one';

function pathOf(id: string): string {
  return id.slice(scheme.length);
}
