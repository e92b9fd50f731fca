import type { FaultKind, FaultRule } from '../../local/workspace/faults';
import type { EmulatedWorkspace } from '../../local/workspace/workspace';

/** What happens to the next requests of a route: to the first of them the first fault, then the second. */
export interface Spell {
  readonly name: string;
  readonly faults: readonly Pick<FaultRule, 'kind' | 'status' | 'retryAfter' | 'html'>[];
}

const kind = (one: FaultKind): { kind: FaultKind } => ({ kind: one });
const status = (code: number, more: object = {}) => ({ kind: 'status', status: code, ...more }) as const;

/** Every way in which a request of a living workspace may go wrong: refused, lost before its effect, lost after it; then several in a row. */
export const spells: readonly Spell[] = [
  { name: 'refused with 429', faults: [status(429, { retryAfter: 7 })] },
  { name: 'answered 500', faults: [status(500)] },
  { name: 'reset before its effect', faults: [kind('reset')] },
  { name: 'done and unanswered', faults: [kind('lostAnswer')] },
  { name: 'done and the answer cut off', faults: [kind('truncate')] },
  {
    name: 'refused with 429, then reset, then done and unanswered',
    faults: [status(429, { retryAfter: 7 }), kind('reset'), kind('lostAnswer')],
  },
  {
    name: 'answered 500, then 503 by a proxy, then done and the answer cut off',
    faults: [status(500), status(503, { html: true }), kind('truncate')],
  },
];

/** The probe of a workspace is no part of the work: a fault there means that the workspace is down. */
const probed = 'GET /api/2.0/workspace/get-status';

/** `METHOD route` of everything that a workspace was asked so far. */
export function routesOf(workspace: EmulatedWorkspace): string[] {
  return Object.keys(workspace.requests.counts()).filter(
    (route) => route !== probed && route.includes(' /api/'),
  );
}

/** From now on the next requests of each route meet the faults of the spell. */
export function arm(workspace: EmulatedWorkspace, routes: readonly string[], { faults }: Spell): void {
  workspace.faults.clear();
  for (const route of routes) {
    for (const [after, one] of faults.entries()) {
      workspace.faults.add(fault(route, { ...one, after, times: 1 }));
    }
  }
}

/** A rule for the requests of one route. */
export function fault(route: string, how: Omit<FaultRule, 'method' | 'path'>): FaultRule {
  return { ...how, method: methodOf(route), path: patternOf(route) };
}

/** Those of the routes on which a fault of each kind of the spell was met. */
export function struck(workspace: EmulatedWorkspace, routes: readonly string[], { faults }: Spell): string[] {
  const met = workspace.requests.since(0);
  return routes.filter((route) =>
    faults.every((one) =>
      met.some(
        ({ method, path, fault }) =>
          fault === one.kind && method === methodOf(route) && patternOf(route).test(path),
      ),
    ),
  );
}

function methodOf(route: string): string {
  return route.slice(0, route.indexOf(' '));
}

function patternOf(route: string): RegExp {
  const path = route.slice(route.indexOf(' ') + 1).replace(/[.]/g, '\\.');
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
}
