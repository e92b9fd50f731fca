import { type Busy } from '../busy';
import { type Instance } from './instance';

const cheapTurnMs = 5;
const restPerTurn = 2;
const maxRestMs = 1_000;

interface Rest {
  readonly untilMs: number;
  /** How much was under way after the last turn. */
  readonly open: number;
  waiting: boolean;
}

/**
 * Each turn replays the whole history. While much is still under way, an instance with costly turns rests between them, so that the next
 * takes many messages at once: a large fan-out then needs a handful of replays instead of one for each completion.
 */
export class Pacer {
  private readonly rests = new WeakMap<Instance, Rest>();

  constructor(private readonly busy: Busy) {}

  turnEnded(instance: Instance, tookMs: number, open: number): void {
    if (tookMs < cheapTurnMs) this.rests.delete(instance);
    else {
      const untilMs = performance.now() + Math.min(tookMs * restPerTurn, maxRestMs);
      this.rests.set(instance, { untilMs, open, waiting: false });
    }
  }

  /** True when the instance is to wait; `later` is called then. */
  defers(instance: Instance, later: () => void): boolean {
    const rest = this.rests.get(instance);
    if (rest === undefined || rest.open <= instance.inbox.length) return false;
    const leftMs = rest.untilMs - performance.now();
    if (leftMs <= 0) return false;
    if (rest.waiting) return true;
    rest.waiting = true;
    const leave = this.busy.enter();
    setTimeout(() => {
      rest.waiting = false;
      later();
      leave();
    }, leftMs);
    return true;
  }
}
