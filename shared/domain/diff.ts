import { canonicalJson } from './asset';
import { isMembers, parsePath, removed, visitPath, type Members } from './body-path';
import type { FieldDiff } from './plan';
import { redact } from './redact';

/** Fields by which the elements of an array are told apart: where all have one, order does not count. */
const identities: readonly (readonly string[])[] = [
  ['task_key'],
  ['job_cluster_key'],
  ['environment_key'],
  ['user_name', 'group_name', 'service_principal_name'],
  ['name'],
  ['value'],
  ['label'],
];

const maxShownLength = 200;
const secretName =
  /pass(?:word|wd|phrase)|_p(?:ass|wd)\b|secret(?!s?_scope)|token(?!_)|(?:account|api|access|private|shared)[._-]?key|credential|connection_?string/i;

/** `body` without what the paths lead to: ids, states, what the platform owns. The given body is not changed. */
export function stripIgnored<Body extends object>(body: Body, ignore: readonly string[]): Body {
  let stripped: unknown = body;
  for (const path of ignore) stripped = visitPath(stripped, parsePath(path), () => removed);
  return stripped as Body;
}

/**
 * The fields in which `actual` is not as `desired`, without those on the ignored paths.
 * A field that is absent equals its zero value (null, false, 0, '', [], {} and objects of such only): the platform leaves
 * zero values out of its answers. Any other field that only `actual` has is a difference.
 * Arrays compare in order, unless all their elements carry a key (`task_key`, `name`, …) of their own: then by that key.
 */
export function diff(desired: object, actual: object, ignore: readonly string[]): FieldDiff[] {
  const found: FieldDiff[] = [];
  compare('', stripIgnored(desired, ignore), stripIgnored(actual, ignore), found);
  return found;
}

function compare(path: string, to: unknown, from: unknown, found: FieldDiff[]): void {
  if (to === from || (isZero(to) && isZero(from))) return;
  if (isMembers(to) && isMembers(from)) compareMembers(path, to, from, found);
  else if (isObjects(to) && isObjects(from)) compareElements(path, to, from, found);
  else if (canonicalJson(to) !== canonicalJson(from))
    found.push({ path, from: shown(path, from), to: shown(path, to) });
}

function compareMembers(path: string, to: Members, from: Members, found: FieldDiff[]): void {
  for (const name of new Set([...Object.keys(to), ...Object.keys(from)])) {
    const at = path === '' ? name : `${path}.${name}`;
    compare(at, own(to, name), own(from, name), found);
  }
}

function compareElements(path: string, to: Members[], from: Members[], found: FieldDiff[]): void {
  const identity = identities.find((fields) => isKeyed(to, fields) && isKeyed(from, fields));
  const keyed = (elements: Members[]): Map<string, Members> =>
    new Map(elements.map((element, i) => [identity ? (keyIn(element, identity) ?? '') : String(i), element]));
  const wanted = keyed(to);
  const there = keyed(from);
  for (const key of new Set([...wanted.keys(), ...there.keys()]))
    compare(`${path}[${key}]`, wanted.get(key), there.get(key), found);
}

function isKeyed(elements: readonly Members[], fields: readonly string[]): boolean {
  const keys = new Set(elements.map((element) => keyIn(element, fields)));
  return keys.size === elements.length && !keys.has(undefined);
}

function keyIn(element: Members, fields: readonly string[]): string | undefined {
  const field = fields.find((name) => typeof own(element, name) === 'string');
  return field === undefined ? undefined : [...(fields.length > 1 ? [field] : []), element[field]].join('=');
}

function own(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function isObjects(value: unknown): value is Members[] {
  return Array.isArray(value) && value.every(isMembers);
}

function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMembers(value) && Object.values(value).every(isZero);
}

/** A value as a plan may show it: no credentials, nothing long. */
export function shown(path: string, value: unknown): unknown {
  const safe = masked(path, value);
  if (safe === undefined) return undefined;
  const text = typeof safe === 'string' ? safe : canonicalJson(safe);
  return text.length > maxShownLength
    ? `${text.slice(0, maxShownLength)}… (${text.length} characters)`
    : safe;
}

function masked(name: string, value: unknown): unknown {
  if (typeof value === 'string')
    return secretName.test(name) && !value.startsWith('{{secrets/') ? '[redacted]' : redact(value);
  if (Array.isArray(value)) return value.map((element) => masked(name, element));
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, masked(member, inner)]));
}
