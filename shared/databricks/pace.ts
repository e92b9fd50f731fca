import { type EndpointClass, documentedLimits, type Limit } from './endpoints';

/** Limits are counted by the platform's clock, not ours: a little below them nothing is refused. */
const margin = 0.98;
/** 20 calls at a time were seen to be refused; fewer than this never (github.com/databrickslabs/ucx issue 401). */
const maxInFlightDefault = 16;
/** Calls that came late, because timers and the event loop do, may be made up for at once: this much of the rate. */
const burstMs = 50;
/** The answers to calls sent before the rate was cut say nothing new. */
const settleMs = 1_000;
/** Back from half to the full rate in ten seconds. */
const recoveryPerSecond = 0.05;
const lowestShare = 1 / 16;

export type Limits = 'documented' | 'off' | Partial<Record<EndpointClass, Limit>>;

export interface PacerOptions {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** `off`: no rates, only the cap of calls under way. A table replaces single documented limits. @default 'documented' */
  readonly limits?: Limits;
  /** @default 16 */
  readonly maxInFlight?: number;
}

/** The rate of one endpoint class: a token bucket whose rate halves on 429 and grows back steadily. */
class Gate {
  inFlight = 0;
  readonly maxInFlight: number;
  readonly #full: number;
  #cutTo: number;
  #cutAtMs = -Infinity;
  #blockedUntilMs = -Infinity;
  #tokens = 1;
  #filledAtMs: number;

  constructor(limit: Limit, nowMs: number) {
    this.maxInFlight = limit.maxInFlight ?? Infinity;
    this.#full = this.#cutTo = limit.perSecond * margin;
    this.#filledAtMs = nowMs;
  }

  /** When the next call may go: now, or later. */
  readyAt(nowMs: number): number {
    if (this.#blockedUntilMs > nowMs) return this.#blockedUntilMs;
    const rate = this.#rate(nowMs);
    if (rate === Infinity) return nowMs;
    const gained = ((nowMs - this.#filledAtMs) / 1000) * rate;
    this.#tokens = Math.min(1 + (burstMs / 1000) * rate, this.#tokens + gained);
    this.#filledAtMs = nowMs;
    return this.#tokens >= 1 ? nowMs : nowMs + ((1 - this.#tokens) / rate) * 1000;
  }

  take(): void {
    this.inFlight += 1;
    this.#tokens -= 1;
  }

  throttle(nowMs: number, waitMs: number): void {
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, nowMs + waitMs);
    if (nowMs < this.#cutAtMs + settleMs) return;
    this.#cutTo = Math.max(this.#rate(nowMs) / 2, this.#full * lowestShare);
    this.#cutAtMs = Math.max(nowMs, this.#blockedUntilMs);
  }

  #rate(nowMs: number): number {
    if (this.#cutTo === this.#full) return this.#full;
    const recovered = (Math.max(0, nowMs - this.#cutAtMs) / 1000) * this.#full * recoveryPerSecond;
    return Math.min(this.#full, this.#cutTo + recovered);
  }
}

interface Waiting {
  readonly gate: Gate;
  readonly go: () => void;
}

/** Decides when each call to one workspace may go. All runs of the process share it: the limits are the workspace's. */
export class Pacer {
  readonly #gates = new Map<EndpointClass, Gate>();
  readonly #options: PacerOptions;
  readonly #maxInFlight: number;
  #waiting: Waiting[] = [];
  #inFlight = 0;
  #wakeAtMs = Infinity;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#maxInFlight = options.maxInFlight ?? maxInFlightDefault;
  }

  /** Does `work` when its turn has come. Rejects with the signal's reason when that ends the wait. */
  async run<T>(endpoint: EndpointClass, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const gate = this.#gate(endpoint);
    await this.#turn(gate, signal);
    try {
      return await work();
    } finally {
      gate.inFlight -= 1;
      this.#inFlight -= 1;
      this.#admit();
    }
  }

  /** A call of this class was answered 429: the class waits `waitMs` and goes on at half its rate. */
  throttled(endpoint: EndpointClass, waitMs: number): void {
    this.#gate(endpoint).throttle(this.#options.now(), waitMs);
  }

  #gate(endpoint: EndpointClass): Gate {
    const known = this.#gates.get(endpoint);
    if (known) return known;
    const gate = new Gate(limitOf(endpoint, this.#options.limits), this.#options.now());
    this.#gates.set(endpoint, gate);
    return gate;
  }

  #turn(gate: Gate, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { gate, go };
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal?.reason as Error);
      };
      function go(): void {
        signal?.removeEventListener('abort', leave);
        resolve();
      }
      if (signal?.aborted) {
        leave();
        return;
      }
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  /** First come, first served; who waits for one class does not hold up the others. */
  #admit(): void {
    const nowMs = this.#options.now();
    let nextMs = Infinity;
    this.#waiting = this.#waiting.filter(({ gate, go }) => {
      if (this.#inFlight >= this.#maxInFlight || gate.inFlight >= gate.maxInFlight) return true;
      const readyMs = gate.readyAt(nowMs);
      nextMs = readyMs > nowMs ? Math.min(nextMs, readyMs) : nextMs;
      if (readyMs > nowMs) return true;
      gate.take();
      this.#inFlight += 1;
      go();
      return false;
    });
    if (nextMs < this.#wakeAtMs) this.#wake(nextMs, nowMs);
  }

  #wake(atMs: number, nowMs: number): void {
    this.#wakeAtMs = atMs;
    void this.#options.sleep(Math.ceil(atMs - nowMs)).then(() => {
      this.#wakeAtMs = Infinity;
      this.#admit();
    });
  }
}

function limitOf(endpoint: EndpointClass, limits: Limits = 'documented'): Limit {
  const documented: Limit = documentedLimits[endpoint];
  if (limits === 'off') return { ...documented, perSecond: Infinity };
  return limits === 'documented' ? documented : (limits[endpoint] ?? documented);
}
