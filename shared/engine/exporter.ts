import { adapterOf } from '../adapters/registry';
import type { Workspace } from '../databricks/workspace';
import { keyOf, type Stub } from '../domain/asset';
import { hasCode } from '../domain/errors';
import { excluder } from '../domain/scope';
import type { IndexLine, Manifest } from '../domain/snapshot';
import { readLatest, readManifest } from '../storage/snapshots';
import type { RequestTally } from '../storage/runs';
import { pieceKeeper } from '../storage/pieces';
import { readStage, writeStage } from '../storage/stages';
import { scannerOf } from './literal-watch';
import { addRequests } from './requests';
import { baseOf, damagedPacks, type Base } from './export-base';
import { sortOut, type Sorting } from './export-line';
import { listUnit, type Listing, type Stubs } from './listing';
import { isCostly, recentListing } from './recent-listing';
import { isoNow, type RunContext } from './run-context';
import { unitsOf, type Unit } from './units';

/** Assets per export activity: one activity writes one pack, or a few when bodies are big. */
const packAssets = 50;
/** Somebody who deletes a folder while it is walked does not do so every time. */
const maxListings = 3;

/** An asset whose body has to be fetched, and what the last snapshot has of it. */
export interface Todo {
  readonly kind: string;
  readonly stub: Stub;
  readonly previous?: IndexLine;
  /** The pack of the previous body is damaged: it is stored again, also when it is the same. */
  readonly anew?: true;
  /** The body that the last snapshot has is still the body: only what is noted about it is not up to date. */
  readonly kept?: true;
}

/** A listed unit: the lines that need no fetching, and what has to be fetched. */
export interface UnitListing {
  readonly formatVersion: 1;
  readonly ready: readonly IndexLine[];
  readonly todo: readonly Todo[];
  readonly requests: RequestTally;
  /** By kind: the assets that the last snapshot had a body of, and how many of them are not listed any more. */
  readonly before?: Readonly<Record<string, { readonly count: number; readonly gone: number }>>;
  /** Indexes of the last snapshot that cannot be read: they are written anew. */
  readonly damaged?: readonly string[];
  /** Kinds that the source does not have, with what its API answered. */
  readonly notApplicable?: Readonly<Record<string, string>>;
  /** When it was listed, for kinds whose listing is costly. */
  readonly listedAt?: string;
}

interface Units {
  readonly formatVersion: 1;
  readonly units: readonly Unit[];
  /** The manifest that unchanged lines are taken from. */
  readonly previous?: string;
}

export const stages = {
  units: 'syncing/units',
  listing: (unit: number) => `syncing/${unit}/listing`,
  exported: (unit: number, pack: number) => `syncing/${unit}/pack-${pack}`,
  rows: (unit: number) => `syncing/${unit}/rows`,
};

/** Finds the units of the source and writes them down. Returns how many there are. */
export async function listUnits(context: RunContext): Promise<number> {
  const latest = await readLatest(context, context.pair.name);
  const units: Units = {
    formatVersion: 1,
    units: await unitsOf(context.from),
    ...(latest === undefined ? {} : { previous: latest.id }),
  };
  await writeStage(context.state, context.request.runId, stages.units, units);
  return units.units.length;
}

/** The units that {@link listUnits} wrote down. */
export function readUnits(context: RunContext): Promise<Units> {
  const { runId } = context.request;
  return context.cache.once(`${runId}:units`, () => readStage<Units>(context.state, runId, stages.units));
}

/** The manifest behind the units' unchanged lines. A snapshot of the other side is no base: its ids are others. */
export async function previousManifest(
  context: RunContext,
  id: string | undefined,
): Promise<Manifest | undefined> {
  if (id === undefined) return undefined;
  try {
    const manifest = await context.cache.once(`manifest:${context.pair.name}:${id}`, () =>
      readManifest(context, context.pair.name, id),
    );
    return manifest.source.side === context.source ? manifest : undefined;
  } catch (error) {
    // Without it every body is fetched again: a damaged snapshot must not be the last one.
    if (!hasCode(error, 'DR_BODY_CORRUPT', 'DR_SNAPSHOT_MISSING')) throw error;
    context.log.error('the last snapshot is damaged', { snapshot: id, code: error.code });
    return undefined;
  }
}

/** Lists one unit, and finds what has to be fetched. Returns how many packs that makes. */
export async function exportListing(context: RunContext, unitNumber: number): Promise<number> {
  const { units, previous } = await readUnits(context);
  const unit = units[unitNumber];
  if (unit === undefined) throw new RangeError(`no unit ${unitNumber}`);
  const manifest = await previousManifest(context, previous);
  const listing = (await recentListing(context, manifest, unit)) ?? (await listAnew(context, manifest, unit));
  await writeStage(context.state, context.request.runId, stages.listing(unitNumber), listing);
  return Math.ceil(listing.todo.length / packAssets);
}

async function listAnew(
  context: RunContext,
  manifest: Manifest | undefined,
  unit: Unit,
): Promise<UnitListing> {
  const { stubs, notApplicable } = await listSource(context.from, unit);
  const by: Sorting = {
    excludedBy: excluder(context.pair.scope),
    lostPacks: await damagedPacks(context),
    scanId: scannerOf(context).id,
  };
  const ready: IndexLine[] = [];
  const todo: Todo[] = [];
  const damaged: string[] = [];
  const before: Record<string, { count: number; gone: number }> = {};
  for (const kind of unit.kinds) {
    const base = await baseOf(context, manifest, kind, unit.partition);
    damaged.push(...base.damaged);
    // What it had stays as it was last seen: it must not look deleted.
    if (notApplicable.has(kind)) ready.push(...base.lines.values());
    else before[kind] = countsOf(base, kind, stubs);
    for (const stub of stubs.get(kind) ?? []) {
      const next = sortOut(kind, stub, base.lines.get(keyOf(kind, stub.id)), by);
      if ('todo' in next) todo.push(next.todo);
      else ready.push(next.line);
    }
  }
  return {
    formatVersion: 1,
    ready,
    todo,
    before,
    damaged,
    requests: addRequests(undefined, context.from.counts),
    ...(notApplicable.size > 0 && { notApplicable: Object.fromEntries(notApplicable) }),
    ...(isCostly(unit) && notApplicable.size === 0 && { listedAt: isoNow(context) }),
  };
}

/** How many assets the last snapshot had, and how many of them are not listed any more. What is not carried, as clusters of jobs, comes and goes. */
function countsOf({ lines }: Base, kind: string, stubs: Stubs): { count: number; gone: number } {
  const here = new Set((stubs.get(kind) ?? []).map(({ id }) => keyOf(kind, id)));
  const carried = [...lines.values()].filter(({ skip }) => skip === undefined);
  return { count: carried.length, gone: carried.filter(({ key }) => !here.has(key)).length };
}

/** Lists a unit of the source, and begins again when something is deleted in the meantime. A home that is gone as a whole is empty. */
async function listSource(from: Workspace, unit: Unit): Promise<Listing> {
  for (let listing = 1; ; listing += 1) {
    try {
      return await listUnit(from, unit);
    } catch (error) {
      if (!hasCode(error, 'DR_ASSET_VANISHED', 'DR_API_NOT_FOUND')) throw error;
      from.forget();
      const isGone = !(await unitsOf(from)).some(({ partition }) => partition === unit.partition);
      if (isGone) return { stubs: new Map(), notApplicable: new Map() };
      if (listing === maxListings) throw error;
    }
  }
}

/** The head of an index line: everything but where the body lies. */
export function lineOf(kind: string, stub: Stub): IndexLine {
  return {
    key: keyOf(kind, stub.id),
    name: stub.name,
    ...(stub.path === undefined ? {} : { path: stub.path }),
    ...(stub.version === undefined ? {} : { version: stub.version }),
    ...(stub.owner === undefined ? {} : { owner: stub.owner }),
    ...(stub.order === undefined ? {} : { order: stub.order }),
    ...(stub.remarks === undefined ? {} : { remarks: stub.remarks }),
  };
}

/** The part of a listing that pack number `pack` is made of. */
export function todoOf(listing: UnitListing, pack: number): readonly Todo[] {
  return listing.todo.slice(pack * packAssets, (pack + 1) * packAssets);
}

/** Number of packs of a listing. */
export function packCount(listing: UnitListing): number {
  return Math.ceil(listing.todo.length / packAssets);
}

/** The body of one asset as the adapter exports it. */
export function exportBody(context: RunContext, { kind, stub }: Todo): Promise<object> {
  const keep = pieceKeeper(context.snapshots, context.pair.name);
  return stub.body === undefined
    ? adapterOf(kind).export(context.from, stub, keep)
    : Promise.resolve(stub.body);
}
