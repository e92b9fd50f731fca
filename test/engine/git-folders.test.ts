import type { GitFoldersArea } from '../../local/workspace/git-folders';
import type { Report } from '../../shared/domain/report';
import { readReadiness } from '../../shared/engine/readiness-judge';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';

const url = 'https://github.com/contoso/etl.git';
const path = '/Repos/team/etl';
let rig: Rig;
let id: number;

beforeEach(async () => {
  rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
  call('primary', 'POST', '/api/2.0/workspace/mkdirs', { path: '/Repos/team' });
  id = Number(call('primary', 'POST', '/api/2.0/repos', { url, provider: 'gitHub', path })['id']);
  call('primary', 'PATCH', `/api/2.0/repos/${id}`, { branch: 'release' });
});
afterEach(() => rig.close());

type Side = 'primary' | 'secondary';

function call(side: Side, method: string, to: string, body?: object): Record<string, unknown> {
  return (rig[side].call(method, to, body).json ?? {}) as Record<string, unknown>;
}

async function refresh() {
  const seq = rig.secondary.requests.lastSeq();
  const { runId, status } = await rig.run('refresh');
  const writes = rig.secondary.requests.mutatingSince(seq).map((one) => `${one.method} ${one.path}`);
  const report = (await readReport(rig.runtime.state, runId)) as Report;
  const troubles = report.outcomes.filter(({ outcome }) => outcome !== 'restored' && outcome !== 'unchanged');
  return { runId, status, writes, report, troubles };
}

function folderThere(): Record<string, unknown> {
  const { object_id } = call('secondary', 'GET', `/api/2.0/workspace/get-status?path=${path}`);
  return call('secondary', 'GET', `/api/2.0/repos/${String(object_id)}`);
}

describe('a git folder', () => {
  it('is the same after a refresh, and follows its branch with one call', async () => {
    const first = await refresh();
    const second = await refresh();
    call('primary', 'PATCH', `/api/2.0/repos/${id}`, { branch: 'next' });
    const third = await refresh();

    expect(first).toMatchObject({ status: 'succeeded', troubles: [] });
    expect(second.writes).toEqual([]);
    expect(third.writes).toEqual([`PATCH /api/2.0/repos/${String(folderThere()['id'])}`]);
    expect(folderThere()).toMatchObject({ url, branch: 'next' });
    expect(first.report.manualSteps.join('\n')).toContain('Commit and push what is not committed');
  });

  it('whose branch could not be checked out is no conflict with itself: the next refresh does it', async () => {
    rig.secondary.core.area<GitFoldersArea>('git-folders').describeRemote(url, { branches: ['main'] });
    const first = await refresh();
    rig.secondary.core.area<GitFoldersArea>('git-folders').describeRemote(url, {});

    const second = await refresh();

    expect(first.troubles).toMatchObject([
      { key: `git-folder/${path}`, outcome: 'failed' },
      { key: `permission/git-folder:${path}`, outcome: 'blocked' },
    ]);
    expect(second).toMatchObject({ status: 'succeeded', troubles: [] });
    expect(folderThere()).toMatchObject({ branch: 'release' });
  });

  it('that somebody switched in the target, or that is of another repository there, is a conflict', async () => {
    await refresh();
    call('secondary', 'PATCH', `/api/2.0/repos/${String(folderThere()['id'])}`, { branch: 'mine' });
    const switched = await refresh();
    call('secondary', 'DELETE', `/api/2.0/repos/${String(folderThere()['id'])}`);
    const other = { url: 'https://github.com/contoso/other.git', provider: 'gitHub', path };
    call('secondary', 'POST', '/api/2.0/repos', other);

    const foreign = await refresh();

    expect(switched).toMatchObject({ writes: [], troubles: [{ outcome: 'conflict' }] });
    expect(foreign).toMatchObject({ writes: [], troubles: [{ outcome: 'conflict' }] });
    expect(folderThere()).toMatchObject({ url: other.url });
  });

  it('at a tag is skipped with its permissions, and the rest succeeds', async () => {
    call('primary', 'PATCH', `/api/2.0/repos/${id}`, { tag: 'v1' });

    const { status, troubles } = await refresh();

    expect(status).toBe('succeeded');
    expect(troubles).toMatchObject([{ key: `git-folder/${path}`, outcome: 'skipped' }]);
  });

  it('brings the notebooks of jobs, which are runnable with it', async () => {
    const tasks = [
      {
        task_key: 'main',
        notebook_task: { notebook_path: `/Workspace${path}/main` },
        new_cluster: { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 },
      },
    ];
    call('primary', 'POST', '/api/2.2/jobs/create', { name: 'in git', tasks });

    const { runId } = await refresh();

    const readiness = await readReadiness({ state: rig.runtime.state }, runId);
    expect(readiness?.jobs).toMatchObject([{ name: 'in git', state: 'runnable' }]);
  });
});
