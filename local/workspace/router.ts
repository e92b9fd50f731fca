import { ApiError, type Handler } from './area';

export interface Route {
  /** `GET /api/2.0/permissions/{type}/{id}`: the key of counters and limits. */
  readonly pattern: string;
  readonly handler: Handler;
}

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface NamedRoute extends Route {
  readonly names: readonly string[];
}

interface Branch {
  readonly fixed: Map<string, Branch>;
  param?: Branch;
  readonly ends: Map<string, NamedRoute>;
  readonly rests: Map<string, NamedRoute>;
}

function makeBranch(): Branch {
  return { fixed: new Map(), ends: new Map(), rests: new Map() };
}

/** Finds the handler of a request: fixed segments win over `{name}`, that over `{name*}`. */
export class Router {
  private readonly root = makeBranch();

  add(pattern: string, handler: Handler): void {
    const space = pattern.indexOf(' ');
    const method = pattern.slice(0, space);
    const names: string[] = [];
    let branch = this.root;
    let ends = (): Map<string, NamedRoute> => branch.ends;
    for (const segment of segmentsOf(pattern.slice(space + 1))) {
      const name = /^\{(\w+)(\*?)\}$/.exec(segment);
      if (name?.[1] !== undefined) names.push(name[1]);
      if (name?.[2]) ends = () => branch.rests;
      else branch = name ? (branch.param ??= makeBranch()) : childOf(branch, segment);
    }
    if (ends().has(method)) throw new Error(`two areas serve ${pattern}`);
    ends().set(method, { pattern, handler, names });
  }

  find(method: string, path: string): RouteMatch | undefined {
    const found = descend(this.root, segmentsOf(path), 0, method, []);
    if (!found) return undefined;
    const params: Record<string, string> = {};
    found.route.names.forEach((name, at) => (params[name] = decode(found.values[at] ?? '')));
    return { route: found.route, params };
  }
}

function segmentsOf(path: string): string[] {
  return path.slice(1).split('/');
}

function childOf(branch: Branch, segment: string): Branch {
  const existing = branch.fixed.get(segment);
  if (existing) return existing;
  const child = makeBranch();
  branch.fixed.set(segment, child);
  return child;
}

interface Found {
  readonly route: NamedRoute;
  readonly values: readonly string[];
}

function descend(
  branch: Branch,
  segments: readonly string[],
  at: number,
  method: string,
  values: readonly string[],
): Found | undefined {
  const segment = segments[at];
  if (segment === undefined) {
    const route = branch.ends.get(method);
    return route && { route, values };
  }
  const child = branch.fixed.get(segment);
  const fixed = child && descend(child, segments, at + 1, method, values);
  if (fixed) return fixed;
  const param = branch.param && descend(branch.param, segments, at + 1, method, [...values, segment]);
  if (param) return param;
  const rest = branch.rests.get(method);
  return rest && { route: rest, values: [...values, segments.slice(at).join('/')] };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError(400, 'INVALID_PARAMETER_VALUE', `'${text}' is not valid percent-encoding`);
  }
}
