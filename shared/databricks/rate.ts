/** Limits are counted by the platform's clock, not ours: a little below them nothing is refused. */
const margin = 0.98;
/** Calls that came late, because timers and the event loop do, may be made up for at once: this much of the rate. */
const burstMs = 50;
/** The answers to calls sent before the rate was cut say nothing new. */
const settleMs = 1_000;
/** Back from half to the full rate in ten seconds. */
const recoveryPerSecond = 0.05;
const lowestShare = 1 / 16;

/** How fast calls of one class may go: a token bucket whose rate halves on 429 and grows back steadily. */
export class Rate {
  readonly #full: number;
  #cutTo: number;
  #cutAtMs = -Infinity;
  #blockedUntilMs = -Infinity;
  #tokens = 1;
  #filledAtMs: number;

  /** `limitPerSecond` Infinity: no bucket, but still when told to wait. */
  constructor(limitPerSecond: number, nowMs: number) {
    this.#full = this.#cutTo = limitPerSecond * margin;
    this.#filledAtMs = nowMs;
  }

  /** When the next call may go: now, or later. */
  readyAt(nowMs: number): number {
    if (this.#blockedUntilMs > nowMs) return this.#blockedUntilMs;
    const rate = this.#now(nowMs);
    if (rate === Infinity) return nowMs;
    const gained = ((nowMs - this.#filledAtMs) / 1000) * rate;
    this.#tokens = Math.min(1 + (burstMs / 1000) * rate, this.#tokens + gained);
    this.#filledAtMs = nowMs;
    return this.#tokens >= 1 ? nowMs : nowMs + ((1 - this.#tokens) / rate) * 1000;
  }

  take(): void {
    this.#tokens -= 1;
  }

  /** A call was answered 429. */
  cut(nowMs: number, waitMs: number): void {
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, nowMs + waitMs);
    if (nowMs < this.#cutAtMs + settleMs) return;
    this.#cutTo = Math.max(this.#now(nowMs) / 2, this.#full * lowestShare);
    this.#cutAtMs = Math.max(nowMs, this.#blockedUntilMs);
  }

  #now(nowMs: number): number {
    if (this.#cutTo === this.#full) return this.#full;
    const recovered = (Math.max(0, nowMs - this.#cutAtMs) / 1000) * this.#full * recoveryPerSecond;
    return Math.min(this.#full, this.#cutTo + recovered);
  }
}
