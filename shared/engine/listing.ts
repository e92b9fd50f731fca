import type { TargetIndex } from '../adapters/adapter';
import { adapterOf, adapters } from '../adapters/registry';
import type { Workspace } from '../databricks/workspace';
import type { Stub } from '../domain/asset';
import { hasCode } from '../domain/errors';
import type { RunContext } from './run-context';
import { notAsked, whyNotApplicable, type NotApplicable } from './not-applicable';
import { readPlanUnits } from './plan-units';
import { listingOrder, type Unit } from './units';

export type Stubs = ReadonlyMap<string, readonly Stub[]>;

/** A listing of a unit: the stubs of each of its kinds, and the kinds that this workspace does not have. */
export interface Listing {
  readonly stubs: Stubs;
  readonly notApplicable: NotApplicable;
}

/** Lists every kind of a unit, in order. An incomplete listing throws; a kind that the workspace does not have is not applicable. */
export async function listUnit(from: Workspace, unit: Unit): Promise<Listing> {
  const stubs = new Map<string, readonly Stub[]>();
  const notApplicable = new Map<string, string>();
  for (const kind of unit.kinds) {
    const adapter = adapterOf(kind);
    const base = (adapter.of ?? []).filter((one) => unit.kinds.includes(one));
    // What is derived only from kinds that are not there is not there either.
    let answer = base.every((one) => notApplicable.has(one)) ? notApplicable.get(base[0] ?? '') : undefined;
    if (adapter.isAsked?.(from.options) === false) answer = notAsked;
    let listed: readonly Stub[] = [];
    try {
      if (answer === undefined) listed = await Array.fromAsync(adapter.list(from, unit.partition, stubs));
    } catch (error) {
      answer = whyNotApplicable(adapter, isTree(unit), error);
      if (answer === undefined) throw error;
    }
    stubs.set(kind, listed);
    if (answer !== undefined) notApplicable.set(kind, answer);
  }
  return { stubs, notApplicable };
}

/** Partitions of config kinds are named after a kind; all others are parts of the tree. */
function isTree({ partition }: Unit): boolean {
  return !adapters.some(({ kind }) => kind === partition);
}

/** As {@link listUnit}, of the target: a partition that is not there yet is an empty one. */
export async function listTargetUnit(context: RunContext, unit: Unit): Promise<Listing> {
  try {
    return await listUnit(context.to, unit);
  } catch (error) {
    if (!hasCode(error, 'DR_API_NOT_FOUND')) throw error;
    return { stubs: new Map(), notApplicable: new Map() };
  }
}

/** An index over stubs: how `find` looks for an asset that is already there. */
export function makeIndex(stubs: Iterable<Stub>): TargetIndex & { add(stub: Stub): void } {
  const byId = new Map<string, Stub>();
  const byMarker = new Map<string, Stub>();
  const byName = new Map<string, Stub>();
  const byPath = new Map<string, Stub>();
  function add(stub: Stub): void {
    byId.set(stub.id, stub);
    // The first one stays: what is derived from an asset (its permissions) has the same name and path.
    if (!byName.has(stub.name)) byName.set(stub.name, stub);
    if (stub.marker !== undefined) byMarker.set(stub.marker, stub);
    if (stub.path !== undefined && !byPath.has(stub.path)) byPath.set(stub.path, stub);
  }
  for (const stub of stubs) add(stub);
  return {
    add,
    byId: (id) => byId.get(id),
    byMarker: (marker) => byMarker.get(marker),
    byName: (name) => byName.get(name),
    byPath: (path) => byPath.get(path),
  };
}

export type GrowingIndex = ReturnType<typeof makeIndex>;

/** What is listed to find assets of `kind`: a tree partition as a whole (one walk for all of its kinds), else the kind alone. */
async function unitFor(context: RunContext, kind: string, partition: string): Promise<Unit> {
  const unit = (await readPlanUnits(context)).units.find((one) => one.partition === partition);
  if (unit !== undefined && isTree(unit)) return unit;
  const kinds = [...(adapterOf(kind).of ?? []).filter((one) => one === partition), kind];
  return {
    partition,
    kinds: listingOrder()
      .map((adapter) => adapter.kind)
      .filter((one) => kinds.includes(one)),
  };
}

/** The name under which a target listing is remembered. `era` tells listings before the restore from those after it. */
function indexName(context: RunContext, era: string, { partition, kinds }: Unit): string {
  return `${context.request.runId}:index:${era}:${partition}:${kinds.join()}`;
}

/** The target's listing in which assets of one kind and partition are found, made once a run, era and process. */
export async function targetIndex(
  context: RunContext,
  era: string,
  kind: string,
  partition: string,
): Promise<GrowingIndex> {
  const unit = await unitFor(context, kind, partition);
  return context.cache.once(indexName(context, era, unit), async () => {
    const { stubs } = await listTargetUnit(context, unit);
    return makeIndex([...stubs.values()].flat());
  });
}

/** Forgets a listing: the next look is a fresh one. */
export async function forgetIndex(
  context: RunContext,
  era: string,
  kind: string,
  partition: string,
): Promise<void> {
  context.cache.forget(indexName(context, era, await unitFor(context, kind, partition)));
}
