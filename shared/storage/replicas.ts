import type { BlobServiceClient } from '@azure/storage-blob';
import { hasCode } from '../domain/errors';
import type { Log } from '../log';
import { blobError, isDown, statusOf } from './blob-error';
import { makeBreaker, type Breaker } from './breaker';
import { withDeadline } from './deadline';

/** One call to the storage service. It stops at the signal, and says with `alive` that bytes came. */
export type Attempt<T> = (service: BlobServiceClient, signal: AbortSignal, alive: () => void) => Promise<T>;

export interface ReplicaOptions {
  readonly primary: BlobServiceClient;
  /** The read-only copy in the other region. */
  readonly secondary?: BlobServiceClient;
  readonly tryTimeoutMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: Log;
}

type Answer<T> = { up: true; value: T } | { up: false; error: unknown };

/** Waits before the second and the third try. */
const backoffMs = [200, 800] as const;
/** 1 MiB a second is taken for a working connection. */
const msPerByte = 1000 / 1024 ** 2;

/** The two endpoints of a storage account as one: reads survive the loss of the primary, writes go to the primary only. */
export class Replicas {
  private readonly breaker: Breaker;

  constructor(private readonly options: ReplicaOptions) {
    const { now, log } = options;
    this.breaker = makeBreaker(now, (open) => {
      if (open) log.warn('the primary blob endpoint does not answer');
      else log.info('the primary blob endpoint answers again');
    });
  }

  /** Undefined when it does not exist, which only the primary may say. `fresh`: the copy, which may lag, is not asked. */
  read<T>(attempted: string, attempt: Attempt<T>, fresh = false): Promise<T | undefined> {
    const gentle = orUndefined(attempt);
    return this.repeat(attempted, () =>
      fresh ? this.askPrimary(gentle, this.options.tryTimeoutMs) : this.readOnce(gentle),
    );
  }

  /** `bytes` to send lengthen the deadline. A conflict after a try without an answer has `details.unanswered`. */
  write<T>(attempted: string, attempt: Attempt<T>, bytes = 0): Promise<T> {
    const timeoutMs = this.options.tryTimeoutMs + bytes * msPerByte;
    return this.repeat(attempted, () => this.askPrimary(attempt, timeoutMs));
  }

  private async repeat<T>(attempted: string, once: () => Promise<Answer<T>>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await once();
        if (answer.up) return answer.value;
        if (tries === backoffMs.length) throw answer.error;
      } catch (error) {
        throw blobError(attempted, error, tries > 0 ? { unanswered: true } : {});
      }
      await this.options.sleep(backoffMs[tries] ?? 0);
    }
  }

  private async readOnce<T>(attempt: Attempt<T>): Promise<Answer<T>> {
    const { secondary, tryTimeoutMs } = this.options;
    if (secondary === undefined) return this.askPrimary(attempt, tryTimeoutMs);
    if (this.breaker.letsThrough()) {
      const direct = await this.askPrimary(attempt, this.patienceMs());
      if (direct.up) return direct;
    }
    const copy = await ask(secondary, attempt, tryTimeoutMs);
    if (!copy.up || copy.value !== undefined) return copy;
    // The copy may lag: that it does not have it means nothing.
    return this.askPrimary(attempt, this.patienceMs());
  }

  /** Looking whether a dead endpoint came back must not cost much. */
  private patienceMs(): number {
    const { tryTimeoutMs } = this.options;
    return this.breaker.isOpen() ? tryTimeoutMs / 4 : tryTimeoutMs;
  }

  private async askPrimary<T>(attempt: Attempt<T>, timeoutMs: number): Promise<Answer<T>> {
    try {
      const answer = await ask(this.options.primary, attempt, timeoutMs);
      if (answer.up) this.breaker.succeeded();
      else this.breaker.failed(hasCode(answer.error, 'DR_BLOB_UNAVAILABLE'));
      return answer;
    } catch (error) {
      this.breaker.succeeded();
      throw error;
    }
  }
}

/** Asks one endpoint once. Only an answer that says no throws. */
async function ask<T>(
  service: BlobServiceClient,
  attempt: Attempt<T>,
  timeoutMs: number,
): Promise<Answer<T>> {
  try {
    return { up: true, value: await withDeadline(timeoutMs, (...timed) => attempt(service, ...timed)) };
  } catch (error) {
    if (isDown(error)) return { up: false, error };
    throw error;
  }
}

/** The same attempt with "does not exist" as a value. */
function orUndefined<T>(attempt: Attempt<T>): Attempt<T | undefined> {
  return async (...call) => {
    try {
      return await attempt(...call);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  };
}
