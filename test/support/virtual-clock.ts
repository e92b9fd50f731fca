/** Time that passes only while everybody waits for it: as soon as nothing else is left to do, the earliest sleeper wakes. */
export interface VirtualClock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Every sleep asked for, in milliseconds. */
  readonly sleeps: readonly number[];
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export function makeVirtualClock(startMs = Date.UTC(2026, 10, 2)): VirtualClock {
  const sleeps: number[] = [];
  const sleepers: Sleeper[] = [];
  let nowMs = startMs;

  function wakeNext(): void {
    const next = sleepers.sort((one, other) => one.atMs - other.atMs).shift();
    if (!next) return;
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
    setImmediate(wakeNext);
  }
  function sleep(ms: number): Promise<void> {
    sleeps.push(ms);
    if (sleepers.length === 0) setImmediate(wakeNext);
    return new Promise((wake) => sleepers.push({ atMs: nowMs + ms, wake }));
  }
  return { sleeps, now: () => nowMs, sleep };
}
