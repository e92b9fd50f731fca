import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalSurface } from './admin';
import { ApiError, type Answer, type Caller } from './area';
import { type TokenBook } from './auth';
import { type DarkSwitch } from './dark';
import { type FaultRule, type FaultRules } from './faults';
import { HttpCall, readRequest, type HttpRequest } from './http-request';
import { type RateLimits } from './limits';
import { makeRefusal, makeReply, type Reply } from './reply';
import { type LoggedRequest, type RequestLog } from './request-log';
import { type RouteMatch, type Router } from './router';

export interface Serving {
  readonly router: Router;
  readonly tokens: TokenBook;
  readonly isActive: (name: string) => boolean;
  /** Throws when the workspace lets nobody in from where the caller is. */
  readonly checkAddress: () => void;
  /** Absent: limits are off. */
  readonly limits?: RateLimits;
  readonly faults: FaultRules;
  readonly dark: DarkSwitch;
  readonly requests: RequestLog;
  readonly local: LocalSurface;
  /** How long the next request takes. */
  readonly nextLatencyMs: () => number;
  readonly nowMs: () => number;
  /** Sent with every answer, as Databricks does. */
  readonly workspaceId: string;
}

interface Exchange {
  readonly request: HttpRequest;
  readonly response: ServerResponse;
  readonly logged: LoggedRequest;
  readonly match: RouteMatch | undefined;
  readonly fault: FaultRule | undefined;
  readonly authorization: string | undefined;
  readonly caller: Caller | undefined;
}

export function makeServer(serving: Serving): Server {
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (incoming, response) => {
    // The only failure left is a client that went away while it was sending.
    serve(serving, incoming, response).catch(() => incoming.socket.destroy());
  });
  return server;
}

async function serve(serving: Serving, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  if (request.path.startsWith('/local/')) {
    send(response, serving.local.answer(request));
    return;
  }
  const exchange = open(serving, incoming, request, response);
  if (serving.dark.isOn()) {
    hold(serving, exchange);
    return;
  }
  if (isRefused(serving, exchange)) return;
  if (exchange.fault && strikeInstead(exchange, exchange.fault)) return;
  await answer(serving, exchange);
}

function open(
  serving: Serving,
  incoming: IncomingMessage,
  request: HttpRequest,
  response: ServerResponse,
): Exchange {
  const { method, path, query, url } = request;
  const match = findRoute(serving.router, method, path);
  const authorization = incoming.headers.authorization;
  const caller = serving.tokens.find(authorization);
  const entry = { atMs: serving.nowMs(), method, path, query, ...(caller && { caller: caller.name }) };
  const logged = serving.requests.add(match?.route.pattern ?? `${method} (unknown)`, entry);
  const fault = serving.dark.isOn() ? undefined : serving.faults.next(method, path, url);
  if (fault) logged.fault = fault.kind;
  return { request, response, logged, match, fault, authorization, caller };
}

function findRoute(router: Router, method: string, path: string): RouteMatch | undefined {
  try {
    return router.find(method, path);
  } catch {
    return undefined;
  }
}

/** Counts the request in; over the limits it is answered at once. */
function isRefused(
  { limits, workspaceId }: Serving,
  { request, match, response, logged }: Exchange,
): boolean {
  if (!limits) return false;
  try {
    response.once('close', limits.enter(match?.route.pattern ?? request.path));
    return false;
  } catch (error) {
    const reply = makeRefusal(error, workspaceId);
    logged.status = reply.status;
    send(response, reply);
    return true;
  }
}

/** The kinds of fault that keep the request from being done. */
function strikeInstead({ response, logged }: Exchange, rule: FaultRule): boolean {
  if (rule.kind === 'hang') return true;
  if (rule.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return true;
  }
  if (rule.kind !== 'status') return false;
  logged.status = rule.status ?? 500;
  send(response, faultReply(rule));
  return true;
}

async function answer(serving: Serving, exchange: Exchange): Promise<void> {
  const latencyMs = serving.nextLatencyMs();
  // Half of the way there, half of the way back: a region that goes dark meanwhile has done some of it.
  if (latencyMs > 0) await sleep(latencyMs / 2);
  if (serving.dark.isOn()) {
    hold(serving, exchange);
    return;
  }
  const reply = makeReply(() => perform(serving, exchange), serving.workspaceId);
  if (latencyMs > 0) await sleep(latencyMs / 2);
  if (serving.dark.isOn()) hold(serving, exchange);
  else deliver(exchange, reply);
}

function perform(serving: Serving, exchange: Exchange): Answer {
  const { request, match, authorization, caller } = exchange;
  const known = serving.tokens.check(authorization, caller, serving.isActive);
  serving.checkAddress();
  if (!match) {
    const what = `${request.method} ${request.path}`;
    throw new ApiError(404, 'ENDPOINT_NOT_FOUND', `No API found for '${what}'`);
  }
  return match.route.handler(new HttpCall(request, match.params, known));
}

function deliver({ response, logged, fault }: Exchange, reply: Reply): void {
  if (fault?.kind === 'lostAnswer') {
    response.socket?.resetAndDestroy();
    return;
  }
  logged.status = reply.status;
  if (fault?.kind !== 'truncate') {
    send(response, reply);
    return;
  }
  response.writeHead(reply.status, reply.headers);
  response.write(reply.bytes.subarray(0, reply.bytes.length / 2), () => response.socket?.destroy());
}

function hold({ dark }: Serving, { response, logged }: Exchange): void {
  logged.fault = 'dark';
  if (response.socket) dark.hold(response.socket);
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, reply.headers);
  response.end(reply.bytes);
}

function faultReply(rule: FaultRule): Reply {
  const status = rule.status ?? 500;
  const json = JSON.stringify({
    error_code: rule.errorCode ?? 'INTERNAL_ERROR',
    message: 'A fault was asked for.',
  });
  const page = `<html><head><title>Error ${status}</title></head><body><pre>upstream error</pre></body></html>`;
  const bytes = Buffer.from(rule.body ?? (rule.html ? page : json));
  const headers = {
    'content-type': rule.html ? 'text/html' : 'application/json',
    'content-length': String(bytes.length),
    ...(rule.retryAfter !== undefined && { 'retry-after': String(rule.retryAfter) }),
  };
  return { status, headers, bytes };
}
