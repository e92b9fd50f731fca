import { makeRunId, pairOfRun } from '../../shared/domain/run-id';

const at = Date.UTC(2026, 2, 4, 9, 41, 12, 345);

test('a run id names its pair, the second it began in, and something random', () => {
  expect(makeRunId('east-us-2', at, 'a1b2c3')).toBe('east-us-2-20260304T094112Z-a1b2c3');
});

test('a run id leads back to its pair', () => {
  expect(pairOfRun(makeRunId('a', at, 'zzzzzz'))).toBe('a');
  expect(pairOfRun(makeRunId('a-20260304t094112z-b', at, 'zzzzzz'))).toBe('a-20260304t094112z-b');
});

test('refuses to make an id out of what is no name', () => {
  expect(() => makeRunId('A/B', at, 'zzzzzz')).toThrow('cannot make a run id');
  expect(() => makeRunId('a', at, 'zz')).toThrow('cannot make a run id');
});

test.each(['', 'a', 'a-20260304T094112Z', 'a-20260304T094112Z-zzzzzz/..', '../a-20260304T094112Z-zzzzzz'])(
  '%j is no run id',
  (text) => {
    expect(pairOfRun(text)).toBeUndefined();
  },
);
