import { type DurableHttpApi } from './durable/http-api';
import { rpcPath, webhookPath } from './durable/client-binding';
import { callHttpFunction } from './http-function';
import { type HostAnswer, type HostRequest, jsonAnswer } from './http-server';
import { type Invoker } from './invoker';
import { type Routes } from './routes';
import { type Timers } from './timers';

/** Routes that are no part of the app; undefined passes the request on. */
export type ExtraRoutes = (
  request: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
  url: URL,
  body: string,
) => Promise<{ readonly status: number; readonly json?: unknown } | undefined>;

export interface DispatchOptions {
  readonly routes: Routes;
  readonly invoker: Invoker;
  readonly timers: Timers;
  readonly api: DurableHttpApi;
  readonly extraRoutes: ExtraRoutes | undefined;
  /** What the host tells of itself. */
  readonly status: () => HostStatus;
}

/** Of this process: a host that was started again knows nothing of the one before. */
export interface HostStatus {
  /** Events in the largest history so far. */
  readonly largestHistory: number;
  /** How often something was seen that would hang, diverge or be slow in Azure. */
  readonly diagnostics: number;
}

/** Finds who answers a request: the host itself, the task hub, the extra routes, a function. */
export async function dispatch(options: DispatchOptions, request: HostRequest): Promise<HostAnswer> {
  const path = request.url.pathname;
  if (path.toLowerCase().startsWith('/admin/')) return administer(options, request);
  for (const mount of [rpcPath, webhookPath]) {
    if (path.toLowerCase().startsWith(`${mount}/`))
      return callApi(options.api, request, path.slice(mount.length + 1));
  }
  const extra = await options.extraRoutes?.(request, request.url, request.body.toString());
  if (extra !== undefined) return jsonAnswer(extra.status, extra.json);
  const match = options.routes.find(request.method, path);
  return match === undefined ? { status: 404 } : callHttpFunction(options.invoker, match, request);
}

/** `POST /admin/functions/{name}` fires a timer by hand; the answer does not wait for it. */
function administer({ timers, status }: DispatchOptions, { method, url }: HostRequest): HostAnswer {
  const [, , area, name] = url.pathname.split('/');
  if (area === 'host' && name === 'status')
    return jsonAnswer(200, { state: 'Running', version: '4.1044.0', ...status() });
  if (area !== 'functions' || name === undefined || method !== 'POST') return { status: 404 };
  if (!timers.has(name)) return { status: 404 };
  // The invoker logs a failure.
  timers.fire(name).catch(() => undefined);
  return { status: 202 };
}

async function callApi(api: DurableHttpApi, request: HostRequest, path: string): Promise<HostAnswer> {
  const answer = await api.handle({
    method: request.method,
    url: request.url,
    path,
    contentType: request.headers['content-type'] ?? '',
    continuation: request.headers['x-ms-continuation-token'],
    body: request.body.toString(),
  });
  return jsonAnswer(answer.status, answer.json, answer.headers);
}
