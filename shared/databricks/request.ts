import { Pool, errors } from 'undici';
import { type Fault, isRecord } from './answer';
import type { Query } from './workspace';

/** One call, before it is authenticated. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  /** An object is sent as JSON. */
  readonly body?: object | Uint8Array;
  readonly expects: 'json' | 'bytes';
  /** What the answer says is not repeated: it may quote the body. */
  readonly confidential?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter?: string;
  readonly body: Buffer;
}

/** How long one try may take. A workspace in a lost region does not refuse: it hangs. */
export interface Deadlines {
  readonly connectMs: number;
  /** To the first byte, and from byte to byte. */
  readonly idleMs: number;
  readonly totalMs: number;
}

export const defaultDeadlines: Deadlines = { connectMs: 5_000, idleMs: 30_000, totalMs: 60_000 };

/** Above the pacer's cap, so that a probe never queues behind a run. */
const connections = 20;
/** Exports are at most 10 MB, 13.4 MB in base64; the longest listings stay far below this too. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** Nothing was sent: the connection was never made. */
const unsentCodes = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** The connections to one workspace. They lead to that origin only, and redirects are not followed. */
export class Connection {
  readonly #pool: Pool;
  readonly #deadlines: Deadlines;

  constructor(origin: URL, deadlines: Deadlines) {
    this.#deadlines = deadlines;
    this.#pool = new Pool(origin, {
      connections,
      connect: { timeout: deadlines.connectMs },
      // Replaced by our own timers: undici's do not fire below a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: maxAnswerBytes,
    });
  }

  /** One try. A failure to get an answer is a value; only the end of `signal` throws, with its reason. */
  async send(call: ApiCall, token: string | undefined, signal?: AbortSignal): Promise<Reply | Fault> {
    const deadline = startDeadline(this.#deadlines, signal);
    try {
      return await this.#exchange(call, token, deadline);
    } catch (error) {
      signal?.throwIfAborted();
      return brokenBy(error, deadline.signal.aborted);
    } finally {
      deadline.stop();
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #exchange(call: ApiCall, token: string | undefined, deadline: Deadline): Promise<Reply> {
    const answer = await this.#pool.request({
      method: call.method,
      path: call.path + queryString(call.query),
      headers: headersFor(call, token),
      body: bodyFor(call.body),
      signal: deadline.signal,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      deadline.progress();
      chunks.push(chunk);
    }
    const retryAfter = answer.headers['retry-after'];
    return {
      status: answer.statusCode,
      contentType: String(answer.headers['content-type'] ?? ''),
      ...(typeof retryAfter === 'string' && { retryAfter }),
      body: Buffer.concat(chunks),
    };
  }
}

export function isReply(result: Reply | Fault): result is Reply {
  return 'body' in result;
}

interface Deadline {
  readonly signal: AbortSignal;
  progress(): void;
  stop(): void;
}

function startDeadline(deadlines: Deadlines, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  const idle = setTimeout(abort, deadlines.idleMs);
  const total = setTimeout(abort, deadlines.totalMs);
  return {
    signal: outer ? AbortSignal.any([outer, controller.signal]) : controller.signal,
    progress: () => idle.refresh(),
    stop: () => {
      clearTimeout(idle);
      clearTimeout(total);
    },
  };
}

function brokenBy(cause: unknown, timedOut: boolean): Fault {
  const errorCode = codeOf(cause);
  const unsent = unsentCodes.includes(errorCode);
  if (cause instanceof errors.ResponseExceededMaxSizeError)
    return { code: 'DR_API_TOO_LARGE', message: `the answer has more than ${maxAnswerBytes} bytes`, cause };
  if (cause instanceof errors.InvalidArgumentError)
    return { code: 'DR_API_BAD_REQUEST', message: 'the request cannot be sent', errorCode, cause };
  if (timedOut || cause instanceof errors.ConnectTimeoutError)
    return { code: 'DR_API_TIMEOUT', message: 'no answer in time', unsent, cause };
  return {
    code: 'DR_API_UNREACHABLE',
    message: `the connection failed: ${errorCode}`,
    errorCode,
    unsent,
    cause,
  };
}

/** The system's code of a failed connection; of the first attempt when several addresses were tried. */
function codeOf(error: unknown): string {
  if (!isRecord(error)) return 'unknown';
  const attempts = error['errors'];
  if (Array.isArray(attempts)) return codeOf(attempts[0]);
  return typeof error['code'] === 'string' ? error['code'] : 'unknown';
}

/** Not URLSearchParams: its `+` for a space is not understood everywhere. */
function queryString(query: Query = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

function headersFor(call: ApiCall, token: string | undefined): Record<string, string> {
  const bytes = call.body instanceof Uint8Array;
  return {
    accept: call.expects === 'json' ? 'application/json' : '*/*',
    'user-agent': 'databricks-regional-failover',
    ...(call.body && { 'content-type': bytes ? 'application/octet-stream' : 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
}

function bodyFor(body: ApiCall['body']): string | Uint8Array | null {
  if (!body) return null;
  return body instanceof Uint8Array ? body : JSON.stringify(body);
}
