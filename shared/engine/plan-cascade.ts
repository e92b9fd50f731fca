import type { Adapter } from '../adapters/adapter';
import { laterKinds } from '../adapters/registry';
import { parseKey, type AssetKey } from '../domain/asset';
import { diff } from '../domain/diff';
import { dropReferences, findReferences } from '../domain/references';
import { targetIndex } from './listing';
import { planningEra } from './planner';
import type { RunContext } from './run-context';

/**
 * True when all that changed in the target is that references to what was deleted there are gone: the platform takes a deleted
 * user out of every group. Nobody decided that about this asset.
 */
export async function isCascade(
  context: RunContext,
  adapter: Adapter,
  desired: object,
  actual: object,
): Promise<boolean> {
  const gone = new Set<AssetKey>();
  for (const { key, by } of findReferences(desired, adapter.references)) {
    const { kind, id } = parseKey(key);
    if (by !== 'id' || laterKinds.has(kind)) continue;
    // Kinds that are referred to by id are listed in one partition, named after them.
    const index = await targetIndex(context, planningEra, kind, kind);
    if (index.byId(id) === undefined) gone.add(key);
  }
  if (gone.size === 0) return false;
  const rest = dropReferences(desired, adapter.references, (key) => gone.has(key));
  return diff(rest, actual, adapter.ignore).length === 0;
}
