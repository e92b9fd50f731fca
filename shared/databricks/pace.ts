import { type EndpointClass, documentedLimits, type Limit } from './endpoints';
import { Rate } from './rate';

/** 20 calls at a time were seen to be refused; fewer than this never (github.com/databrickslabs/ucx issue 401). */
const maxInFlightDefault = 16;

export type Limits = 'documented' | 'off' | Partial<Record<EndpointClass, Limit>>;

export interface PacerOptions {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** `off`: no rates, only the caps of calls under way. A table replaces single documented limits. @default 'documented' */
  readonly limits?: Limits;
  /** @default 16 */
  readonly maxInFlight?: number;
}

interface Waiting {
  readonly arrival: number;
  readonly go: () => void;
}

/** The calls of one endpoint class. */
interface Queue {
  readonly rate: Rate;
  readonly maxInFlight: number;
  inFlight: number;
  waiting: Waiting[];
}

/** Decides when each call to one workspace may go. All runs of the process share it: the limits are the workspace's. */
export class Pacer {
  readonly #queues = new Map<EndpointClass, Queue>();
  readonly #options: PacerOptions;
  readonly #maxInFlight: number;
  #arrivals = 0;
  #inFlight = 0;
  #wakeAtMs = Infinity;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#maxInFlight = options.maxInFlight ?? maxInFlightDefault;
  }

  /** Does `work` when its turn has come. Rejects with the signal's reason when that ends the wait. */
  async run<T>(endpoint: EndpointClass, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const queue = this.#queue(endpoint);
    await this.#turn(queue, signal);
    try {
      return await work();
    } finally {
      queue.inFlight -= 1;
      this.#inFlight -= 1;
      this.#admit();
    }
  }

  /** A call of this class was answered 429: the class waits `waitMs` and goes on at half its rate. */
  throttled(endpoint: EndpointClass, waitMs: number): void {
    this.#queue(endpoint).rate.cut(this.#options.now(), waitMs);
  }

  #queue(endpoint: EndpointClass): Queue {
    const known = this.#queues.get(endpoint);
    if (known) return known;
    const { perSecond, maxInFlight = Infinity } = limitOf(endpoint, this.#options.limits);
    const queue = { rate: new Rate(perSecond, this.#options.now()), maxInFlight, inFlight: 0, waiting: [] };
    this.#queues.set(endpoint, queue);
    return queue;
  }

  #turn(queue: Queue, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.waiting = queue.waiting.filter((other) => other !== waiting);
        reject(signal?.reason as Error);
      };
      const go = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const waiting = { arrival: (this.#arrivals += 1), go };
      signal?.addEventListener('abort', leave, { once: true });
      queue.waiting.push(waiting);
      this.#admit();
    });
  }

  /** First come, first served; who waits for one class does not hold up the others. */
  #admit(): void {
    const nowMs = this.#options.now();
    for (;;) {
      if (this.#inFlight >= this.#maxInFlight) return;
      const open = [...this.#queues.values()].filter(isOpen);
      const queue = open.filter(({ rate }) => rate.readyAt(nowMs) <= nowMs).sort(byArrival)[0];
      if (!queue) {
        this.#wake(Math.min(...open.map(({ rate }) => rate.readyAt(nowMs))), nowMs);
        return;
      }
      queue.rate.take();
      queue.inFlight += 1;
      this.#inFlight += 1;
      queue.waiting.shift()?.go();
    }
  }

  #wake(atMs: number, nowMs: number): void {
    if (atMs >= this.#wakeAtMs) return;
    this.#wakeAtMs = atMs;
    void this.#options.sleep(Math.ceil(atMs - nowMs)).then(() => {
      this.#wakeAtMs = Infinity;
      this.#admit();
    });
  }
}

function isOpen({ waiting, inFlight, maxInFlight }: Queue): boolean {
  return waiting.length > 0 && inFlight < maxInFlight;
}

function byArrival(one: Queue, other: Queue): number {
  return (one.waiting[0]?.arrival ?? 0) - (other.waiting[0]?.arrival ?? 0);
}

function limitOf(endpoint: EndpointClass, limits: Limits = 'documented'): Limit {
  const documented: Limit = documentedLimits[endpoint];
  if (limits === 'off') return { ...documented, perSecond: Infinity };
  return limits === 'documented' ? documented : (limits[endpoint] ?? documented);
}
