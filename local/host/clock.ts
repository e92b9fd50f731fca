/** The time of the task hub. */
export interface HubClock {
  now(): number;
  /** Calls `fire` once it is `atMs` or later; returns the function that cancels it. */
  setTimer(atMs: number, fire: () => void): () => void;
  /** Told whenever nothing runs any more. */
  idle?(): void;
}

const maxDelayMs = 2 ** 31 - 1;

export const realClock: HubClock = {
  now: () => Date.now(),
  setTimer: (atMs, fire) => sleepUntil(Date.now, atMs, fire),
};

/** Timers of Node hold 24 days at most: longer waits are made of several. */
function sleepUntil(now: () => number, atMs: number, fire: () => void): () => void {
  let handle: NodeJS.Timeout;
  function arm(): void {
    const left = atMs - now();
    handle = setTimeout(left > 0 ? arm : fire, Math.min(Math.max(left, 0), maxDelayMs));
  }
  arm();
  return () => {
    clearTimeout(handle);
  };
}

interface Alarm {
  readonly atMs: number;
  readonly cancel: () => void;
  readonly fire: () => void;
}

/**
 * A clock for tests. When nothing runs it jumps to the next timer that is at most `maxJumpMs` away, so that back-off and waits cost
 * nothing; a wait for a person is left alone by a smaller `maxJumpMs` and ended by `advance`.
 */
export class SkippingClock implements HubClock {
  private aheadMs = 0;
  private readonly alarms = new Set<Alarm>();

  constructor(private readonly maxJumpMs = Infinity) {}

  now(): number {
    return Date.now() + this.aheadMs;
  }

  setTimer(atMs: number, fire: () => void): () => void {
    const alarm: Alarm = {
      atMs,
      fire,
      cancel: sleepUntil(
        () => this.now(),
        atMs,
        () => {
          this.ring(alarm);
        },
      ),
    };
    this.alarms.add(alarm);
    return () => {
      this.alarms.delete(alarm);
      alarm.cancel();
    };
  }

  idle(): void {
    const next = this.next();
    if (next !== undefined && next.atMs - this.now() <= this.maxJumpMs) this.advance(next.atMs - this.now());
  }

  /** Moves the time forward and fires what is due by then. */
  advance(ms: number): void {
    this.aheadMs += Math.max(ms, 0);
    for (let next = this.next(); next !== undefined && next.atMs <= this.now(); next = this.next())
      this.ring(next);
  }

  private next(): Alarm | undefined {
    return [...this.alarms].sort((a, b) => a.atMs - b.atMs)[0];
  }

  private ring(alarm: Alarm): void {
    alarm.cancel();
    if (this.alarms.delete(alarm)) alarm.fire();
  }
}
