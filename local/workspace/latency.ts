/** How long each request takes: `latencyMs`, give or take 20 %, the same sequence for the same seed. */
export function makeLatency(latencyMs: number, seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    if (latencyMs === 0) return 0;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return latencyMs * (0.8 + (0.4 * state) / 2 ** 32);
  };
}
