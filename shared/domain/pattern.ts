import type { AssetKey } from './asset';

/** The text as part of a regular expression that matches exactly it. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/**
 * A pattern for asset keys: a kind, then `/` or `:`, then an id in which `*` stops at a slash and two of them do not.
 * `job/123`, `cluster:0101-*`.
 */
export const patternSyntax = /^(?<kind>[a-z][a-z0-9-]*)[/:](?<id>.+)$/;

/** A test for asset keys by pattern. A text that is no pattern matches nothing. */
export function matcherOf(pattern: string): (key: AssetKey) => boolean {
  const { kind, id } = patternSyntax.exec(pattern)?.groups ?? {};
  if (kind === undefined || id === undefined) return () => false;
  const ids = id
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : literal(part)))
    .join('');
  const keys = new RegExp(`^${literal(kind)}/${ids}$`, 's');
  return (key) => keys.test(key);
}
