import type { Adapter } from '../adapters/adapter';
import { adapterOf } from '../adapters/registry';
import { hashBody, parseKey, type Stub } from '../domain/asset';
import { stripIgnored } from '../domain/diff';
import { DrError, hasCode } from '../domain/errors';
import type { Link } from '../domain/link';
import type { PlanEntry } from '../domain/plan';
import { readLinks } from '../storage/links';
import type { ItemResult } from '../storage/runs';
import { idMap, targetVersion } from './id-map';
import { targetIndex } from './listing';
import { readTarget } from './plan-compare';
import { isDue, isOurs, retiredReason } from './plan-retire';
import type { RunContext } from './run-context';
import { doItem, outcomeOf, type Attempt, type ItemRef } from './work-item';

const era = 'retiring';

/** One copy whose source is gone. */
interface Copy {
  readonly entry: PlanEntry;
  readonly adapter: Adapter;
  readonly link: Link;
  readonly stub: Stub;
  readonly actual: object;
  /** Somebody changed it since it was written. */
  readonly touched: boolean;
}

/** Puts what is gone at the source asleep, and removes what is ours, unchanged, and gone for long enough. */
export function retireItem(context: RunContext, ref: ItemRef): Promise<ItemResult> {
  return doItem(context, ref, () => Promise.resolve((entry) => retireOne(context, entry)));
}

async function retireOne(context: RunContext, entry: PlanEntry): Promise<Attempt> {
  try {
    const copy = await findCopy(context, entry);
    return {
      outcome: copy === undefined ? gone(entry, 'it is gone on both sides') : await retire(context, copy),
    };
  } catch (error) {
    if (!(error instanceof DrError) || hasCode(error, 'DR_CLAIM_LOST', 'DR_RUN_CANCELLED')) throw error;
    if (hasCode(error, 'DR_API_NOT_FOUND', 'DR_ASSET_VANISHED'))
      return { outcome: gone(entry, 'it is gone on both sides') };
    if (error.code === 'DR_ASSET_IN_USE') return { outcome: stays(entry, `stays: ${error.message}`) };
    return error.retryable ? { left: error.message } : { outcome: outcomeOf(entry, 'failed', error.message) };
  }
}

/** Undefined when there is nothing of ours at the target any more, or when another asset of the source has taken it over. */
async function findCopy(context: RunContext, entry: PlanEntry): Promise<Copy | undefined> {
  const { kind, id } = parseKey(entry.key);
  const adapter = adapterOf(kind);
  const stored = await readLinks(context.state, context.pair.name, kind, entry.partition);
  const link = stored?.links.find((one) => one[context.source] === id);
  if (link?.goneSince === undefined || !isOurs(context, link)) return undefined;
  const target = link[context.target];
  for (const [source, other] of await idMap(context, era, kind))
    if (other === target && source !== id) return undefined;
  const stub = (await targetIndex(context, era, kind, entry.partition)).byId(target);
  const actual = stub && (await readTarget(context, adapter, stub));
  if (stub === undefined || actual === undefined) return undefined;
  // A value that is never staged is in no hash.
  const reset = adapter.unstaged !== undefined && targetVersion(link, context.target) !== stub.version;
  const touched = reset || link.targetSha !== shaOf(adapter, actual);
  return { entry, adapter, link, stub, actual, touched };
}

async function retire(context: RunContext, copy: Copy) {
  const { adapter, entry, link, stub, actual, touched } = copy;
  const awake = adapter.triggers?.awake(actual) ?? [];
  if (awake.length > 0) {
    await adapter.triggers?.quiet(context.to, stub.id, actual);
    return outcomeOf(entry, 'restored', `gone at the source: put asleep (${awake.join(', ')})`);
  }
  if (adapter.retirement?.isRetired(actual) === false) {
    if (touched) return outcomeOf(entry, 'skipped', changedReason);
    return takeOutOfUse(context, copy);
  }
  if (adapter.remove === undefined || !isDue(context, link))
    return stays(entry, retiredReason(context, adapter, link));
  if (touched) return outcomeOf(entry, 'skipped', changedReason);
  const runs = (await adapter.triggers?.activeRuns?.(context.to, stub.id)) ?? [];
  if (runs.length > 0) return stays(entry, 'gone at the source: it is running, and stays');
  await adapter.remove(context.to, stub.id, actual);
  return gone(entry, `removed: gone at the source since ${link.goneSince ?? ''}, made by us and unchanged`);
}

const changedReason = 'gone at the source: somebody changed it in the target since it was written, it stays';

/** What it is then is what we left it as: should its source come back, that may be changed. */
async function takeOutOfUse(context: RunContext, { adapter, entry, stub }: Copy) {
  await adapter.retirement?.retire(context.to, stub.id);
  const actual = await adapter.export(context.to, stub);
  const never = adapter.of === undefined ? ', and never removed' : '';
  const reason = `gone at the source: taken out of use${never}`;
  return { ...outcomeOf(entry, 'restored', reason), target: stub.id, targetSha: shaOf(adapter, actual) };
}

function shaOf(adapter: Adapter, body: object): string {
  return hashBody(stripIgnored(body, adapter.ignore));
}

function stays(entry: PlanEntry, reason: string) {
  return outcomeOf(entry, 'unchanged', reason);
}

/** Without a target: its link goes too. */
function gone(entry: PlanEntry, reason: string) {
  return { ...outcomeOf(entry, 'restored', reason), removed: true as const };
}
