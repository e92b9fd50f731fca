import { type LocalHost } from '../../local/host/host';
import { startApp } from '../support/local-host';

type Step =
  | { readonly do: 'call' | 'race'; readonly value: number }
  | { readonly do: 'all' | 'any'; readonly values: readonly number[] }
  | { readonly do: 'allFailing'; readonly values: readonly number[]; readonly at: number }
  | { readonly do: 'retry'; readonly value: number; readonly failures: number; readonly attempts: number }
  | { readonly do: 'timer'; readonly ms: number }
  | { readonly do: 'event'; readonly name: string; readonly value: number }
  | { readonly do: 'children'; readonly programs: readonly (readonly Step[])[] }
  | { readonly do: 'again' };

const programs = 40;

/** A linear congruential generator: the same programs in each run. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

function makeSteps(random: (below: number) => number, depth: number): Step[] {
  const kinds = depth > 0 ? 9 : 7;
  const withAgain = random(2) === 0;
  return Array.from({ length: 2 + random(4) }, (_, at): Step => {
    const value = 1 + random(9);
    const values = Array.from({ length: 2 + random(3) }, () => 1 + random(9));
    switch (random(kinds)) {
      case 0:
        return { do: 'race', value };
      case 1:
        return { do: 'all', values };
      case 2:
        return { do: 'any', values };
      case 3:
        return { do: 'allFailing', values, at: random(values.length) };
      case 4:
        return { do: 'retry', value, failures: random(4), attempts: 1 + random(3) };
      case 5:
        return { do: 'timer', ms: 1_000 * random(10) };
      case 6:
        return withAgain ? { do: 'again' } : { do: 'call', value };
      case 7:
        return { do: 'children', programs: [0, 1].map(() => makeSteps(random, depth - 1)) };
      default:
        // continueAsNew drops events that nobody has taken yet.
        return withAgain ? { do: 'call', value } : { do: 'event', name: `event${at}`, value };
    }
  });
}

function expected(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + valueOf(step), 0);
}

function valueOf(step: Step): number {
  switch (step.do) {
    case 'call':
    case 'race':
    case 'event':
      return step.value;
    case 'all':
    case 'any':
      return step.values.reduce((sum, value) => sum + value, 0);
    case 'allFailing':
      return 1_000;
    case 'retry':
      return step.failures < step.attempts ? step.value : 500;
    case 'timer':
      return 1;
    case 'children':
      return step.programs.reduce((sum, program) => sum + expected(program), 0);
    case 'again':
      return 0;
  }
}

describe.each(['single', 'batch'] as const)('with %s delivery', (turn) => {
  let host: LocalHost;

  beforeAll(async () => {
    ({ host } = await startApp('random', { turn }));
  });

  afterAll(() => host.stop());

  test('random safe programs end with the value that their steps add up to', async () => {
    const random = makeRandom(turn === 'single' ? 1 : 2);
    const all = Array.from({ length: programs }, () => makeSteps(random, 1));

    const ids = all.map((steps, n) => {
      const id = host.operations.start('program', JSON.stringify({ steps, key: `${turn}-${n}` }));
      for (const step of steps) if (step.do === 'event') host.raiseEvent(id, step.name, step.value);
      return id;
    });
    const rows = await Promise.all(ids.map((id) => host.engine.whenEnded(id)));

    expect(rows.map((row) => row.output)).toEqual(
      all.map((steps) => JSON.stringify({ sum: expected(steps) })),
    );
    expect(host.diagnostics).toEqual([]);
    for (const id of ids) expectUniqueIds(host, id);
  });
});

function expectUniqueIds(host: LocalHost, id: string): void {
  const ids = host.operations.history(id).flatMap((event) => (event.EventId >= 0 ? [event.EventId] : []));
  expect(ids).toEqual([...new Set(ids)]);
}
