/** A JSON object. */
export type Members = Record<string, unknown>;

/** True for a JSON object: not null, not an array. */
export function isMembers(value: unknown): value is Members {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** What a visitor answers to have the value removed. */
export const removed = Symbol('removed');

/**
 * Called with each value that a path leads to, and where it is. Returns the value that shall be there: the same one
 * changes nothing, {@link removed} takes it away.
 */
export type Visitor = (value: unknown, at: string) => unknown;

/** Paths come from tables, and every body is walked along all of them. */
const parsed = new Map<string, readonly string[]>();

/** The steps of a path: `tasks[].a{}.*` is `tasks`, `[]`, `a`, `{}`, `*`. */
export function parsePath(path: string): readonly string[] {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const steps = path
    .replaceAll('[]', '.[]')
    .replaceAll('{}', '.{}')
    .split('.')
    .filter((step) => step !== '');
  parsed.set(path, steps);
  return steps;
}

/**
 * Calls `visit` for every value that the path leads to, and returns `node` with what the visits answered.
 * Nothing is changed in place: what did not change is the same object.
 */
export function visitPath(node: unknown, path: readonly string[], visit: Visitor, at = ''): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return visit(node, at);
  if (step === '[]') return visitElements(node, rest, visit, at);
  if (step === '{}') return visitDocument(node, rest, visit, at);
  if (!isMembers(node)) return node;
  return visitMembers(node, step === '*' ? Object.keys(node) : [step], rest, visit, at);
}

function visitElements(node: unknown, rest: readonly string[], visit: Visitor, at: string): unknown {
  if (!Array.isArray(node)) return node;
  const next = node.map((element, i) => visitPath(element, rest, visit, `${at}[${i}]`));
  if (next.every((element, i) => element === node[i])) return node;
  return next.filter((element) => element !== removed);
}

/** The JSON document inside a string; a string that is none leads nowhere. */
function visitDocument(node: unknown, rest: readonly string[], visit: Visitor, at: string): unknown {
  if (typeof node !== 'string') return node;
  let document: unknown;
  try {
    document = JSON.parse(node);
  } catch {
    return node;
  }
  const next = visitPath(document, rest, visit, `${at}{}`);
  return next === document ? node : JSON.stringify(next);
}

function visitMembers(
  node: Members,
  names: readonly string[],
  rest: readonly string[],
  visit: Visitor,
  at: string,
): unknown {
  let changes: Map<string, unknown> | undefined;
  for (const name of names) {
    if (name === '__proto__' || !Object.hasOwn(node, name)) continue;
    const value = node[name];
    const next = visitPath(value, rest, visit, at === '' ? name : `${at}.${name}`);
    if (next !== value) (changes ??= new Map<string, unknown>()).set(name, next);
  }
  if (changes === undefined) return node;
  const changed = changes;
  const entries = Object.entries(node).map(([name, value]): [string, unknown] => [
    name,
    changed.has(name) ? changed.get(name) : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== removed));
}
