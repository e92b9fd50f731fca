import type { Adapter } from '../adapters/adapter';
import { adapterOf } from '../adapters/registry';
import { parseKey, type AssetKey } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import type { PlanEntry } from '../domain/plan';
import type { Outcome } from '../domain/run';
import { readBodies } from '../storage/packs';
import type { ItemResult } from '../storage/runs';
import { createOnce, isAlready, piecesOf, restoreIndex } from './create-once';
import { makeDesired, type Desired } from './desired';
import { failuresBefore } from './failures';
import { sourceOf } from './hold-back';
import { idMaps } from './id-map';
import { refuseOvertaken } from './overtaken';
import { withOlderBody } from './older-body';
import { assetOf, refOf } from './plan-compare';
import type { RunContext } from './run-context';
import { bodyOrLost } from './snapshot-damage';
import { doItem, outcomeOf, type Attempt, type ItemRef } from './work-item';

/** Restores the assets of one work item. */
export function restoreItem(context: RunContext, ref: ItemRef): Promise<ItemResult> {
  return doItem(context, ref, async (entries) => {
    const lines = entries.flatMap(({ line }) => (line === undefined ? [] : [line]));
    const bodies = await readBodies(context.snapshots, context.pair.name, lines.map(refOf));
    const resolve = await idMaps(
      context,
      eraOf(ref.wave),
      entries.flatMap(({ needs }) => needs),
    );
    const failures = await failuresBefore(context, ref.wave);
    return (entry) => restoreOne(context, ref, entry, bodies.get(entry.key), resolve, failures);
  });
}

/** Names the moment whose links a wave sees: those that the waves before it sealed. */
export function eraOf(wave: number): string {
  return `restoring-${wave}`;
}

async function restoreOne(
  context: RunContext,
  ref: ItemRef,
  entry: PlanEntry,
  body: object | undefined,
  resolve: (kind: string, id: string) => string | undefined,
  failures: ReadonlyMap<AssetKey, string>,
): Promise<Attempt> {
  const { line } = entry;
  if (line === undefined) return { outcome: outcomeOf(entry, 'failed', entry.reason) };
  const ownerFailure = line.owner === undefined ? undefined : failures.get(line.owner);
  if (ownerFailure !== undefined) {
    return { outcome: outcomeOf(entry, 'blocked', `needs ${line.owner ?? ''}: ${ownerFailure}`) };
  }
  const adapter = adapterOf(parseKey(entry.key).kind);
  try {
    const read = bodyOrLost(body);
    if ('lost' in read) {
      const reason = await withOlderBody(context, line, entry.partition, read.lost);
      return { outcome: outcomeOf(entry, 'failed', reason) };
    }
    const asset = assetOf(line, read.body);
    const desired = await makeDesired(context, eraOf(ref.wave), adapter, asset, resolve);
    if (desired.missing.length > 0) return { outcome: blocked(entry, desired.missing, failures) };
    return { outcome: await write(context, adapter, entry, desired) };
  } catch (error) {
    if (!(error instanceof DrError) || hasCode(error, 'DR_CLAIM_LOST', 'DR_RUN_CANCELLED')) throw error;
    if (error.code === 'DR_API_CONFLICT') return { outcome: outcomeOf(entry, 'conflict', error.message) };
    if (error.code === 'DR_ASSET_BLOCKED')
      return { outcome: { ...outcomeOf(entry, 'blocked', error.message), byHand: true } };
    return error.retryable ? { left: error.message } : { outcome: outcomeOf(entry, 'failed', error.message) };
  }
}

function blocked(
  entry: PlanEntry,
  missing: readonly AssetKey[],
  failures: ReadonlyMap<AssetKey, string>,
): Outcome {
  const reasons = missing.map((key) => `${key}: ${failures.get(key) ?? 'it is not at the target'}`);
  return outcomeOf(entry, 'blocked', `needs ${reasons.join('; ')}`);
}

/** Updates what is there, else creates it; then settles it. */
async function write(
  context: RunContext,
  adapter: Adapter,
  entry: PlanEntry,
  desired: Desired,
): Promise<Outcome> {
  const made = await createOrUpdate(context, adapter, entry, desired);
  if (made === undefined)
    return outcomeOf(
      entry,
      'blocked',
      'it differs and cannot be changed in place: delete it at the target, or accept it',
    );
  const settled = (await adapter.settle?.(context.to, made.id, desired.asleep)) ?? [];
  const warnings = [...desired.warnings, ...settled];
  return {
    ...outcomeOf(entry, 'restored', made.created ? 'created' : 'updated'),
    target: made.id,
    created: made.created,
    base: desired.base,
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

async function createOrUpdate(
  context: RunContext,
  adapter: Adapter,
  entry: PlanEntry,
  desired: Desired,
): Promise<{ id: string; created: boolean } | undefined> {
  const { target } = entry;
  if (target === undefined) return createOnce(context, adapter, entry, desired.asleep);
  if (entry.settle === true) return { id: target, created: false };
  if (adapter.update === undefined) {
    const equal = await isAlready(context, adapter, entry, desired.asleep, target);
    return equal ? { id: target, created: false } : undefined;
  }
  await refuseOvertaken(context, adapter, entry, desired.asleep, target);
  try {
    const index = await restoreIndex(context, adapter, entry);
    const source = sourceOf(context, adapter);
    await adapter.update(context.to, target, desired.asleep, index, source, piecesOf(context));
    return { id: target, created: false };
  } catch (error) {
    // Deleted at the target since it was planned.
    if (!hasCode(error, 'DR_API_NOT_FOUND')) throw error;
    return createOnce(context, adapter, entry, desired.asleep);
  }
}
