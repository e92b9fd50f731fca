import { canaries, liveThroughOutage, type Outage, secretCanary } from '../support/outage-life';
import { findLeaks } from '../support/leaks';

/** What a probe asks, and how long it waits at most in production (s). */
const probed = ['/', '/api/2.0/workspace/get-status'];
const probeSeconds = 5;
/** How much longer a failover may take when the lost region hangs instead of refusing. */
const maxAddedSeconds = 30;

let outage: Outage;
beforeAll(async () => {
  outage = await liveThroughOutage();
}, 120_000);

describe('an outage, from a normal day until the lost side is fenced', () => {
  it('ends well', () => {
    expect(outage.failover).toMatchObject({ status: 'succeeded', counts: { failed: 0, blocked: 0 } });
    expect(outage.report).toMatchObject({ active: 'secondary', tenure: 2 });
  });

  it('fires nothing of ours before the cutover is approved', () => {
    const { prepared, firings, approvedMs } = outage;

    expect(prepared.firings).toEqual([]);
    expect(firings.target.filter(({ atMs }) => atMs < approvedMs)).toEqual([]);
  });

  it('leaves nothing awake and no cluster running while it is prepared', () => {
    expect(outage.prepared).toMatchObject({ awake: [], runningClusters: [] });
  });

  it('wakes exactly what was awake, trigger by trigger', () => {
    const { awake, report } = outage;
    const sorted = (list: typeof awake.before) => list.map((one) => JSON.stringify(one)).sort();

    expect(awake.before.length).toBeGreaterThan(5);
    expect(sorted(awake.after)).toEqual(sorted(awake.before));
    expect(report.wake.woken).toHaveLength(awake.before.length);
  });

  it('lets jobs run in the secondary from then on, and none in the primary after the fence', () => {
    const { firings, fencedMs, stillPlanned } = outage;

    expect(
      firings.target.filter(({ jobName, marker }) => jobName === 'stream of orders' && marker),
    ).not.toEqual([]);
    expect(firings.source).not.toEqual([]);
    expect(firings.source.filter(({ atMs }) => atMs > fencedMs)).toEqual([]);
    expect(stillPlanned).toBe(0);
  });

  it('asks a region that hangs for signs of life only, and gives each up at its deadline', () => {
    const { calls, hanging } = outage;

    expect(calls.map(({ fault }) => fault)).toEqual(calls.map(() => 'dark'));
    expect(calls.filter(({ path }) => !probed.includes(path))).toEqual([]);
    expect(hanging).toBe(0);
    // The two calls of a probe are made at once.
    expect((calls.length / probed.length) * probeSeconds).toBeLessThanOrEqual(maxAddedSeconds);
    expect(calls.length).toBeGreaterThan(0);
  });

  it('writes no token, secret or key anywhere, whatever quotes it', () => {
    const { texts, facts, faults } = outage;
    const value = Buffer.from(secretCanary).toString('base64');
    const secrets = [...Object.values(canaries), facts.storage.key, secretCanary, value];
    const places = texts.map(({ place }) => place);

    expect(findLeaks(texts, secrets)).toEqual([]);
    expect(outage.copiedValue).toEqual({ key: 'value', value });
    expect(findLeaks([{ place: 'world', text: JSON.stringify(facts) }], secrets)).toHaveLength(3);
    expect(new Set(faults)).toEqual(new Set(['status', 'reset', 'truncate', 'lostAnswer', 'dark']));
    expect(
      texts.some(({ place, text }) => place.endsWith('report.html') && text.includes('is not accepted')),
    ).toBe(true);
    expect(outage.refresh).toMatchObject({ status: 'partiallyFailed', counts: { failed: 1 } });
    for (const part of ['.pack', 'index/', 'report.html', 'table history', 'app.log', 'GET /api/config: 200'])
      expect(places.filter((place) => place.includes(part))).not.toEqual([]);
  });
});
