import type { Asset, Stub } from '../domain/asset';
import type { FieldDiff, PlanEntry } from '../domain/plan';
import type { IndexLine } from '../domain/snapshot';
import type { Desired } from './desired';
import { lateDiff } from './late-diff';
import { degraded } from './make-link';
import type { Compared, Open, Scope } from './plan-compare';
import { planDiff, rewritesOf } from './plan-rewrites';
import type { RunContext } from './run-context';

/** The entries of what the target has nothing of. Those of the tree, and parts, are many, and the rules leave their content alone. */
export async function newEntries(
  context: RunContext,
  scope: Scope,
  lines: readonly IndexLine[],
): Promise<Compared[]> {
  const isListedWhole = scope.partition === scope.adapter.kind;
  const rewrites = await rewritesOf(context, isListedWhole ? lines : []);
  return lines.map((line) => ({
    entry: createEntry(scope, line, 'not at the target yet', rewrites.get(line.key)),
  }));
}

export function createEntry(
  scope: Scope,
  line: IndexLine,
  reason: string,
  changes: readonly FieldDiff[] = [],
): PlanEntry {
  return { ...headOf(scope, line), action: 'create', reason, ...planDiff([], changes) };
}

export function headOf({ partition }: Scope, line: IndexLine) {
  return { key: line.key, name: line.name, partition, needs: line.needs ?? [], line };
}

export function stubOf(asset: Asset, targetId: string): Stub {
  return { id: targetId, name: asset.name, ...(asset.path === undefined ? {} : { path: asset.path }) };
}

export function laterReason({ missing }: Desired): string {
  return `its reference to ${missing.join(', ')} becomes known during the run`;
}

export function updateReason(desired: Desired, cascade: boolean, reason: string): string {
  if (desired.missing.length > 0) return laterReason(desired);
  return cascade ? 'something that it refers to is gone at the target' : reason;
}

/** The entry of an asset that is equal, and that an earlier run could not settle. */
export function unsettledEntry(
  scope: Scope,
  { line, link }: Open,
  { id }: Stub,
  desired: Desired,
  actual: object,
): PlanEntry | undefined {
  const { adapter } = scope;
  if (adapter.settle === undefined) return undefined;
  if (link === undefined)
    return createEntry(scope, line, 'made by a run that ended before it could settle it');
  if (link.mapSha !== degraded && link.bodySha === line.bodySha) return undefined;
  const found = lateDiff(adapter, desired.asleep, actual);
  if (found.length === 0) return undefined;
  const reason = `to be settled: ${found.map(({ path }) => path).join(', ')}`;
  return { ...headOf(scope, line), action: 'update', reason, target: id, diff: found, settle: true };
}
