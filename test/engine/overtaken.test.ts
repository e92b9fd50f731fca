import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate, home, importNotebook } from '../support/tiny-estate';

describe('what somebody changes at the target between the plan and the write', () => {
  const path = `${home}/etl/load`;
  let rig: Rig;
  let meanwhile: () => void;
  beforeEach(async () => {
    meanwhile = () => undefined;
    rig = await makeRig({
      blobs: makeMemoryBlobs(),
      virtualTime: true,
      around(name, run) {
        if (name === 'restoreItem') meanwhile();
        return run();
      },
    });
    fillTinyEstate(rig.primary);
    await rig.run('refresh');
    importNotebook(rig.primary, path, 'select 42');
  }, 60_000);
  afterEach(() => rig.close());

  const content = (): string => {
    const url = `/api/2.0/workspace/export?path=${encodeURIComponent(path)}&format=SOURCE`;
    const { content } = rig.secondary.call('GET', url).json as { content: string };
    return Buffer.from(content, 'base64').toString();
  };

  it('is not overwritten, and told as a conflict, in this run and in the next', async () => {
    meanwhile = () => {
      importNotebook(rig.secondary, path, 'by hand');
    };
    const first = await rig.run('refresh');
    meanwhile = () => undefined;
    const second = await rig.run('refresh');

    expect(content()).toContain('by hand');
    expect([first.counts.conflict, second.counts.conflict]).toEqual([1, 1]);
    const { outcomes } = (await readReport(rig.runtime.state, first.runId)) as Report;
    const conflict = outcomes.find(({ outcome }) => outcome === 'conflict');
    expect(conflict).toMatchObject({ key: `notebook/${path}` });
    expect(conflict?.reason).toContain('since it was planned');
  }, 60_000);

  it('is overwritten where the pair says so', async () => {
    meanwhile = () => {
      importNotebook(rig.secondary, path, 'by hand');
    };

    const run = await rig.run('refresh', { pair: { conflict: 'overwrite' } });

    expect(run.counts).toMatchObject({ restored: 1, conflict: 0 });
    expect(content()).toContain('select 42');
  }, 60_000);

  it('is not overwritten in what can only be listed either', async () => {
    const conf = '/api/2.0/workspace-conf';
    const key = 'projectsAllowList';
    rig.primary.call('PATCH', conf, { [key]: 'https://git.example.com/a' });
    await rig.run('refresh');
    rig.primary.call('PATCH', conf, { [key]: 'https://git.example.com/b' });
    meanwhile = () => {
      rig.secondary.call('PATCH', conf, { [key]: 'https://git.example.com/by-hand' });
    };

    const run = await rig.run('refresh');

    expect(run.counts).toMatchObject({ conflict: 1 });
    const now = rig.secondary.call('GET', `${conf}?keys=${key}`).json;
    expect(now).toEqual({ [key]: 'https://git.example.com/by-hand' });
  }, 60_000);
});
