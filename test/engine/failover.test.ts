import { fillEstate } from '../../local/estate/estate';
import type { JobsArea } from '../../local/workspace/jobs';
import { fenceSource } from '../../shared/engine/fence';
import { readAwake, readState } from '../../shared/storage/pair-state';
import { readReport } from '../../shared/storage/runs';
import { makeRig, type Rig } from '../support/rig';

interface Reported {
  readonly outcomes: readonly { readonly key: string; readonly outcome: string; readonly reason: string }[];
}

describe('the life of a small estate', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await makeRig();
    fillEstate(rig.primary, { size: 'tiny', seed: 1 });
  }, 60_000);
  afterAll(() => rig.close());

  async function troubleOf(runId: string) {
    const { outcomes } = (await readReport(rig.runtime.state, runId)) as Reported;
    // What is only remarked on (a script that no present runtime reads) is no trouble.
    const fine = new Set(['restored', 'skipped', 'unchanged']);
    return outcomes.filter(({ outcome }) => !fine.has(outcome));
  }

  it('carries everything to the secondary, asleep', async () => {
    const refreshed = await rig.run('refresh');

    expect(await troubleOf(refreshed.runId)).toEqual([]);
    expect(refreshed).toMatchObject({ status: 'succeeded' });
    expect(rig.secondary.core.area<JobsArea>('jobs').firings()).toEqual([]);
  }, 60_000);

  it('changes nothing and fetches no unchanged body the second time', async () => {
    const before = { primary: rig.primary.requests.lastSeq(), secondary: rig.secondary.requests.lastSeq() };

    const again = await rig.run('refresh');

    const calls = [
      ...rig.primary.requests.since(before.primary),
      ...rig.secondary.requests.since(before.secondary),
    ];
    expect(again).toMatchObject({ status: 'succeeded', counts: { restored: 0, failed: 0 } });
    expect(calls.filter(({ mutating }) => mutating).map(({ method, path }) => `${method} ${path}`)).toEqual(
      [],
    );
    const kindsOfCalls = new Set(
      calls.map(({ method, path }) => `${method} ${path.replace(/[0-9]+.*/, '…')}`),
    );
    expect([...kindsOfCalls].filter((call) => /export|clusters\/get|jobs\/get/.test(call))).toEqual([]);
  }, 60_000);

  it('fails over from the last snapshot while the primary hangs', async () => {
    rig.primary.setDark(true);

    const run = await rig.run('failover');

    expect(await troubleOf(run.runId)).toEqual([]);
    const state = await readState(rig.runtime.state, 'analytics', '');
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(state).toMatchObject({
      active: 'secondary',
      tenure: 2,
      committed: false,
      cutover: 'none',
      fence: 'pending',
    });
  }, 60_000);

  it('quiets the primary when it comes back', async () => {
    rig.primary.setDark(false);
    const state = await readState(rig.runtime.state, 'analytics', '');

    const context = await rig.contexts.openFence(state.fenceRunId ?? '');
    const fence = await fenceSource(context);
    const again = await fenceSource(await rig.contexts.openFence(state.fenceRunId ?? ''));

    const record = await readAwake(rig.runtime.state, 'analytics', 1);
    expect(fence).toEqual({ quieted: record?.length, left: [] });
    expect(again).toEqual({ quieted: 0, left: [] });
  }, 60_000);
});
