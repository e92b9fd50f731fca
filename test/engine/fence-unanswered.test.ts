import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';

const pipelines = '/api/2.0/pipelines';

describe('a fence of a side that says it has no pipelines', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
  });
  afterEach(() => rig.close());

  async function failOver(): Promise<Report> {
    await rig.run('refresh');
    const fault = { kind: 'status', status: 404, errorCode: 'ENDPOINT_NOT_FOUND' } as const;
    rig.primary.faults.add({ path: pipelines, ...fault });
    const { runId } = await rig.run('failover');
    return (await readReport(rig.runtime.state, runId)) as Report;
  }

  it('is not complete while one was awake there', async () => {
    const spec = { name: 'stream', catalog: 'main', serverless: true, continuous: true, development: false };
    rig.primary.call('POST', pipelines, spec);
    rig.primary.tick();

    const { fence } = await failOver();

    expect(fence.state).not.toBe('done');
    expect(fence.triggersStillAwake.map(({ name }) => name)).toEqual(['stream']);
  });

  it('is complete when none was', async () => {
    expect((await failOver()).fence.state).toBe('done');
  });
});
