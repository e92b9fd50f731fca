import type { AssetKey } from '../domain/asset';
import { isTagPattern } from '../domain/pattern';
import type { PlanEntry } from '../domain/plan';
import {
  excludedReason,
  excluder,
  isLimited,
  notNeededReason,
  seedFinder,
  type RunScope,
} from '../domain/scope';
import { tierOf } from './readiness-judge';
import type { RunContext } from './run-context';
import { closureOf, type Entries } from './scope-closure';

/** Says of every drafted entry whether this run leaves it alone. */
export interface Scoping {
  /** Why it does; undefined for what is in scope. */
  reasonOf(entry: PlanEntry): string | undefined;
}

const everything: Scoping = { reasonOf: () => undefined };

/** The scope of a run: what the pair protects, and of that what the run was asked for with everything that it needs. */
export async function makeScoping(context: RunContext, entries: Entries): Promise<Scoping> {
  const { pair, request } = context;
  const scopes: readonly RunScope[] = [pair.scope, request.scope ?? {}];
  if (scopes.every((scope) => !isLimited(scope) && (scope.exclude ?? []).length === 0)) return everything;
  const excludedBy = await makeExcluder(scopes, entries);
  const limits: { reason: string; needed: ReadonlySet<AssetKey> }[] = [];
  for (const scope of scopes.filter(isLimited)) {
    const isSeed = seedFinder(scope);
    const needed = await closureOf(context, entries, (entry) => isSeed(candidate(context, entry)));
    limits.push({ reason: notNeededReason({ ...scope, exclude: [] }), needed });
  }
  return {
    reasonOf(entry) {
      const pattern = excludedBy(entry);
      if (pattern !== undefined) return excludedReason(pattern);
      return limits.find(({ needed }) => !needed.has(entry.key))?.reason;
    },
  };
}

function candidate(context: RunContext, { key, name, line }: PlanEntry) {
  return { key, name, tags: line?.tags, tier: tierOf(context, line?.tags) };
}

/** The pattern that excludes an entry, or the object that it is a part of. */
async function makeExcluder(
  scopes: readonly RunScope[],
  entries: Entries,
): Promise<(entry: PlanEntry) => string | undefined> {
  const find = excluder(...scopes);
  const byTag = new Map<AssetKey, string>();
  if (scopes.some(({ exclude = [] }) => exclude.some(isTagPattern))) {
    for await (const { key, line } of entries()) {
      const pattern = line?.tags === undefined ? undefined : find(key, line.tags);
      if (pattern !== undefined) byTag.set(key, pattern);
    }
  }
  return ({ key, line }) => {
    const owner = line?.owner;
    return byTag.get(key) ?? find(key) ?? (owner && (byTag.get(owner) ?? find(owner)));
  };
}

/** The entry as it is when the run leaves it alone: counted, neither brought nor retired. */
export function leftAlone(entry: PlanEntry, reason: string): PlanEntry {
  const { diff: _diff, settle: _settle, retire: _retire, line, ...rest } = entry;
  return {
    ...rest,
    action: 'skip',
    reason,
    outOfScope: true,
    ...(line && { line: { ...line, harmless: true as const } }),
  };
}
