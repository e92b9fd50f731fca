import { type PipelinesArea } from '../../local/workspace/pipelines';
import { type EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';

type Row = Readonly<Record<string, unknown>>;

const modes = {
  'stream in production': { continuous: true, development: false },
  'stream in development': { continuous: true, development: true },
  'triggered in production': { continuous: false, development: false },
  'triggered in development': { continuous: false, development: true },
} as const;
const asleep = { continuous: false, development: true };

function pipelinesOf(workspace: EmulatedWorkspace): Row[] {
  const area = workspace.core.area<PipelinesArea>('pipelines');
  return area.all().map(({ id }) => workspace.call('GET', `/api/2.0/pipelines/${id}`).json as Row);
}

/** What is awake of each, by name. */
function modesOf(workspace: EmulatedWorkspace): unknown {
  const specs = pipelinesOf(workspace).map(({ spec }) => spec as Row);
  return Object.fromEntries(
    specs.map(({ name, continuous, development }) => [name, { continuous, development }]),
  );
}

function running(workspace: EmulatedWorkspace): unknown[] {
  return pipelinesOf(workspace).flatMap(({ name, state }) => (state === 'RUNNING' ? [name] : []));
}

describe('pipelines', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    for (const [name, mode] of Object.entries(modes))
      rig.primary.call('POST', '/api/2.0/pipelines', { name, catalog: 'main', serverless: true, ...mode });
    rig.primary.tick();
  });
  afterAll(() => rig.close());

  it('lie asleep in the standby after a refresh, and a second one changes nothing', async () => {
    const first = await rig.run('refresh');
    const seq = rig.secondary.requests.lastSeq();
    await rig.run('refresh');

    expect(first.status).toBe('succeeded');
    expect(modesOf(rig.secondary)).toEqual(
      Object.fromEntries(Object.keys(modes).map((name) => [name, asleep])),
    );
    expect(running(rig.secondary)).toEqual([]);
    expect(rig.secondary.requests.mutatingSince(seq)).toEqual([]);
  });

  it('wake exactly as they were, and the other side is stopped', async () => {
    const { runId } = await rig.run('failover');
    rig.secondary.tick();

    const { wake, fence } = (await readReport(rig.runtime.state, runId)) as Report;
    expect(modesOf(rig.secondary)).toEqual(modes);
    expect(running(rig.secondary)).toEqual(['stream in production']);
    expect(wake.asleep).toEqual([]);
    expect(fence.state).toBe('done');
    expect(running(rig.primary)).toEqual([]);
    expect(Object.values(modesOf(rig.primary) as object)).toEqual(Object.keys(modes).map(() => asleep));
  });
});

describe('a pipeline that a bundle manages', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
  });
  afterAll(() => rig.close());

  it('is quieted at the side that is left, and stays managed by its bundle', async () => {
    const deployment = { kind: 'BUNDLE', metadata_file_path: '/Users/ana@contoso.com/.bundle/x/state.json' };
    const spec = { name: 'bundled', catalog: 'main', serverless: true, continuous: true, deployment };
    rig.primary.call('POST', '/api/2.0/pipelines', spec);
    rig.primary.tick();
    await rig.run('refresh');

    await rig.run('failover');

    const [bundled] = pipelinesOf(rig.primary);
    expect(bundled?.['spec']).toMatchObject({ continuous: false, development: true, deployment });
  });
});
