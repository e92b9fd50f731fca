import { Pacer, type PacerOptions } from '../../shared/databricks/pace';
import { makeVirtualClock, type VirtualClock } from '../support/virtual-clock';

describe('the pace of one workspace', () => {
  let clock: VirtualClock;

  beforeEach(() => {
    clock = makeVirtualClock(0);
  });

  function pacer(more: Partial<PacerOptions> = {}): Pacer {
    return new Pacer({ now: clock.now, sleep: clock.sleep, ...more });
  }
  /** When each of `count` calls went. */
  async function times(one: Pacer, count: number, endpoint: 'export' | 'import' | 'scimRead' = 'export') {
    const went: number[] = [];
    const calls = Array.from({ length: count }, () =>
      one.run(endpoint, () => Promise.resolve(went.push(clock.now()))),
    );
    await Promise.all(calls);
    return went;
  }
  function busiestSecond(went: readonly number[]): number {
    return Math.max(...went.map((from) => went.filter((at) => at >= from && at < from + 1000).length));
  }

  it('stays below the documented limit in every second, and close to it', async () => {
    const went = await times(pacer(), 600);

    expect(busiestSecond(went)).toBeLessThanOrEqual(60);
    expect(600 / (went.at(-1)! / 1000)).toBeGreaterThan(60 * 0.95);
  });

  it('knows limits per minute', async () => {
    const went = await times(pacer(), 43, 'scimRead');

    expect(went.at(-1)! / 1000).toBeCloseTo(42 / (0.98 * 4.25), 0);
  });

  it('paces classes apart', async () => {
    const one = pacer();
    const [exports, imports] = await Promise.all([times(one, 60), times(one, 30, 'import')]);

    expect(exports.at(-1)).toBeLessThan(1_100);
    expect(imports.at(-1)).toBeLessThan(1_100);
  });

  it('takes other limits from its settings', async () => {
    const went = await times(pacer({ limits: { export: { perSecond: 1 / 0.98 } } }), 4);

    expect(went).toEqual([0, 1000, 2000, 3000]);
  });

  it.each(['documented', 'off'] as const)('has at most 16 calls under way, limits %s', async (limits) => {
    const one = pacer({ limits });
    let underWay = 0;
    let most = 0;

    await Promise.all(
      Array.from({ length: 100 }, () =>
        one.run('permissionsRead', async () => {
          most = Math.max(most, (underWay += 1));
          await new Promise(setImmediate);
          underWay -= 1;
        }),
      ),
    );

    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThan(15);
  });

  it('lets 16 calls of several classes go at a time', async () => {
    const one = pacer({ limits: 'off' });
    let release: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let started = 0;

    const calls = Array.from({ length: 20 }, (_each, at) =>
      one.run(at % 2 ? 'export' : 'list', () => {
        started += 1;
        return gate;
      }),
    );
    await new Promise(setImmediate);
    const before = started;
    release?.();
    await Promise.all(calls);

    expect([before, started]).toEqual([16, 20]);
  });

  it('does not let a slow class hold up another', async () => {
    const one = pacer();
    const slow = times(one, 20, 'scimRead');
    const [first] = await times(one, 1);

    expect(first).toBe(0);
    expect((await slow).at(-1)).toBeGreaterThan(4_000);
  });

  it('halves the rate on 429 and comes back to it', async () => {
    const one = pacer();
    await times(one, 60);
    const cutAt = clock.now();
    one.throttled('export', 0);

    const went = await times(one, 1_200);

    expect(went.filter((at) => at < cutAt + 1000).length).toBeLessThanOrEqual(35);
    expect(went.filter((at) => at >= cutAt + 12_000 && at < cutAt + 13_000).length).toBeGreaterThan(55);
  });

  it('cuts the rate once for a burst of 429s', async () => {
    const one = pacer();
    for (let refused = 0; refused < 16; refused += 1) one.throttled('export', 0);

    const went = await times(one, 60);

    expect(went.filter((at) => at < 1000).length).toBeGreaterThan(25);
  });

  it.each(['documented', 'off'] as const)(
    'keeps the class still for Retry-After, limits %s',
    async (limits) => {
      const one = pacer({ limits });
      one.throttled('export', 30_000);

      const [[first], [other]] = [await times(one, 1, 'import'), await times(one, 1)];

      expect([first, other]).toEqual([0, 30_000]);
    },
  );

  it('goes on after a call that failed', async () => {
    const one = pacer({ maxInFlight: 1 });

    await expect(one.run('export', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(one.run('export', () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('ends the wait of an aborted call and gives its turn to the next', async () => {
    const one = pacer({ maxInFlight: 1 });
    const ended = new AbortController();
    let finish: (() => void) | undefined;
    const first = one.run('export', () => new Promise<void>((resolve) => (finish = resolve)));
    const second = one.run('export', () => Promise.resolve('second'), ended.signal);
    const third = one.run('export', () => Promise.resolve('third'));
    await new Promise(setImmediate);

    ended.abort(new Error('pre-empted'));
    finish?.();

    await expect(second).rejects.toThrow('pre-empted');
    await expect(third).resolves.toBe('third');
    await first;
  });

  it('does not begin what is aborted already', async () => {
    const work = pacer().run('export', () => Promise.resolve('done'), AbortSignal.abort(new Error('over')));

    await expect(work).rejects.toThrow('over');
  });
});
