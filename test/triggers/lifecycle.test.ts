import { readClaim } from '../../shared/storage/claims';
import { readRequest } from '../../shared/storage/runs';
import { readState } from '../../shared/storage/pair-state';
import { readAlert } from '../support/alerts';
import { pairOf, startProduct, type HostedProduct } from '../support/hosted-app';
import { fillTinyEstate } from '../support/tiny-estate';

let app: HostedProduct;
const reason = 'a test of the whole way';

beforeAll(async () => {
  app = await startProduct();
  fillTinyEstate(app.primary);
  await app.send('PUT', 'config', { body: { pairs: [pairOf(app)] } });
}, 60_000);

afterAll(() => app.close());

/** Waits until the run says that it is in this phase. */
async function reach(run: string, phase: string): Promise<void> {
  for (;;) {
    const view = await app.send('GET', `runs/${run}`);
    if (view.json.phase === phase || view.json.endedAt !== null) {
      expect(view.json.phase).toBe(phase);
      return;
    }
  }
}

describe('the way of a pair through the API', () => {
  let refresh: string;
  let failover: string;
  const failoverBody = { reason, confirm: 'analytics', expectActive: 'primary' };
  let winnersKey: Record<string, string>;

  test('a pair that was never synced has no snapshot and cannot be failed over', async () => {
    const pair = await app.send('GET', 'pairs/analytics');
    const refused = await app.send('POST', 'pairs/analytics/failover', {
      body: { reason, confirm: 'analytics' },
    });

    expect(pair.json).toMatchObject({
      active: 'primary',
      tenure: 1,
      snapshot: null,
      run: null,
      lastDrill: null,
    });
    expect(refused.json).toMatchObject({ status: 422, errors: [{ path: 'snapshot' }] });
  });

  test('a run that is cancelled says by whom, and why', async () => {
    const started = await app.send('POST', 'pairs/analytics/refresh', { body: { reason } });
    const run = started.json.id as string;

    const cancelled = await app.send('POST', `runs/${run}/cancel`, {
      body: { who: 'Ana', why: 'too early' },
    });
    await app.ended(run);

    const report = await app.send('GET', `runs/${run}/report`);
    expect(cancelled.status).toBe(202);
    expect(report.json).toMatchObject({
      run: { status: 'cancelled' },
      decisions: [{ verb: 'cancel', who: 'Ana (function key)', why: 'too early' }],
    });
  });

  test('a refresh is accepted once, however often it is sent under one key', async () => {
    const request = { body: { reason }, headers: { 'idempotency-key': 'first' } };

    const first = await app.send('POST', 'pairs/analytics/refresh', request);
    const again = await app.send('POST', 'pairs/analytics/refresh', request);
    const other = await app.send('POST', 'pairs/analytics/refresh', {
      ...request,
      body: { reason: 'another' },
    });

    refresh = first.json.id as string;
    expect(first).toMatchObject({ status: 202, json: { links: { self: `/api/runs/${refresh}` } } });
    expect(first.headers.get('location')).toBe(`/api/runs/${refresh}`);
    expect(again).toMatchObject({ status: 202, json: first.json });
    expect(other).toMatchObject({ status: 422, json: { errors: [{ path: 'Idempotency-Key' }] } });
  });

  test('a second run is told who has the pair', async () => {
    const busy = await app.send('POST', 'pairs/analytics/sync');
    const health = await app.send('GET', 'health');

    expect(busy).toMatchObject({ status: 409, json: { code: 'DR_CLAIM_BUSY' } });
    expect(busy.headers.get('location')).toBe(`/api/runs/${refresh}`);
    expect(health.json).toMatchObject({ status: 'ok', deployable: false, hub: 'TestHub', faults: [] });
  });

  test('a run that is over shows its counts, and a report for programs and for people', async () => {
    await app.ended(refresh);

    const run = await app.send('GET', `runs/${refresh}`);
    const report = await app.send('GET', `runs/${refresh}/report`);
    const page = await app.send('GET', `runs/${refresh}/report`, { headers: { accept: 'text/html' } });

    expect(run.json).toMatchObject({
      kind: 'refresh',
      pair: 'analytics',
      status: 'succeeded',
      phase: 'reporting',
    });
    expect(run.json.counts.restored).toBeGreaterThan(10);
    expect(report.json.run).toMatchObject({ id: refresh, counts: { total: run.json.counts.total } });
    expect(page.text).toMatch(/^<!doctype html>/i);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('the pages of a plan are the plan', async () => {
    const whole = await app.send('GET', `runs/${refresh}/plan`);
    const keys: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await app.send('GET', `runs/${refresh}/plan?limit=7${cursor && `&cursor=${cursor}`}`);
      expect(page.json.entries.length).toBeLessThanOrEqual(7);
      keys.push(...(page.json.entries as { key: string }[]).map(({ key }) => key));
      cursor = page.json.nextCursor as string | null;
    }

    const counts = Object.values(whole.json.counts as Record<string, number>);
    expect(keys).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
    expect(new Set(keys).size).toBe(keys.length);
    expect(whole.json).toMatchObject({ runId: refresh, nextCursor: null });
    expect((whole.json.entries as { key: string }[]).map(({ key }) => key)).toEqual(keys);
  });

  test('a preflight says whether a failover would work, and the pair shows its lights', async () => {
    const { status, json } = await app.send('POST', 'pairs/analytics/preflight', { body: {} });
    const pair = await app.send('GET', 'pairs/analytics');

    expect([status, json.checks.length > 5, json.snapshot]).toEqual([200, true, pair.json.snapshot.id]);
    expect(json).toMatchObject(pair.json.preflight as object);
  });

  test('a pair shows its snapshot and readiness, and its id map both ways', async () => {
    const pair = await app.send('GET', 'pairs/analytics');
    const map = await app.send('GET', 'pairs/analytics/map?kind=job');
    const [link] = map.json.links as { primary: string; secondary: string }[];
    const one = await app.send('GET', `pairs/analytics/map?kind=job&sourceId=${link!.secondary}`);

    expect(pair.json.snapshot.ageSeconds).toBeGreaterThanOrEqual(0);
    expect(pair.json.readiness).not.toEqual([]);
    const { snapshot, ...rest } = pair.json as Record<string, unknown>;
    expect((await app.send('GET', 'pairs')).json.pairs).toMatchObject([rest]);
    expect(snapshot).toBeTruthy();
    expect(one.json.links).toEqual([link]);
  });

  test('a dry run plans a failover, changes nothing at the target and leaves the pair free', async () => {
    const before = app.secondary.requests.lastSeq();

    const dry = await app.send('POST', 'pairs/analytics/failover', { body: { dryRun: true } });
    await app.ended(dry.json.id as string);

    const run = await app.send('GET', `runs/${dry.json.id as string}`);
    expect(run.json).toMatchObject({ dryRun: true, status: 'succeeded' });
    expect(app.secondary.requests.since(before).filter(({ mutating }) => mutating)).toEqual([]);
    expect((await readClaim(app.stores.state, 'analytics'))?.released).toBe(true);
  });

  test('of many failovers at once one wins and waits for approval', async () => {
    const keyOf = (nth: number) => ({ 'idempotency-key': `failover-${nth}` });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_none, nth) =>
        app.send('POST', 'pairs/analytics/failover', { body: failoverBody, headers: keyOf(nth) }),
      ),
    );
    winnersKey = keyOf(answers.findIndex(({ status }) => status === 202));
    failover = answers.find(({ status }) => status === 202)?.json.id as string;
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(9).fill(409)]);
    await reach(failover, 'approving');

    await app.host.fireTimer('refreshTimer');
    await app.host.fireTimer('dryRunTimer');

    const newest = await app.send('GET', 'runs?limit=3');
    const run = await app.send('GET', `runs/${failover}`);
    expect(newest.json.runs).toContainEqual(expect.objectContaining({ id: failover }));
    expect(run.json).toMatchObject({ status: 'running', endedAt: null });
    expect(run.json.counts.unchanged).toBeGreaterThan(10);
    expect((await app.send('GET', 'pairs/analytics')).json.run).toBe(failover);
    expect(app.logged.join('\n')).toContain('nothing is started by the clock');
  });

  test('a decision is taken once, with the name of who took it', async () => {
    const approve = { body: { who: 'Ana', why: 'the region is gone' } };

    const [one, two] = await Promise.all([
      app.send('POST', `runs/${failover}/approve`, approve),
      app.send('POST', `runs/${failover}/approve`, approve),
    ]);
    await app.ended(failover);

    const report = await app.send('GET', `runs/${failover}/report`);
    expect([one.status, two.status].sort()).toEqual([202, 409]);
    expect(report.json.decisions).toMatchObject([
      { verb: 'approve', who: 'Ana (function key)', why: 'the region is gone' },
    ]);
    expect((await app.send('GET', 'pairs/analytics')).json).toMatchObject({ active: 'secondary', tenure: 2 });
  });

  test('after a cutover that is not committed nothing goes the other way', async () => {
    const body = { reason, confirm: 'analytics' };

    const back = await app.send('POST', 'pairs/analytics/failover', { body });
    const saved = await app.send('POST', 'pairs/analytics/sync');
    await app.ended(saved.json.id as string);
    const backFromSaved = await app.send('POST', 'pairs/analytics/failover', { body });
    const refreshed = await app.send('POST', 'pairs/analytics/refresh');
    const alert = await app.send('POST', 'alerts', { body: readAlert('active') });
    const late = await app.send('POST', `runs/${failover}/cancel`);

    expect(back.json).toMatchObject({ status: 501 });
    expect(backFromSaved.json).toMatchObject({ status: 501 });
    expect(refreshed.json).toMatchObject({ status: 501 });
    expect(alert.json).toMatchObject({ status: 'ignored' });
    expect(late.json).toMatchObject({ code: 'DR_APPROVAL_NOT_OPEN' });
    expect(await readState(app.stores.state, 'analytics', '')).toMatchObject({
      active: 'secondary',
      runId: failover,
    });
    expect((await readRequest(app.stores.state, failover))?.startedBy).toBe('function key');
  });

  test('a request that comes again under its key gets the run that it started, also after the cutover', async () => {
    const again = await app.send('POST', 'pairs/analytics/failover', {
      body: failoverBody,
      headers: winnersKey,
    });

    expect(again).toMatchObject({ status: 202, json: { id: failover } });
  });

  test('the newest runs come first', async () => {
    const runs = await app.send('GET', 'runs?pair=analytics&limit=2');
    const all = await app.send('GET', 'runs');
    // Ids carry seconds; runs of the same second have no order.
    const seconds = (all.json.runs as { id: string }[]).map(({ id }) => id.replace(/-[^-]+$/, ''));

    expect(runs.json.runs).toHaveLength(2);
    expect(seconds).toHaveLength(5);
    expect(seconds).toEqual([...seconds].sort().reverse());
  });
});
