import { DrError } from '../domain/errors';

/** However steadily the bytes trickle in: after this it has failed. */
const maxTransferMs = 60_000;

/** Gets a signal that aborts after the deadline; calling `alive` (some bytes came) starts the deadline anew. */
export type Timed<T> = (signal: AbortSignal, alive: () => void) => Promise<T>;

/** Runs it with a deadline of its own: the storage client's time-outs do not end a connection that went silent. */
export async function withDeadline<T>(timeoutMs: number, work: Timed<T>): Promise<T> {
  const controller = new AbortController();
  const expire = (): void => {
    controller.abort();
  };
  const idle = setTimeout(expire, timeoutMs);
  const whole = setTimeout(expire, Math.max(timeoutMs, maxTransferMs));
  // Raced, because a credential that hangs does not always look at the signal.
  const expired = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => {
      reject(new DrError('DR_BLOB_UNAVAILABLE', `no answer within ${timeoutMs} ms`));
    });
  });
  try {
    return await Promise.race([work(controller.signal, () => idle.refresh()), expired]);
  } finally {
    clearTimeout(idle);
    clearTimeout(whole);
  }
}
