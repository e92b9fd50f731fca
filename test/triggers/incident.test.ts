import { pairSchema } from '../../shared/config/schema';
import type { Incident } from '../../shared/domain/incident';
import { startRun } from '../../shared/engine/starter';
import { decidePoint } from '../../shared/storage/approval';
import { readClaim, takeClaim } from '../../shared/storage/claims';
import { readIncident, readState } from '../../shared/storage/pair-state';
import { readSummary } from '../../shared/storage/runs';
import { alertWithImpacts, impact, readAlert, type AlertPayload } from '../support/alerts';
import { pairOf, startProduct, type AppAnswer, type HostedProduct } from '../support/hosted-app';
import { fillTinyEstate, type TinyEstate } from '../support/tiny-estate';

let app: HostedProduct;
let estate: TinyEstate;

beforeAll(async () => {
  app = await startProduct();
  estate = fillTinyEstate(app.primary);
  await app.send('PUT', 'config', { body: { pairs: [pairOf(app)] } });
  const refresh = await app.send('POST', 'pairs/analytics/refresh');
  await app.ended(refresh.json.id as string);
}, 60_000);

afterAll(() => app.close());

/** The alert as if it were fired `minutes` from now. */
function fresh(alert: AlertPayload, minutes = 0): AlertPayload {
  const at = new Date(Date.now() + minutes * 60_000).toISOString();
  const { essentials, alertContext } = alert.data;
  const context = { ...alertContext, eventTimestamp: at, submissionTimestamp: at };
  return {
    ...alert,
    data: { ...alert.data, essentials: { ...essentials, firedDateTime: at }, alertContext: context },
  };
}

function send(alert: AlertPayload): Promise<AppAnswer> {
  return app.send('POST', 'alerts', { body: alert });
}

function incident(): Promise<Incident | undefined> {
  return readIncident<Incident>(app.stores.state, 'analytics');
}

/** The run that has the pair, as soon as it waits for approval. */
async function approvingRun(): Promise<string> {
  for (;;) {
    const runId = (await app.send('GET', 'pairs/analytics')).json.run as string | null;
    const run = runId === null ? undefined : await app.send('GET', `runs/${runId}`);
    if (run?.json.approval) return runId!;
  }
}

describe('an alert', () => {
  test.each([
    ['of another region', alertWithImpacts(JSON.stringify([impact('Azure Databricks', 'West US')]))],
    ['of another service', alertWithImpacts(JSON.stringify([impact('Azure Cosmos DB', 'East US 2')]))],
    ['of a maintenance', readAlert('maintenance')],
    ['that is a test', readAlert('synthetic')],
  ])('%s is answered with its reason and changes nothing', async (_name, alert) => {
    const answer = await send(fresh(alert));

    expect(answer).toMatchObject({ status: 202, json: { status: 'ignored' } });
    expect(answer.json.reason).not.toBe('');
    expect(await incident()).toBeUndefined();
  });

  test('that our probes refute stays a suspicion', async () => {
    const answer = await send(fresh(readAlert('active')));
    await app.ended('analytics:incident:1');

    expect(answer).toMatchObject({ status: 202, json: { status: 'accepted', pairs: [{ taken: true }] } });
    expect(await incident()).toMatchObject({ state: 'suspected', attempt: 1 });
    expect((await readClaim(app.stores.state, 'analytics'))?.released).toBe(true);
  });

  test('that comes twice has its effect once', async () => {
    const answer = await send(fresh(readAlert('active')));

    expect(answer.json.pairs).toMatchObject([{ reason: 'this message was seen before' }]);
    expect(await incident()).toMatchObject({ attempt: 1 });
  });

  test('is to be sent again when it could not be stored', async () => {
    app.proxy.primary.fault = ({ path, method }) =>
      method === 'PUT' && path.endsWith('incident.json') ? 'unavailable' : undefined;

    const answer = await send(fresh(readAlert('update')));

    app.proxy.primary.fault = () => undefined;
    expect(answer).toMatchObject({ status: 503, json: { code: 'DR_BLOB_UNAVAILABLE' } });
  });
});

describe('the probe timer', () => {
  test('raises a suspicion by itself, and a failover is prepared that waits for approval', async () => {
    app.primary.setDark(true);

    await app.host.fireTimer('probeTimer');
    const run = await approvingRun();

    const pair = await app.send('GET', 'pairs/analytics');
    expect(pair.json.health).toMatchObject({ primary: { alive: false }, secondary: { alive: true } });
    expect((await app.send('GET', `runs/${run}`)).json).toMatchObject({
      kind: 'failover',
      status: 'running',
    });
    expect(await incident()).toMatchObject({ state: 'confirmed' });
  });

  test('starts nothing by the clock meanwhile', async () => {
    const run = (await app.send('GET', 'pairs/analytics')).json.run as string;

    await app.host.fireTimer('refreshTimer');
    await app.host.fireTimer('dryRunTimer');

    expect((await app.send('GET', 'runs')).json.runs).toHaveLength(2);
    expect((await app.send('GET', 'pairs/analytics')).json.run).toBe(run);
  });

  test('sees the failover called off when the alert is resolved before the cutover', async () => {
    const run = (await app.send('GET', 'pairs/analytics')).json.run as string;

    const answer = await send(fresh(readAlert('resolved'), 1));
    await app.ended(run);

    expect(answer).toMatchObject({ status: 202, json: { status: 'accepted' } });
    expect(await readSummary(app.stores.state, run)).toMatchObject({ status: 'cancelled' });
    expect(await incident()).toMatchObject({ state: 'idle' });
    expect(await readState(app.stores.state, 'analytics', '')).toMatchObject({ active: 'primary' });
  });

  test('delivers a decision that was recorded and did not reach its run', async () => {
    const body = { reason: 'by hand', confirm: 'analytics' };
    const started = await app.send('POST', 'pairs/analytics/failover', { body });
    const run = await approvingRun();
    const decision = { verb: 'approve', who: 'Ana', why: 'gone', at: new Date().toISOString() } as const;
    await decidePoint(app.stores.state, run, decision);

    await app.host.fireTimer('probeTimer');
    await app.ended(run);

    expect(run).toBe(started.json.id);
    expect(await readState(app.stores.state, 'analytics', '')).toMatchObject({
      active: 'secondary',
      fence: 'pending',
      committed: false,
    });
  });

  test('quiets the side that comes back, and tells what still runs there', async () => {
    app.primary.setDark(false);
    app.primary.call('POST', '/api/2.2/jobs/run-now', { job_id: estate.hourly });

    await app.host.fireTimer('probeTimer');

    const { json } = app.primary.call('GET', '/api/2.2/jobs/list?limit=100');
    const { jobs } = json as { jobs: { settings: { schedule?: { pause_status: string } } }[] };
    expect(jobs.flatMap(({ settings }) => settings.schedule?.pause_status ?? [])).not.toContain('UNPAUSED');
    expect(await readState(app.stores.state, 'analytics', '')).toMatchObject({ fence: 'done' });
    const line = app.logged.find((one) => one.includes('work still runs at a side that is not active'));
    expect(line).toContain(`job/${estate.hourly}`);
  });

  test('starts a run that has its claim and was never started', async () => {
    const started = await startRun(
      {
        state: app.stores.state,
        settings: { hub: 'TestHub' },
        now: () => Date.now() - 120_000,
        newRunId: () => 'analytics-20260101T000000Z-orphan',
      },
      {
        pair: pairSchema.parse(pairOf(app)),
        kind: 'sync',
        mode: 'unplanned',
        dryRun: false,
        reason: 'its starter dies',
        startedBy: 'timer',
      },
    );

    await app.host.fireTimer('probeTimer');
    await app.ended('analytics-20260101T000000Z-orphan');

    expect(started).toMatchObject({ request: { runId: 'analytics-20260101T000000Z-orphan' } });
    expect(await readSummary(app.stores.state, 'analytics-20260101T000000Z-orphan')).toMatchObject({
      status: 'succeeded',
    });
  });

  test('gives back a claim whose run was never written down', async () => {
    const nowIso = new Date(Date.now() - 120_000).toISOString();
    const wish = {
      runId: 'analytics-20260101T000000Z-nobody',
      kind: 'sync',
      hub: 'TestHub',
      nowIso,
    } as const;
    await takeClaim(app.stores.state, 'analytics', wish);

    await app.host.fireTimer('probeTimer');

    expect(await readClaim(app.stores.state, 'analytics')).toMatchObject({
      runId: wish.runId,
      released: true,
    });
  });
});
