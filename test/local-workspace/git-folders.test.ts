import type { GitFoldersArea } from '../../local/workspace/git-folders';
import {
  analystToken,
  openWorkspace,
  valuesOf,
  type HttpAnswer,
  type TestWorkspace,
} from '../support/emulated-workspace';

const url = 'https://github.com/contoso/etl.git';
const home = '/Users/analyst@example.com';
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
  await region.send('POST', '/api/2.0/workspace/mkdirs', { path: '/Repos/team' });
});
afterEach(() => region.workspace.close());

function clone(path: string, more: object = {}): Promise<HttpAnswer> {
  return region.send('POST', '/api/2.0/repos', { url, provider: 'gitHub', path, ...more });
}

function git(): GitFoldersArea {
  return region.workspace.core.area<GitFoldersArea>('git-folders');
}

async function idOf(path: string): Promise<number> {
  const { json } = await region.send('GET', `/api/2.0/workspace/get-status?path=${path}`);
  return (json as { object_id: number }).object_id;
}

describe('a git folder', () => {
  it('stands at the default branch, and in the tree as REPO under its object id', async () => {
    const { json } = await clone(`${home}/etl`);

    expect(json).toMatchObject({ path: `${home}/etl`, url, provider: 'gitHub', branch: 'main' });
    const status = await region.send('GET', `/api/2.0/workspace/get-status?path=${home}/etl`);
    expect(status.json).toMatchObject({ object_type: 'REPO', object_id: json.id });
    const inside = await region.send('GET', `/api/2.0/workspace/list?path=${home}/etl`);
    expect(valuesOf(inside.json.objects, 'object_type')).toEqual(['FILE', 'NOTEBOOK']);
  });

  it('is switched to a branch, or to a tag, which is not told again', async () => {
    const { json } = await clone('/Repos/team/etl');
    const one = `/api/2.0/repos/${json.id}`;

    expect((await region.send('PATCH', one, { branch: 'release' })).status).toBe(200);
    const atBranch = (await region.send('GET', one)).json;
    await region.send('PATCH', one, { tag: 'v1' });
    const atTag = (await region.send('GET', one)).json;

    expect(atBranch).toMatchObject({ branch: 'release' });
    expect(atTag).not.toHaveProperty('branch');
    expect(atTag).not.toHaveProperty('tag');
    expect(atTag.head_commit_id).not.toBe(atBranch.head_commit_id);
  });

  it('has permissions of the type repos', async () => {
    const { json } = await clone('/Repos/team/etl');

    const answer = await region.send('GET', `/api/2.0/permissions/repos/${json.id}`);

    expect(answer.json).toMatchObject({ object_type: 'repo' });
  });

  it('is gone with its object in the tree, whichever of the two is deleted', async () => {
    const first = (await clone('/Repos/team/a')).json.id as number;
    const second = (await clone('/Repos/team/b')).json.id as number;

    await region.send('DELETE', `/api/2.0/repos/${first}`);
    await region.send('POST', '/api/2.0/workspace/delete', { path: '/Repos/team/b', recursive: true });

    expect((await region.send('GET', '/api/2.0/workspace/list?path=/Repos/team')).json).toEqual({});
    expect((await region.send('GET', `/api/2.0/repos/${second}`)).status).toBe(404);
  });

  it.each([
    { name: 'without its parent', path: '/Repos/nobody/etl', status: 404, code: 'RESOURCE_DOES_NOT_EXIST' },
    { name: 'deep in /Repos', path: '/Repos/team/a/b', status: 400, code: 'INVALID_PARAMETER_VALUE' },
    { name: 'where something is', path: '/Repos/team/taken', status: 400, code: 'RESOURCE_ALREADY_EXISTS' },
  ])('is refused $name', async ({ path, status, code }) => {
    await clone('/Repos/team/taken');

    expect(await clone(path)).toMatchObject({ status, json: { error_code: code } });
  });

  it('takes patterns of a sparse checkout only where it was created with some', async () => {
    const plain = (await clone('/Repos/team/plain')).json.id as number;
    const sparse = (await clone('/Repos/team/sparse', { sparse_checkout: { patterns: ['a'] } })).json
      .id as number;
    const change = { sparse_checkout: { patterns: ['b'] } };

    expect((await region.send('PATCH', `/api/2.0/repos/${plain}`, change)).status).toBe(400);
    expect((await region.send('PATCH', `/api/2.0/repos/${sparse}`, change)).status).toBe(200);
    expect((await region.send('GET', `/api/2.0/repos/${sparse}`)).json).toMatchObject(change);
  });
});

describe('a private repository', () => {
  it('needs git credentials of who calls, for its provider', async () => {
    git().describeRemote(url, { isPrivate: true, branches: ['main'] });
    const refused = await clone('/Repos/team/etl');
    const credential = { git_provider: 'gitHub', git_username: 'x', personal_access_token: 'secret' };
    await region.send('POST', '/api/2.0/git-credentials', credential);

    const allowed = await clone('/Repos/team/etl');
    const other = await region.send('PATCH', `/api/2.0/repos/${allowed.json.id}`, { branch: 'x' });

    expect(refused).toMatchObject({ status: 403, json: { error_code: 'PERMISSION_DENIED' } });
    expect(allowed.status).toBe(200);
    expect(other).toMatchObject({ status: 404, json: { error_code: 'RESOURCE_DOES_NOT_EXIST' } });
    const listed = await region.send('GET', '/api/2.0/git-credentials');
    expect(listed.text).not.toContain('secret');
    expect((await region.send('GET', '/api/2.0/git-credentials', undefined, analystToken)).json).toEqual({
      credentials: [],
    });
  });
});

describe('the list', () => {
  it('is deprecated: twenty a page, only /Repos without a prefix, none with Git commands', async () => {
    for (let at = 0; at < 22; at += 1) await clone(`/Repos/team/r${at}`);
    await clone(`${home}/etl`);
    git().useGitCommands('/Repos/team/r0');

    const first = (await region.send('GET', '/api/2.0/repos')).json;
    const next = (await region.send('GET', `/api/2.0/repos?next_page_token=${first.next_page_token}`)).json;
    const inHome = (await region.send('GET', `/api/2.0/repos?path_prefix=${home}`)).json;

    expect(first.repos).toHaveLength(20);
    expect(valuesOf(next.repos, 'path')).toEqual(['/Repos/team/r21']);
    expect(valuesOf(inHome.repos, 'path')).toEqual([`${home}/etl`]);
    const hidden = await idOf('/Repos/team/r0');
    expect((await region.send('GET', `/api/2.0/repos/${hidden}`)).status).toBe(200);
  });
});
