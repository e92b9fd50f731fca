import { shown } from '../domain/diff';
import { DrError } from '../domain/errors';
import type { FieldDiff } from '../domain/plan';
import { rewriteText, type RewriteRules } from '../domain/rewrite';
import type { IndexLine } from '../domain/snapshot';
import { readBodies } from '../storage/packs';
import { rulesOf } from './id-map';
import { withMappedOwners } from './owner-rules';
import type { RunContext } from './run-context';

const maxShown = 50;
const batch = 50;

/** What a plan shows of an asset: where the target differs, then what else the rules change on the way, as it is at the source. */
export function planDiff(
  differences: readonly FieldDiff[],
  changes: readonly FieldDiff[],
): { readonly diff?: readonly FieldDiff[] } {
  const told = new Set(differences.map(({ path }) => path));
  const rewrites = changes
    .filter(({ path }) => !told.has(path))
    .map(({ path, from, to }) => ({
      path,
      from: shown(path, from),
      to: shown(path, to),
      by: 'rewrite' as const,
    }));
  const all = [...differences, ...rewrites];
  return all.length === 0 ? {} : { diff: all.slice(0, maxShown) };
}

/** What the rules change in the bodies of these lines, by key. Nothing is read where there are no rules. */
export async function rewritesOf(
  context: RunContext,
  lines: readonly IndexLine[],
): Promise<ReadonlyMap<string, readonly FieldDiff[]>> {
  const found = new Map<string, readonly FieldDiff[]>();
  const rules = rulesOf(context);
  if (!hasRules(rules)) return found;
  for (let start = 0; start < lines.length; start += batch) {
    const refs = lines.slice(start, start + batch).map(bodyRef);
    for (const [key, body] of await readBodies(context.snapshots, context.pair.name, refs)) {
      if (body instanceof DrError) continue;
      const owned = withMappedOwners(body, rules);
      found.set(key, [...owned.changes, ...rewriteText(owned.body, rules).changes]);
    }
  }
  return found;
}

function bodyRef({ key, bodySha = '', pack = '', offset = 0, length = 0 }: IndexLine) {
  return { key, bodySha, pack, offset, length };
}

function hasRules({ storageHosts, keyVaults, nodeTypes, urls, owners }: RewriteRules): boolean {
  return [storageHosts, keyVaults, nodeTypes, urls, owners.map ?? {}].some(
    (rules) => Object.keys(rules).length > 0,
  );
}
