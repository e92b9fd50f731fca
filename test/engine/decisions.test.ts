import { handleEvent } from '../../functions/app/incident';
import type { Hub } from '../../functions/app/hub';
import type { Signal } from '../../shared/domain/signal';
import { noIncident, type Incident } from '../../shared/domain/incident';
import { starterOf, type Decision } from '../../shared/domain/run';
import { applyEvent, incidentOf } from '../../shared/engine/incident-keeper';
import { startRun } from '../../shared/engine/starter';
import { decidePoint, readApproval } from '../../shared/storage/approval';
import { readClaim } from '../../shared/storage/claims';
import { readState, updateIncident } from '../../shared/storage/pair-state';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { fillTinyEstate, withoutSecrets } from '../support/tiny-estate';

const at = '2026-11-02T00:00:00.000Z';

describe('the decision about a cutover', () => {
  let rig: Rig;
  let before: (name: string, input: unknown) => Promise<void>;
  let decisions: (event: string) => Promise<Decision>;
  const asked: string[] = [];
  afterEach(() => rig.close());

  async function openRig(pair: object): Promise<void> {
    before = () => Promise.resolve();
    decisions = () => new Promise(() => undefined);
    asked.length = 0;
    rig = await makeRig({
      blobs: makeMemoryBlobs(),
      virtualTime: true,
      pair: { ...pair },
      async around(name, run, input) {
        await before(name, input);
        return run();
      },
      decisions: (event) => {
        asked.push(event);
        return decisions(event);
      },
    });
    fillTinyEstate(rig.primary);
    withoutSecrets(rig.primary);
    await rig.run('sync');
  }

  /** The pair's incident as it stands when a run answers it. */
  async function setIncident(state: Incident['state']): Promise<void> {
    const { runtime, pair } = rig;
    await updateIncident<Incident>(runtime.state, pair.name, () => ({
      ...noIncident(at),
      state,
      attempt: 1,
    }));
  }

  async function runOfIncident(): Promise<string> {
    const started = await startRun(rig.runtime, {
      pair: rig.pair,
      kind: 'failover',
      mode: 'unplanned',
      dryRun: false,
      reason: 'an outage',
      startedBy: starterOf(1),
    });
    return 'request' in started ? started.request.runId : '';
  }

  const approvalOf = (runId: string) => readApproval(rig.runtime.state, runId);
  const decide = (runId: string) =>
    decidePoint(rig.runtime.state, runId, { verb: 'approve', who: 'Ana', why: 'gone', at });

  it('closes when nobody makes it in time and policy says cancel: nobody can approve a run that is over', async () => {
    await openRig({ approval: { required: true, timeoutMinutes: 5, onTimeout: 'cancel' } });

    const run = await rig.run('failover');

    expect(run).toMatchObject({ status: 'cancelled' });
    expect(run.reason).toContain('nobody decided within 5 minutes');
    expect(await approvalOf(run.runId)).toMatchObject({ open: false, decisions: [{ verb: 'timeout' }] });
    expect(await decide(run.runId)).toBeUndefined();
  }, 60_000);

  it.each([
    ['hold', 'openDecision'],
    ['cancel', 'expireDecision'],
  ])(
    'counts when it is made at the last moment (%s)',
    async (onTimeout, activity) => {
      await openRig({ approval: { required: true, timeoutMinutes: 5, onTimeout } });
      before = async (name, input) => {
        const { runId, point } = input as { runId: string; point: number };
        if (name === activity && (activity === 'expireDecision' || point === 2)) await decide(runId);
      };

      const run = await rig.run('failover');

      expect(run).toMatchObject({ status: 'succeeded' });
      expect(asked).toEqual(['decision:1']);
      expect(await readState(rig.runtime.state, rig.pair.name, '')).toMatchObject({ active: 'secondary' });
    },
    60_000,
  );

  it('is asked for again as often as policy says, then once a day', async () => {
    await openRig({ approval: { required: true, timeoutMinutes: 1 } });
    const began = rig.clock.now();
    decisions = (event) =>
      event === 'decision:30'
        ? Promise.resolve({ verb: 'cancel', who: 'Ana', why: 'over' })
        : new Promise(() => undefined);

    await rig.run('failover');

    expect(asked).toHaveLength(30);
    const days = (rig.clock.now() - began) / 86_400_000;
    expect(days).toBeGreaterThan(5);
    expect(days).toBeLessThan(7);
  }, 60_000);

  it('is asked of a person when an outage is confirmed and policy did not approve it, also where no approval is required', async () => {
    await openRig({ approval: { required: false } });
    await setIncident('confirmed');
    decisions = () => Promise.resolve({ verb: 'reject', who: 'Ana', why: 'no' });

    const run = await rig.drive('failover', await runOfIncident());

    expect(run).toMatchObject({ status: 'cancelled' });
    expect(asked).toEqual(['decision:1']);
  }, 60_000);

  it('is given by policy when it approved the outage, also where approval is required', async () => {
    await openRig({ approval: { required: true } });
    await setIncident('approved');

    expect(await rig.drive('failover', await runOfIncident())).toMatchObject({ status: 'succeeded' });
    expect(asked).toEqual([]);
    expect(await incidentOf(rig.runtime, rig.pair.name)).toMatchObject({ state: 'failedOver' });
  }, 60_000);

  it('is given by policy when the alert that makes it automatic comes while a person is asked', async () => {
    await openRig({ alert: { mode: 'auto' } });
    await setIncident('confirmed');
    const signal: Signal = {
      kind: 'signal',
      source: 'serviceHealth',
      key: 'T1',
      seenId: 'm1',
      status: 'active',
      impacts: [],
      level: 'error',
      at: new Date(rig.clock.now()).toISOString(),
      title: '',
    };
    decisions = () =>
      new Promise((resolve) => {
        const hub: Hub = {
          start: () => Promise.resolve(),
          find: () => Promise.resolve(undefined),
          raise(_id, _event, decision) {
            resolve(decision as Decision);
            return Promise.resolve();
          },
        };
        void handleEvent(rig.runtime, hub, rig.pair, { kind: 'alert', signal });
      });

    const run = await rig.drive('failover', await runOfIncident());

    expect(run).toMatchObject({ status: 'succeeded' });
    expect(await approvalOf(run.runId)).toMatchObject({ decisions: [{ verb: 'approve', who: 'policy' }] });
  }, 60_000);

  it('of policy is void when the outage is resolved before the cutover', async () => {
    await openRig({});
    await setIncident('approved');
    before = async (name) => {
      if (name === 'beginCutover') await setIncident('idle');
    };

    expect(await rig.drive('failover', await runOfIncident())).toMatchObject({ status: 'cancelled' });
    expect(await readState(rig.runtime.state, rig.pair.name, '')).toMatchObject({
      active: 'primary',
      cutover: 'none',
    });
  }, 60_000);

  it('is not even prepared when the outage is resolved before the failover is started', async () => {
    await openRig({});
    await setIncident('confirmed');
    await applyEvent(rig.runtime, rig.pair, { kind: 'rejected', who: 'Ana' });

    const answer = await rig.activities.openFailover({ pair: rig.pair.name, attempt: 1 });

    expect(answer).toEqual({ value: { runId: null } });
    expect(await readClaim(rig.runtime.state, rig.pair.name)).toMatchObject({ kind: 'sync', released: true });
  }, 60_000);
});
