import type { z } from 'zod';

/** One fault of a document: where (`pairs[0].primary.url`; `$` is the document itself) and what to do about it. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** A JSON path as people write it: `pairs[0].name`. */
export function pathOf(steps: readonly PropertyKey[], root = ''): string {
  const path = steps.reduce<string>((done, step) => {
    if (typeof step === 'number') return `${done}[${step}]`;
    return done === '' ? String(step) : `${done}.${String(step)}`;
  }, root);
  return path === '' ? '$' : path;
}

/** Every fault that a schema found (parsed with `reportInput`), each with a fix. `root` is where the checked part lies in the document. */
export function faultsOf(error: z.ZodError, fields: ReadonlySet<string>, root = ''): Fault[] {
  return error.issues.flatMap((issue) => {
    const path = pathOf(issue.path, root);
    if (issue.code !== 'unrecognized_keys') return [{ path, message: messageOf(issue) }];
    return issue.keys.map((key) => ({
      path: pathOf([key], path === '$' ? '' : path),
      message: unknownField(key, fields),
    }));
  });
}

function messageOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return typeMessage(issue);
  if (issue.code === 'invalid_value') return `must be ${oneOf(issue.values)}`;
  if (issue.code === 'invalid_union' && 'options' in issue) return `must be ${oneOf(issue.options)}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'is no valid name';
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code === 'too_small' && numbers.has(issue.origin)) return `must be at least ${issue.minimum}`;
  return issue.message;
}

const numbers: ReadonlySet<string> = new Set(['number', 'int']);

function typeMessage(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  const expected = issue.expected === 'int' ? 'a whole number' : article(issue.expected);
  return issue.input === undefined ? `is missing: give ${expected}` : `must be ${expected}`;
}

function article(noun: string): string {
  return `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function oneOf(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ');
}

function unknownField(key: string, fields: ReadonlySet<string>): string {
  const [nearest] = [...fields]
    .map((field) => ({ field, distance: distanceOf(key.toLowerCase(), field.toLowerCase()) }))
    .filter(({ field, distance }) => distance <= Math.max(1, Math.floor(field.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return nearest ? `is unknown: did you mean ${nearest.field}?` : 'is unknown: remove it';
}

/** How many letters have to be changed, added or removed (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
