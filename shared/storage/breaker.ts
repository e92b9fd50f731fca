const probeEveryMs = 30_000;
/** Refusals and resets come fast; a few may be chance. */
const failuresToOpen = 3;

/** Remembers that an endpoint is dead, so that not every call has to find out. */
export interface Breaker {
  /** False while the endpoint is taken for dead, but one caller is let through every 30 s to see. */
  letsThrough(): boolean;
  isOpen(): boolean;
  succeeded(): void;
  /** `hung`: it cost a whole deadline, so that once is enough. */
  failed(hung: boolean): void;
}

export function makeBreaker(now: () => number, changed: (open: boolean) => void): Breaker {
  let failures = 0;
  let probedAt: number | undefined;
  return {
    letsThrough() {
      if (probedAt === undefined) return true;
      if (now() - probedAt < probeEveryMs) return false;
      probedAt = now();
      return true;
    },
    isOpen: () => probedAt !== undefined,
    succeeded() {
      failures = 0;
      if (probedAt === undefined) return;
      probedAt = undefined;
      changed(false);
    },
    failed(hung) {
      failures += 1;
      const wasOpen = probedAt !== undefined;
      if (wasOpen || hung || failures >= failuresToOpen) probedAt = now();
      if (!wasOpen && probedAt !== undefined) changed(true);
    },
  };
}
