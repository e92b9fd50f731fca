import type { Adapter, ReadPiece, TargetIndex } from '../adapters/adapter';
import { parseKey, type Stub } from '../domain/asset';
import { diff } from '../domain/diff';
import { DrError, hasCode } from '../domain/errors';
import type { PlanEntry } from '../domain/plan';
import { pieceReader } from '../storage/pieces';
import { sourceOf } from './hold-back';
import { forgetIndex, makeIndex, targetIndex, type GrowingIndex } from './listing';
import { assetOf, readTarget } from './plan-compare';
import { markerOf, type RunContext } from './run-context';

/** The era of the listings in which a restore looks for what is already there. */
const era = 'restoring';
/** How long a thing that was created may take to appear in listings (ms). */
const listingLagMs = [0, 1000, 3000, 6000];

/**
 * Creates an asset so that there is exactly one, however often this runs: it is looked for first, and when the answer to the
 * create was lost it is looked for again before anything else is tried.
 */
export async function createOnce(
  context: RunContext,
  adapter: Adapter,
  entry: PlanEntry,
  body: object,
): Promise<{ id: string; created: boolean }> {
  const there =
    adapter.repeatable === true ? undefined : await findTarget(context, adapter, entry, body, false);
  if (there !== undefined) return adopt(context, adapter, entry, body, there);
  try {
    const known = await restoreIndex(context, adapter, entry);
    const id = await adapter.create(context.to, body, known, sourceOf(context, adapter), piecesOf(context));
    if (adapter.repeatable !== true) (await index(context, entry)).add(stubOf(context, entry, id));
    return { id, created: true };
  } catch (error) {
    if (!hasCode(error, 'DR_API_AMBIGUOUS', 'DR_API_CONFLICT')) throw error;
    const path = adapter.repeatable === true ? entry.line?.path : undefined;
    if (path !== undefined) return adoptPath(context, adapter, entry, body, path);
    const found = await findAfterLag(context, adapter, entry, body);
    if (found === undefined) {
      // It may still appear: the next try looks afresh.
      await forgetIndex(context, era, adapter.kind, entry.partition);
      throw error;
    }
    // Without a marker nobody can tell whether it is the one that was made behind the lost answer.
    return error.code === 'DR_API_AMBIGUOUS' && adapter.unlinked !== 'link'
      ? { id: found, created: true }
      : adopt(context, adapter, entry, body, found);
  }
}

/** What has come to lie at the path since the target was listed is ours when it is equal: made before a crash or behind a lost answer. */
async function adoptPath(
  context: RunContext,
  adapter: Adapter,
  entry: PlanEntry,
  body: object,
  path: string,
): Promise<{ id: string; created: boolean }> {
  const actual = await readTarget(context, adapter, { id: path, name: entry.name, path });
  if (actual === undefined || diff(body, actual, adapter.ignore).length > 0) throw taken(entry, path);
  return { id: path, created: true };
}

function taken({ key }: PlanEntry, id: string): DrError {
  const message = `cannot create ${key}: the target has another one of the same name (${id}); rename or link it`;
  return new DrError('DR_API_CONFLICT', message);
}

/** What was found carries our marker, is the same thing by definition, or is equal (our own, made before a crash): then it is linked. */
async function adopt(context: RunContext, adapter: Adapter, entry: PlanEntry, body: object, id: string) {
  const marked = (await index(context, entry)).byId(id)?.marker === markerOf(context, entry.key);
  const equal = await isAlready(context, adapter, entry, body, id);
  if (!marked && !equal && !(await mayAdopt(context, adapter, entry, body, id))) throw taken(entry, id);
  if (!equal)
    await adapter.update?.(
      context.to,
      id,
      body,
      await restoreIndex(context, adapter, entry),
      undefined,
      piecesOf(context),
    );
  // Our marker says that we made it, before a crash or behind a lost answer.
  return { id, created: marked };
}

/** What is the same by definition, unless a person has to decide about it. */
async function mayAdopt(context: RunContext, adapter: Adapter, entry: PlanEntry, body: object, id: string) {
  if (adapter.unlinked !== 'link') return false;
  const stub = (await index(context, entry)).byId(id);
  const actual = stub === undefined ? undefined : await readTarget(context, adapter, stub);
  return actual === undefined || adapter.contested?.(body, actual) === undefined;
}

/** True when the target has the asset under this id just as it should be. */
export async function isAlready(
  context: RunContext,
  adapter: Adapter,
  entry: PlanEntry,
  body: object,
  id: string,
): Promise<boolean> {
  const stub = (await index(context, entry)).byId(id);
  const actual = stub === undefined ? undefined : await readTarget(context, adapter, stub);
  return actual !== undefined && diff(body, actual, adapter.ignore).length === 0;
}

async function findAfterLag(context: RunContext, adapter: Adapter, entry: PlanEntry, body: object) {
  for (const wait of listingLagMs) {
    await context.sleep(wait);
    const found = await findTarget(context, adapter, entry, body, true);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function findTarget(
  context: RunContext,
  adapter: Adapter,
  entry: PlanEntry,
  body: object,
  fresh: boolean,
) {
  if (entry.line === undefined) return undefined;
  if (fresh) {
    context.to.forget();
    await forgetIndex(context, era, adapter.kind, entry.partition);
  }
  const known = await index(context, entry);
  return adapter.find(known, assetOf(entry.line, body), markerOf(context, entry.key));
}

function index(context: RunContext, entry: PlanEntry): Promise<GrowingIndex> {
  return targetIndex(context, era, parseKey(entry.key).kind, entry.partition);
}

function stubOf(context: RunContext, entry: PlanEntry, id: string): Stub {
  const path = entry.line?.path;
  return {
    id,
    name: entry.name,
    marker: markerOf(context, entry.key),
    ...(path === undefined ? {} : { path }),
  };
}

/** What reads the pieces of the snapshot that content is kept in when it is too large for a body. */
export function piecesOf({ snapshots, pair }: RunContext): ReadPiece {
  return pieceReader(snapshots, pair.name);
}

/** The index that create and update are given: only derived kinds look things up in it, so only they pay for a listing. */
export async function restoreIndex(
  context: RunContext,
  adapter: Adapter,
  entry: PlanEntry,
): Promise<TargetIndex> {
  return adapter.of === undefined ? makeIndex([]) : index(context, entry);
}
