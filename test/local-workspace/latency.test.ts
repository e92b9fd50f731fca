import { makeLatency } from '../../local/workspace/latency';

function take(next: () => number): number[] {
  return Array.from({ length: 200 }, next);
}

describe('the latency of a region', () => {
  it('stays within 20 % of what was asked for, and varies', () => {
    const taken = take(makeLatency(100, 1));

    expect(Math.min(...taken)).toBeGreaterThanOrEqual(80);
    expect(Math.max(...taken)).toBeLessThanOrEqual(120);
    expect(new Set(taken).size).toBeGreaterThan(100);
  });

  it('is the same for the same seed', () => {
    expect(take(makeLatency(100, 7))).toEqual(take(makeLatency(100, 7)));
    expect(take(makeLatency(100, 7))).not.toEqual(take(makeLatency(100, 8)));
  });
});
