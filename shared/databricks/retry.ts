import type { ErrorCode } from '../domain/errors';
import type { Fault } from './answer';

/** When to give up. */
export interface RetryPolicy {
  /** From the call to its last try, waits included. */
  readonly budgetMs: number;
  /** Tries that failed; those answered 429 do not count. */
  readonly maxFailures: number;
}

export const defaultRetry: RetryPolicy = { budgetMs: 300_000, maxFailures: 8 };

/** How one call has gone so far, its last try included. */
export interface Progress {
  /** The call may be sent again although it may have had its effect. */
  readonly repeatable: boolean;
  readonly failures: number;
  readonly throttles: number;
  readonly tokenRenewed: boolean;
  readonly elapsedMs: number;
}

export type Verdict =
  | { readonly verb: 'repeat'; readonly waitMs: number }
  | { readonly verb: 'renewToken' }
  | { readonly verb: 'giveUp'; readonly code: ErrorCode };

const firstWaitMs = 1_000;
const longestBackoffMs = 30_000;
/** No answer of a server makes us wait longer. */
export const longestWaitMs = 120_000;
/** A server that fails on one call again and again usually fails on that call for good. */
const maxServerErrors = 5;
/** A name that does not resolve is a wrong address more often than an outage. */
const maxUnknownHosts = 3;

const transient: readonly ErrorCode[] = [
  'DR_API_INVALID_ANSWER',
  'DR_API_SERVER_ERROR',
  'DR_API_THROTTLED',
  'DR_API_TIMEOUT',
  'DR_API_UNREACHABLE',
];

/**
 * What to do about a failed try. `random` (0 up to 1) spreads the waits.
 * A call that must not be sent twice is sent again only when it certainly had no effect: refused (429, 401) or never sent.
 */
export function decide(
  fault: Fault,
  progress: Progress,
  policy: RetryPolicy,
  nowMs: number,
  random: number,
): Verdict {
  const { code } = fault;
  if (code === 'DR_API_UNAUTHORIZED' && !progress.tokenRenewed) return { verb: 'renewToken' };
  if (!transient.includes(code)) return { verb: 'giveUp', code };
  const throttled = code === 'DR_API_THROTTLED';
  if (!throttled && !progress.repeatable && fault.unsent !== true)
    return { verb: 'giveUp', code: 'DR_API_AMBIGUOUS' };
  const waitMs = waitFor(fault, throttled ? progress.throttles : progress.failures, nowMs, random);
  const spent = !throttled && progress.failures >= maxFailures(fault, policy);
  const late = progress.elapsedMs + waitMs > policy.budgetMs;
  return spent || late ? { verb: 'giveUp', code } : { verb: 'repeat', waitMs };
}

function maxFailures(fault: Fault, policy: RetryPolicy): number {
  if (fault.status === 500) return Math.min(maxServerErrors, policy.maxFailures);
  if (fault.errorCode === 'ENOTFOUND') return Math.min(maxUnknownHosts, policy.maxFailures);
  return policy.maxFailures;
}

/** The longer of our own back-off and what the server asks for, within reason. */
function waitFor(fault: Fault, count: number, nowMs: number, random: number): number {
  const backoff = Math.min(longestBackoffMs, firstWaitMs * 2 ** (count - 1)) * (0.75 + random / 2);
  return Math.min(longestWaitMs, Math.max(Math.round(backoff), readRetryAfter(fault.retryAfter, nowMs)));
}

const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** `Retry-After` in milliseconds (RFC 9110, 10.2.3: seconds or a date); 0 when it is absent, past or no such thing. */
export function readRetryAfter(text: string | undefined, nowMs: number): number {
  if (text === undefined) return 0;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const atMs = httpDate.test(text) ? Date.parse(text) : NaN;
  return atMs > nowMs ? atMs - nowMs : 0;
}
