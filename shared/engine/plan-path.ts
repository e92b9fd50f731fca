import type { PlanEntry } from '../domain/plan';
import type { IndexLine } from '../domain/snapshot';
import type { Scope } from './plan-compare';

/** The entry of an asset at whose path the target has something of another kind: a notebook where a folder is to be. */
export function clashEntry(
  { adapter, partition, index, here }: Scope,
  line: IndexLine,
): PlanEntry | undefined {
  // What is derived from an asset (its permissions) goes by the path of that asset.
  if (line.path === undefined || here === undefined || adapter.of !== undefined) return undefined;
  const there = index.byPath(line.path);
  if (there === undefined || here.has(there.id)) return undefined;
  const reason = `something of another kind lies at ${line.path} in the target: rename or remove one of the two`;
  return {
    key: line.key,
    name: line.name,
    partition,
    action: 'conflict',
    reason,
    needs: line.needs ?? [],
    line,
  };
}
