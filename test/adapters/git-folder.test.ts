import { directory } from '../../shared/adapters/directory';
import { gitFolder } from '../../shared/adapters/git-folder';
import { notebook } from '../../shared/adapters/notebook';
import { workspaceFile } from '../../shared/adapters/workspace-file';
import type { GitFoldersArea } from '../../local/workspace/git-folders';
import { poster } from '../support/adapter-estate';
import { indexOf, openAdapterPair, stubNamed, type AdapterPair } from '../support/adapter-workspaces';

const none = indexOf([]);
const url = 'https://github.com/contoso/etl.git';
const path = '/Repos/team/etl';
const body = { path, parent: '/Repos/team', url, provider: 'gitHub', branch: 'release' };
let pair: AdapterPair;

beforeEach(async () => {
  pair = await openAdapterPair();
  for (const { emulated } of [pair.primary, pair.secondary])
    poster(emulated)('/api/2.0/workspace/mkdirs', { path: '/Repos/team' });
});
afterEach(() => pair.close());

function clone(side: 'primary' | 'secondary', to = path): number {
  return poster(pair[side].emulated)<{ id: number }>('/api/2.0/repos', { url, provider: 'gitHub', path: to })
    .id;
}

function describeRemote(remote: { isPrivate?: boolean; branches?: string[] }): void {
  pair.secondary.emulated.core.area<GitFoldersArea>('git-folders').describeRemote(url, remote);
}

describe('a git folder', () => {
  it('is found in the tree, also where the list of the API leaves it out', async () => {
    clone('primary');
    pair.primary.emulated.core.area<GitFoldersArea>('git-folders').useGitCommands(path);

    const stubs = await Array.fromAsync(gitFolder.list(pair.primary.open(), '/Repos', new Map()));

    expect(stubs).toEqual([
      expect.objectContaining({ path, body: { ...body, branch: 'main' }, version: expect.any(String) }),
    ]);
  });

  it('brings what lies in it: nothing below it is a notebook, file or folder of its own', async () => {
    clone('primary');
    const from = pair.primary.open();

    const lists = await Promise.all(
      [notebook, workspaceFile, directory].map((kind) =>
        Array.fromAsync(kind.list(from, '/Repos', new Map())),
      ),
    );

    expect(lists.flat().map((stub) => stub.path)).toEqual(['/Repos', '/Repos/team']);
  });

  it('at a tag or a commit is skipped: neither can be carried', async () => {
    const id = clone('primary');
    pair.primary.emulated.call('PATCH', `/api/2.0/repos/${id}`, { tag: 'v1' });

    const { skip } = await stubNamed(pair.primary.open(), 'git-folder', path);

    expect(skip).toContain('check that out by hand');
  });

  it('that cannot be read does not end the listing of what lies around it', async () => {
    const broken = clone('primary');
    clone('primary', '/Repos/team/fine');
    pair.primary.emulated.faults.add({
      path: new RegExp(`/repos/${broken}`),
      kind: 'status',
      status: 400,
      errorCode: 'BAD_REQUEST',
    });
    const from = pair.primary.open();

    const stubs = await Array.fromAsync(gitFolder.list(from, '/Repos', new Map()));

    expect(stubs.map((stub) => [stub.path, stub.body !== undefined])).toEqual([
      [path, false],
      ['/Repos/team/fine', true],
    ]);
    await expect(gitFolder.export(from, stubs[0]!)).rejects.toMatchObject({ code: 'DR_API_BAD_REQUEST' });
  });

  it('is created at the default branch, settled at its own, and then not touched again', async () => {
    const target = pair.secondary.open();

    const id = await gitFolder.create(target, body, none);
    const before = await gitFolder.export(target, { id, name: id });
    await gitFolder.settle!(target, id, body);
    const writes = target.counts.writes;
    await gitFolder.settle!(target, id, body);

    expect(before.branch).toBe('main');
    expect(await gitFolder.export(target, { id, name: id })).toEqual(body);
    expect(target.counts.writes).toBe(writes);
  });

  it('of another repository at the same path is nobody’s copy, and is not changed', async () => {
    clone('secondary');
    const other = { ...body, url: 'https://github.com/contoso/other.git' };

    const update = gitFolder.update!(pair.secondary.open(), path, other, none);

    await expect(update).rejects.toMatchObject({ code: 'DR_API_CONFLICT' });
    expect(gitFolder.contested!(other, body)?.reason).toContain(url);
    expect(gitFolder.contested!({ ...body, branch: 'next' }, body)).toBeUndefined();
  });

  it('of a private repository says which credentials are missing', async () => {
    describeRemote({ isPrivate: true });

    const create = gitFolder.create(pair.secondary.open(), body, none);

    await expect(create).rejects.toMatchObject({
      code: 'DR_ASSET_BLOCKED',
      message: expect.stringContaining('git credentials for gitHub'),
    });
  });

  it('whose branch is gone at the provider fails, and is not taken for a folder that is gone', async () => {
    describeRemote({ branches: ['main'] });
    clone('secondary');

    const update = gitFolder.update!(pair.secondary.open(), path, body, none);

    await expect(update).rejects.toMatchObject({ code: 'DR_API_BAD_REQUEST' });
  });
});
