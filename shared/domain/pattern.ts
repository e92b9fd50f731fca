import type { AssetKey } from './asset';

/** The text as part of a regular expression that matches exactly it. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/**
 * A pattern for assets: a kind, then `/` or `:`, then an id in which `*` stops at a slash and two of them do not; or a kind and a tag.
 * `job/123`, `cluster:0101-*`, `notebook:/Users/ana/**`, `job:tag:dr=off`.
 */
export const patternSyntax = /^(?<kind>[a-z][a-z0-9-]*)[/:](?<id>.+)$/;
/** What is said of a text that is no pattern. */
export const patternFault = 'is no pattern: write job/123, notebook:/Users/*/scratch/** or job:tag:dr=off';
const tagSyntax = /^(?<kind>[a-z][a-z0-9-]*):tag:(?<tag>[^=]+)=(?<value>.*)$/s;

export type Tags = Readonly<Record<string, string>>;

/** The kind that a pattern is about; undefined for a text that is no pattern. */
export function kindOfPattern(pattern: string): string | undefined {
  return patternSyntax.exec(pattern)?.groups?.['kind'];
}

/** True for a pattern that picks assets by a tag. */
export function isTagPattern(pattern: string): boolean {
  return tagSyntax.test(pattern);
}

/** A test for assets by pattern. A text that is no pattern matches nothing. */
export function matcherOf(pattern: string): (key: AssetKey, tags?: Tags) => boolean {
  const { kind, id } = patternSyntax.exec(pattern)?.groups ?? {};
  if (kind === undefined || id === undefined) return () => false;
  const { tag, value } = tagSyntax.exec(pattern)?.groups ?? {};
  if (tag !== undefined && value !== undefined) {
    const values = new RegExp(`^${globbed(value)}$`, 's');
    return (key, tags) =>
      key.startsWith(`${kind}/`) &&
      tags !== undefined &&
      Object.hasOwn(tags, tag) &&
      values.test(tags[tag] ?? '');
  }
  const keys = new RegExp(`^${literal(kind)}/${globbed(id)}$`, 's');
  return (key) => keys.test(key);
}

/** Finds the first of the patterns that matches an asset. */
export function patternFinder(
  patterns: readonly string[],
): (key: AssetKey, tags?: Tags) => string | undefined {
  const all = patterns.map((pattern) => ({ pattern, matches: matcherOf(pattern) }));
  return (key, tags) => all.find(({ matches }) => matches(key, tags))?.pattern;
}

function globbed(text: string): string {
  return text
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : literal(part)))
    .join('');
}
