import type { Workspace } from '../databricks/workspace';
import { hashBody, type Stub } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { omit } from './fields';
import { parentOf, treePartitions, walkTree, type TreeRow } from './tree';
import { orVanished } from './vanished';

export interface GitFolderBody {
  readonly path: string;
  readonly parent?: string;
  readonly url: string;
  readonly provider: string;
  readonly branch?: string;
  readonly tag?: string;
  /** What is checked out when it is no branch: the platform does not say which tag it was. */
  readonly commit?: string;
  readonly sparse_checkout?: object;
}

interface RepoRow {
  readonly id: number;
  readonly url: string;
  readonly provider: string;
  readonly branch?: string;
  readonly tag?: string;
  readonly head_commit_id?: string;
  readonly sparse_checkout?: object;
}

const platformOwned = ['id', 'path', 'head_commit_id'];

/**
 * A clone of a Git repository in the workspace tree. The list of the API is deprecated: it leaves out git folders that are worked on
 * with Git commands, and those outside /Repos. So they are found by walking the tree; the API knows each by its object id.
 * https://docs.databricks.com/api/azure/workspace/repos
 */
export const gitFolder: Adapter<GitFolderBody> = {
  kind: 'git-folder',
  step: 'notebooks',
  carries:
    'repository, branch, sparse checkout; not: uncommitted edits, a checked-out tag or commit, git credentials',
  references: [{ at: 'parent', to: 'directory', by: 'path' }],
  ignore: [],
  batchSize: 10,
  brings: ['directory', 'notebook', 'workspace-file'],
  // One that was created and stands at the default branch still is the same one.
  unlinked: 'link',
  partitions: treePartitions,

  async *list(from, partition) {
    const rows = await walkTree(from, partition);
    const folders = rows.filter(({ object_type }) => object_type === 'REPO');
    yield* await from.each(folders, (row) => stubOf(from, row));
  },
  async export(from, stub) {
    const id = stub.objectId ?? (await objectIdOf(from, stub.id));
    return bodyOf(stub.id, await orVanished(`git-folder/${stub.id}`, readRepo(from, id)));
  },
  find: (index, { body }) => index.byPath(body.path)?.id,
  contested: (desired, actual) =>
    desired.url === actual.url ? undefined : { reason: `the git folder there is of ${actual.url}` },
  async create(target, body) {
    const request = omit(body, ['parent', 'branch', 'tag', 'commit']);
    await target.post('/api/2.0/repos', request).catch((error: unknown) => {
      throw needsCredentials(error, body);
    });
    return body.path;
  },
  async update(target, id, body) {
    const repo = await readAt(target, id);
    if (repo.url !== body.url) {
      const message = `cannot change git-folder/${id}: it is of ${repo.url}, and a git folder keeps its repository; delete it at the target`;
      throw new DrError('DR_API_CONFLICT', message);
    }
    await checkOut(target, repo, body);
  },
  // A git folder is created at the default branch.
  async settle(target, id, body) {
    const repo = await readAt(target, id);
    const isThere = repo.branch === body.branch && repo.tag === body.tag;
    if (!isThere) await checkOut(target, repo, omit(body, ['sparse_checkout']) as unknown as GitFolderBody);
    return [];
  },
};

/** One that cannot be read is left to the export: it must not end the listing of everything around it. */
async function stubOf(from: Workspace, row: TreeRow): Promise<Stub> {
  const objectId = String(row.object_id);
  const stub = { id: row.path, name: row.path, path: row.path, objectId };
  try {
    const body = bodyOf(row.path, await readRepo(from, objectId));
    if (body.commit === undefined) return { ...stub, version: hashBody(body), body };
    return { ...stub, skip: detached(body) };
  } catch (error) {
    if (!hasCode(error, 'DR_API_BAD_REQUEST', 'DR_API_FORBIDDEN', 'DR_API_NOT_FOUND')) throw error;
    return stub;
  }
}

function detached({ commit = '', url }: GitFolderBody): string {
  return `git folder at ${commit.slice(0, 12)} of ${url}, a tag or a commit without a branch: the API neither tells the tag nor checks out a commit; create it at the target and check that out by hand`;
}

function bodyOf(path: string, row: RepoRow): GitFolderBody {
  const { head_commit_id: commit } = row;
  const isDetached = row.branch === undefined && row.tag === undefined;
  const kept = omit(row, platformOwned) as unknown as RepoRow;
  return {
    ...omit(kept, ['branch', 'tag']),
    ...checkedOut(kept),
    path,
    ...parentOf(path),
    ...(isDetached && { commit: commit ?? '' }),
  } as GitFolderBody;
}

function checkedOut({ branch, tag }: Pick<GitFolderBody, 'branch' | 'tag'>): object {
  if (branch !== undefined) return { branch };
  return tag === undefined ? {} : { tag };
}

function readRepo(from: Workspace, id: string): Promise<RepoRow> {
  return from.get<RepoRow & object>(`/api/2.0/repos/${id}`);
}

async function readAt(target: Workspace, path: string): Promise<RepoRow> {
  return readRepo(target, await objectIdOf(target, path));
}

async function objectIdOf(workspace: Workspace, path: string): Promise<string> {
  const read = workspace.get<{ object_id: number }>('/api/2.0/workspace/get-status', { path });
  return String((await orVanished(`git-folder/${path}`, read)).object_id);
}

/** 404 says here that the repository has no such branch, not that the folder is gone. */
async function checkOut(target: Workspace, { id }: RepoRow, body: GitFolderBody): Promise<void> {
  const { sparse_checkout } = body;
  const request = { ...checkedOut(body), ...(sparse_checkout && { sparse_checkout }) };
  try {
    await target.patch(`/api/2.0/repos/${id}`, request);
  } catch (error) {
    if (!hasCode(error, 'DR_API_NOT_FOUND')) throw needsCredentials(error, body);
    const message = `cannot check out ${body.branch ?? body.tag ?? ''} in git-folder/${body.path}: ${error.message}`;
    throw new DrError('DR_API_BAD_REQUEST', message, error.details, { cause: error });
  }
}

/** Private repositories are fetched with the git credentials of who calls; credentials cannot be copied. */
function needsCredentials(error: unknown, { path, provider }: GitFolderBody): unknown {
  if (!hasCode(error, 'DR_API_FORBIDDEN')) return error;
  const message = `cannot fetch git-folder/${path}: ${error.message}; give the identity of the app git credentials for ${provider} in this workspace`;
  return new DrError('DR_ASSET_BLOCKED', message, error.details, { cause: error });
}
