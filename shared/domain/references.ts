import { keyOf, type AssetKey } from './asset';
import { parsePath, removed, visitPath } from './body-path';

/**
 * A row that says where a body points at another kind.
 * `at` is a path into the body: `a.b`, `a[].b` (every element), `a.*` (every member), and `a{}` = the JSON document inside the string `a`.
 */
export interface Reference {
  readonly at: string;
  readonly to: string;
  /**
   * How the value names the other asset. `id`: rewritten through the links, and what it names must be there.
   * `path` and `name`: kept as they are; what is missing degrades, it does not block. @default 'id'
   */
  readonly by?: 'id' | 'path' | 'name';
  /**
   * The part of the value that names it: the first group, in every match; a value that does not match names nothing.
   * E.g. `/\{\{secrets\/([^/]+)\//` for `{{secrets/scope/key}}`. Only for `path` and `name`. @default the whole value
   */
  readonly match?: RegExp;
}

/** One asset that a body points at, and where: `tasks[3].existing_cluster_id`. */
export interface FoundReference {
  readonly key: AssetKey;
  readonly at: string;
  readonly by: 'id' | 'path' | 'name';
}

/** A reference by id whose asset has no counterpart. */
export interface MissingReference {
  readonly key: AssetKey;
  readonly at: string;
}

/** Everything that `body` points at, in table order, duplicates included. */
export function findReferences(body: object, table: readonly Reference[]): FoundReference[] {
  const found: FoundReference[] = [];
  for (const row of table)
    visitPath(body, parsePath(row.at), (value, at) => {
      for (const id of namesIn(value, row.match))
        found.push({ key: keyOf(row.to, id), at, by: row.by ?? 'id' });
      return value;
    });
  return found;
}

/**
 * `body` with every reference by id replaced by what `resolve` gives. Numbers stay numbers.
 * Where it gives undefined the value is kept and listed as missing. The given body is not changed.
 */
export function rewriteReferences<Body extends object>(
  body: Body,
  table: readonly Reference[],
  resolve: (to: string, id: string, at: string) => string | undefined,
): { body: Body; missing: MissingReference[] } {
  const missing: MissingReference[] = [];
  let rewritten: unknown = body;
  for (const row of table) {
    if ((row.by ?? 'id') !== 'id') continue;
    rewritten = visitPath(rewritten, parsePath(row.at), (value, at) => {
      const [id] = namesIn(value);
      if (id === undefined) return value;
      const target = resolve(row.to, id, at);
      if (target === undefined) missing.push({ key: keyOf(row.to, id), at });
      return target === undefined ? value : likeBefore(value, target);
    });
  }
  return { body: rewritten as Body, missing };
}

/** `body` without the references by id that `isGone` names; elements leave their lists. The given body is not changed. */
export function dropReferences<Body extends object>(
  body: Body,
  table: readonly Reference[],
  isGone: (key: AssetKey) => boolean,
): Body {
  let rest: unknown = body;
  for (const row of table) {
    if ((row.by ?? 'id') !== 'id') continue;
    rest = visitPath(rest, parsePath(row.at), (value) =>
      namesIn(value).some((id) => isGone(keyOf(row.to, id))) ? removed : value,
    );
  }
  return rest as Body;
}

function namesIn(value: unknown, match?: RegExp): string[] {
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  const text = String(value);
  if (match === undefined) return text === '' ? [] : [text];
  const every = new RegExp(match.source, match.flags.includes('g') ? match.flags : `${match.flags}g`);
  return [...text.matchAll(every)].flatMap(([, name]) => (name === undefined || name === '' ? [] : [name]));
}

function likeBefore(before: unknown, target: string): string | number {
  return typeof before === 'number' && Number.isSafeInteger(Number(target)) ? Number(target) : target;
}
