import { confirm, probeResultOf, type ProbeResult } from '../../shared/domain/confirm';

const rule = { failures: 5, of: 6 };

function probes(text: string): ProbeResult[] {
  return Array.from(text, (letter) => (letter === 'x' ? 'down' : 'alive'));
}

test.each([
  { seen: '', verdict: 'undecided' },
  { seen: 'x', verdict: 'undecided' },
  { seen: 'xxxx', verdict: 'undecided' },
  { seen: 'xxxxx', verdict: 'confirmed' },
  { seen: 'xxoxxx', verdict: 'confirmed' },
  { seen: 'o', verdict: 'undecided' },
  { seen: 'oo', verdict: 'refuted' },
  { seen: 'xoxo', verdict: 'refuted' },
  { seen: 'oooooo', verdict: 'refuted' },
  { seen: 'ooooooxxxxx', verdict: 'confirmed' },
  { seen: 'xxxxxxoo', verdict: 'refuted' },
])('5 of 6 over $seen: $verdict', ({ seen, verdict }) => {
  expect(confirm(probes(seen), rule, true)).toBe(verdict);
});

test('holds when the secondary does not answer either', () => {
  expect(confirm(probes('xxxxxx'), rule, false)).toBe('hold');
});

test('a primary that answers is alive even if the secondary does not', () => {
  expect(confirm(probes('oooooo'), rule, false)).toBe('refuted');
});

test('any answer below 500 proves life; none, or a server error, does not', () => {
  expect([200, 302, 401, 403, 404, 429].map(probeResultOf)).toEqual(Array(6).fill('alive'));
  expect([500, 502, 503, 504, undefined].map(probeResultOf)).toEqual(Array(5).fill('down'));
});
