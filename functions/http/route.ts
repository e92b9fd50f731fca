import { app, type HttpMethod, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import type { InvocationContext } from '@azure/functions';
import { getClient } from 'durable-functions';
import { DrError } from '../../shared/domain/errors';
import { hubInput, makeHub, type Hub } from '../app/hub';
import { inInvocation, invocationLog } from '../app/invocation-log';
import { services, type Services } from '../app/services';
import { callerOf, requireRole, type Caller, type Role } from './identity';
import { noStore, problemOf, statusOf } from './problem';

/** A request with all that it takes to answer it. */
export interface Call {
  readonly request: HttpRequest;
  /** A part of the path. */
  readonly param: (name: string) => string;
  readonly services: Services;
  readonly hub: Hub;
  readonly caller: Caller;
}

export interface Route {
  /** The name under which it is registered. */
  readonly name: string;
  readonly method: HttpMethod;
  /** Under `/api/`. */
  readonly path: string;
  /** Who may, where App Service authentication is on. Absent: anybody, without a key. */
  readonly roles?: readonly Role[];
  readonly answer: (call: Call) => Promise<HttpResponseInit>;
}

const readers: readonly Role[] = ['DR.Reader', 'DR.Operator', 'DR.Approver'];
const operators: readonly Role[] = ['DR.Operator'];
export const rolesFor = { reading: readers, operating: operators, approving: ['DR.Approver'] } as const;

/** Registers routes. Whatever a route throws is answered as a problem. */
export function registerRoutes(routes: readonly Route[]): void {
  for (const route of routes) {
    app.http(route.name, {
      methods: [route.method],
      authLevel: route.roles === undefined ? 'anonymous' : 'function',
      route: route.path,
      extraInputs: [hubInput],
      handler: (request, context) => inInvocation(context, () => answer(route, request, context)),
    });
  }
}

async function answer(
  route: Route,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  try {
    return await route.answer(makeCall(route, request, context));
  } catch (error) {
    const status = statusOf(error);
    const reason = error instanceof Error ? error.message : 'unknown error';
    const fields = { route: route.name, status, correlationId: context.invocationId, reason };
    if (status === 500) invocationLog.error('a request failed', fields);
    else invocationLog.info('a request was refused', fields);
    return problemOf(error, context.invocationId);
  }
}

function makeCall(route: Route, request: HttpRequest, context: InvocationContext): Call {
  const header = request.headers.get('x-ms-client-principal');
  if (route.roles === undefined) return callOf(request, context, { who: 'anybody' });
  const caller = callerOf(header, services().runtime.settings.principalChecked === true);
  requireRole(caller, route.roles);
  return callOf(request, context, caller);
}

function callOf(request: HttpRequest, context: InvocationContext, caller: Caller): Call {
  return {
    request,
    caller,
    param: (name) => request.params[name] ?? '',
    /** Throws DR_SETTING_INVALID. */
    get services() {
      return services();
    },
    get hub() {
      return makeHub(getClient(context));
    },
  };
}

/** An answer in JSON. */
export function json(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit {
  return {
    status,
    headers: { ...noStore, 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** A route that has its place and does nothing yet. */
export function unbuilt(name: string, method: HttpMethod, path: string): Route {
  const answer = (): Promise<never> =>
    Promise.reject(
      new DrError('DR_FEATURE_NOT_BUILT', `cannot ${method} /api/${path}: this version does not have it`),
    );
  return { name, method, path, roles: rolesFor.reading, answer };
}
