import { once } from 'node:events';
import type { Side } from '../domain/asset';
import type { KindOptions } from '../domain/mounts';
import { DrError, type ErrorCode } from '../domain/errors';
import type { Log } from '../log';
import { endpointClass } from './endpoints';
import { type Fault, readAnswer } from './answer';
import type { Pacer } from './pace';
import { type ApiCall, type Connection, isReply } from './request';
import { decide, longestWaitMs, type Progress, readRetryAfter, type RetryPolicy } from './retry';
import type { TokenProvider } from './token';
import type { RequestCounts } from './workspace';

/** One workspace, and what the process shares to reach it. */
export interface Site {
  readonly pair: string;
  readonly side: Side;
  readonly url: URL;
  readonly token: TokenProvider;
  readonly options?: KindOptions;
  readonly connection: Connection;
  readonly pacer: Pacer;
}

/** The rules of one piece of work. */
export interface Session {
  /** Its end ends every call and wait at once, with its reason when that is a DrError, else with DR_RUN_CANCELLED. */
  readonly signal?: AbortSignal;
  /** Awaited right before every mutating request, repeated ones too: throws when the work may no longer write. */
  readonly beforeWrite?: () => Promise<void>;
  /** Every write throws DR_WRITE_IN_DRY_RUN. @default false */
  readonly readOnly?: boolean;
  readonly retry: RetryPolicy;
}

export interface Tools {
  readonly now: () => number;
  /** Resolves after `ms`; `signal` tells that nobody waits for it any more. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly log: Log;
}

type Result = { readonly value: unknown } | { readonly fault: Fault; readonly token: string };

/** Makes calls on behalf of one piece of work: paced, authenticated, counted, repeated where that is safe. */
export class Caller {
  readonly counts: RequestCounts = { calls: 0, writes: 0, throttled: 0 };

  constructor(
    private readonly site: Site,
    private readonly session: Session,
    private readonly tools: Tools,
  ) {}

  async call(call: ApiCall, repeatable: boolean): Promise<unknown> {
    if (this.session.readOnly && isWrite(call))
      throw new DrError('DR_WRITE_IN_DRY_RUN', `cannot ${this.describe(call)}: this run only reads`);
    try {
      return await this.#untilDone(call, repeatable);
    } catch (error) {
      throw this.#endedBy(error, call);
    }
  }

  /** `GET /api/2.1/clusters/list on primary of analytics`. */
  describe(call: ApiCall): string {
    const path = call.path.length > 200 ? `${call.path.slice(0, 200)}…` : call.path;
    return `${call.method} ${path} on ${this.site.side} of ${this.site.pair}`;
  }

  async #untilDone(call: ApiCall, repeatable: boolean): Promise<unknown> {
    const startedAtMs = this.tools.now();
    let progress: Progress = { repeatable, failures: 0, throttles: 0, tokenRenewed: false, elapsedMs: 0 };
    for (;;) {
      const result = await this.#tryOnce(call);
      if ('value' in result) return result.value;
      const { fault } = result;
      progress = after(fault, { ...progress, elapsedMs: this.tools.now() - startedAtMs });
      const verdict = decide(fault, progress, this.session.retry, this.tools.now(), this.tools.random());
      if (verdict.verb === 'giveUp') throw this.#failure(call, verdict.code, fault);
      this.tools.log.debug('workspace call is repeated', { ...this.#facts(call, fault), ...verdict });
      if (verdict.verb === 'repeat') await this.pause(verdict.waitMs);
      if (verdict.verb === 'renewToken') {
        progress = { ...progress, tokenRenewed: true };
        await this.#renewToken(result.token);
      }
    }
  }

  #tryOnce(call: ApiCall): Promise<Result> {
    const { pacer } = this.site;
    const endpoint = endpointClass(call.method, call.path);
    const turn = async (): Promise<Result> => {
      const result = await this.#send(call);
      if ('value' in result || result.fault.code !== 'DR_API_THROTTLED') return result;
      this.counts.throttled += 1;
      const askedMs = readRetryAfter(result.fault.retryAfter, this.tools.now());
      // Before the turn ends, so that nobody goes in between.
      pacer.throttled(endpoint, Math.min(askedMs, longestWaitMs));
      return result;
    };
    return pacer.run(endpoint, turn, this.session.signal);
  }

  async #send(call: ApiCall): Promise<Result> {
    const { site, session } = this;
    const token = await site.token.token();
    if (isWrite(call)) await session.beforeWrite?.();
    session.signal?.throwIfAborted();
    this.counts.calls += 1;
    if (isWrite(call)) this.counts.writes += 1;
    const reply = await site.connection.send(call, token, session.signal);
    if (!isReply(reply)) return { fault: reply, token };
    const answer = readAnswer(call, reply, token);
    return 'value' in answer ? answer : { fault: answer, token };
  }

  /** Of many calls refused with the same token only the first makes it fetched anew. */
  async #renewToken(refused: string): Promise<void> {
    const { token } = this.site;
    if ((await token.token()) === refused) token.invalidate();
  }

  /** Ends at once, with its reason, when the piece of work ends. */
  async pause(waitMs: number): Promise<void> {
    const { signal } = this.session;
    const waited = this.tools.sleep(waitMs, signal);
    await (signal ? Promise.race([waited, endOf(signal)]) : waited);
    signal?.throwIfAborted();
  }

  /** What ended the run, when that is why the call ended: an aborted wait or request says little by itself. */
  #endedBy(error: unknown, call: ApiCall): unknown {
    const { signal } = this.session;
    if (error instanceof DrError || signal?.aborted !== true) return error;
    if (signal.reason instanceof DrError) return signal.reason;
    return new DrError('DR_RUN_CANCELLED', `cannot ${this.describe(call)}: the run has ended`);
  }

  #failure(call: ApiCall, code: ErrorCode, fault: Fault): DrError {
    const { cause } = fault;
    const message = `cannot ${this.describe(call)}: ${fault.message}`;
    return new DrError(code, message, this.#facts(call, fault), cause === undefined ? {} : { cause });
  }

  #facts(call: ApiCall, { status, errorCode }: Fault) {
    const { pair, side } = this.site;
    const answer = { ...(status && { status }), ...(errorCode && { errorCode }) };
    return { pair, side, method: call.method, path: call.path, ...answer };
  }
}

function isWrite(call: ApiCall): boolean {
  return call.method !== 'GET';
}

function endOf(signal: AbortSignal): Promise<unknown> {
  return signal.aborted ? Promise.resolve() : once(signal, 'abort');
}

function after(fault: Fault, progress: Progress): Progress {
  if (fault.code === 'DR_API_UNAUTHORIZED') return progress;
  return fault.code === 'DR_API_THROTTLED'
    ? { ...progress, throttles: progress.throttles + 1 }
    : { ...progress, failures: progress.failures + 1 };
}
