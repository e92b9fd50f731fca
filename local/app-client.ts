import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError } from './local-error';

export interface AppAnswer<T> {
  readonly status: number;
  readonly location: string | null;
  readonly body: T;
}

export interface AppRequest {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are answers as well. */
  readonly also?: readonly number[];
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
}

/** A killed app host is back within seconds; longer than this it is gone. */
const patienceMs = 30_000;
const pauseMs = 100;

/** The app's HTTP API. Every request waits while the app host is started again, so each must be safe to repeat. */
export class AppClient {
  constructor(readonly url: string) {}

  async get<T>(path: string): Promise<T> {
    return (await this.send<T>('GET', path)).body;
  }

  /** Throws LocalError for a status of 400 and above that is not expected. */
  async send<T>(method: string, path: string, request: AppRequest = {}): Promise<AppAnswer<T>> {
    const response = await this.reach(method, path, request);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const body = (isJson ? JSON.parse(text) : text) as T;
    if (response.status >= 400 && request.also?.includes(response.status) !== true) {
      const { code = '', detail = '' } = (isJson ? body : {}) as Problem;
      throw new LocalError(`${method} ${path} was answered ${response.status} ${code} ${detail}`.trimEnd());
    }
    return { status: response.status, location: response.headers.get('location'), body };
  }

  private async reach(method: string, path: string, { body, headers }: AppRequest): Promise<Response> {
    const init: RequestInit = {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const untilMs = Date.now() + patienceMs;
    for (;;) {
      const response = await fetch(this.url + path, init).catch(() => undefined);
      if (response !== undefined && !isStarting(response)) return response;
      if (Date.now() > untilMs)
        throw new LocalError(`${method} ${path}: the app at ${this.url} does not answer`);
      await sleep(pauseMs);
    }
  }
}

/** The host is there and the app is not yet. What the app itself refuses with 503 says why. */
function isStarting({ status, headers }: Response): boolean {
  return status === 503 && headers.get('content-type')?.includes('problem') !== true;
}
