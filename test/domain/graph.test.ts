import { kindLevels, waves } from '../../shared/domain/graph';

function graphOf(edges: Record<string, string[]>): Map<string, string[]> {
  return new Map(Object.entries(edges));
}

test('puts every key after what it depends on, as early as possible', () => {
  const found = waves(graphOf({ job: ['cluster', 'notebook'], cluster: ['pool'], pool: [], notebook: [] }));

  expect(found.waves).toEqual([['pool', 'notebook'], ['cluster'], ['job']]);
  expect(found.cycles).toEqual([]);
});

test('takes what is no key as already there, and duplicates once', () => {
  expect(waves(graphOf({ a: ['elsewhere', 'b', 'b'], b: [] })).waves).toEqual([['b'], ['a']]);
});

test('separates a cycle and all that waits for it, and orders the rest', () => {
  const found = waves(graphOf({ a: ['b'], b: ['c'], c: ['a'], waits: ['x', 'a'], x: [], late: ['waits'] }));

  expect(found.waves).toEqual([['x']]);
  expect(found.cycles).toEqual([['a', 'b', 'c', 'a']]);
  expect(Object.fromEntries(found.stuck)).toEqual({
    a: ['a', 'b', 'c', 'a'],
    b: ['a', 'b', 'c', 'a'],
    c: ['a', 'b', 'c', 'a'],
    waits: ['a', 'b', 'c', 'a'],
    late: ['a', 'b', 'c', 'a'],
  });
});

test('reports a key that depends on itself, and each of several cycles once', () => {
  const found = waves(graphOf({ self: ['self'], p: ['q'], q: ['p'] }));

  expect(found.cycles).toEqual([
    ['self', 'self'],
    ['p', 'q', 'p'],
  ]);
});

test('a cycle that is met from outside starts with a member of its own', () => {
  expect(waves(graphOf({ outside: ['p'], p: ['q'], q: ['p'] })).cycles).toEqual([['p', 'q', 'p']]);
});

test('orders a chain of 100,000 without recursion', () => {
  const count = 100_000;
  const chain = new Map(Array.from({ length: count }, (_, i) => [String(i), i === 0 ? [] : [String(i - 1)]]));

  const found = waves(chain);

  expect(found.waves).toHaveLength(count);
  expect(found.waves.at(-1)).toEqual([String(count - 1)]);
});

test('reports a cycle of 100,000 without recursion', () => {
  const count = 100_000;
  const ring = new Map(Array.from({ length: count }, (_, i) => [String(i), [String((i + 1) % count)]]));

  const found = waves(ring);

  expect(found.waves).toEqual([]);
  expect(found.cycles).toHaveLength(1);
  expect(found.stuck.size).toBe(count);
});

test('levels kinds by their references and by what they are derived from; a kind may point at itself', () => {
  const levels = kindLevels([
    { kind: 'permission', references: [], of: ['job'] },
    { kind: 'job', references: [{ to: 'cluster' }, { to: 'job' }] },
    { kind: 'cluster', references: [{ to: 'pool' }, { to: 'not-carried' }] },
    { kind: 'pool', references: [] },
  ]);

  expect(levels).toEqual([['pool'], ['cluster'], ['job'], ['permission']]);
});

test('refuses kinds that depend on each other in a circle', () => {
  const circle = [
    { kind: 'a', references: [{ to: 'b' }] },
    { kind: 'b', references: [{ to: 'a' }] },
  ];

  expect(() => kindLevels(circle)).toThrow('a -> b -> a');
});
