import { adapterOf } from '../adapters/registry';
import type { Adapter } from '../adapters/adapter';
import { hashBody, parseKey, type Stub } from '../domain/asset';
import { diff, stripIgnored } from '../domain/diff';
import { DrError, hasCode } from '../domain/errors';
import type { FieldDiff, PlanEntry } from '../domain/plan';
import type { Outcome } from '../domain/run';
import { readBodies } from '../storage/packs';
import { readItemResult, type ItemResult } from '../storage/runs';
import { makeDesired, type Desired } from './desired';
import { idMaps } from './id-map';
import { targetIndex } from './listing';
import { assetOf, readTarget, refOf } from './plan-compare';
import { eraOf } from './restorer';
import type { RunContext } from './run-context';
import { bodyOrLost } from './snapshot-damage';
import { doItem, outcomeOf, type Attempt, type ItemRef } from './work-item';

const era = 'verifying';

/** Reads back what one work item restored, and compares it with what it should be. */
export function verifyItem(context: RunContext, ref: ItemRef): Promise<ItemResult> {
  return doItem(context, ref, async (entries) => {
    const restored = await readItemResult(
      context.state,
      ref.runId,
      'restoring',
      ref.wave,
      ref.chunk,
      ref.item,
    );
    const outcomes = new Map((restored?.outcomes ?? []).map((outcome) => [outcome.key, outcome]));
    const lines = entries.flatMap(({ key, line }) =>
      line !== undefined && outcomes.get(key)?.outcome === 'restored' ? [line] : [],
    );
    const bodies = await readBodies(context.snapshots, context.pair.name, lines.map(refOf));
    const resolve = await idMaps(
      context,
      eraOf(ref.wave),
      entries.flatMap(({ needs }) => needs),
    );
    return async (entry) => {
      const outcome = outcomes.get(entry.key) ?? outcomeOf(entry, 'failed', 'the restore left no outcome');
      if (outcome.outcome !== 'restored') return { outcome };
      return verifyOne(context, entry, outcome, bodies.get(entry.key), resolve);
    };
  });
}

async function verifyOne(
  context: RunContext,
  entry: PlanEntry,
  restored: Outcome,
  body: object | undefined,
  resolve: (kind: string, id: string) => string | undefined,
): Promise<Attempt> {
  const failed = (reason: string): Attempt => ({ outcome: { ...restored, outcome: 'failed', reason } });
  if (entry.line === undefined) return failed(`cannot be verified: ${entry.reason}`);
  const adapter = adapterOf(parseKey(entry.key).kind);
  try {
    const read = bodyOrLost(body);
    if ('lost' in read) return failed(`cannot be verified: ${read.lost}`);
    const asset = assetOf(entry.line, read.body);
    const desired = await makeDesired(context, era, adapter, asset, resolve);
    const target = restored.target ?? '';
    // What could not be settled right after the restore (the owner of a cluster that was still stopping) is settled now.
    const settled = (await adapter.settle?.(context.to, target, desired.asleep)) ?? [];
    const stub = await targetStub(context, adapter, entry, target);
    const actual = await readTarget(context, adapter, stub);
    if (actual === undefined) return failed('it is not at the target, although it was restored');
    const differences = diff(desired.asleep, actual, adapter.ignore);
    if (differences.length > 0) return failed(`it differs from the source: ${wordsOf(differences)}`);
    return { outcome: agreedOutcome(restored, desired, [...desired.warnings, ...settled], stub, actual) };
  } catch (error) {
    if (!(error instanceof DrError) || hasCode(error, 'DR_CLAIM_LOST', 'DR_RUN_CANCELLED')) throw error;
    return error.retryable ? { left: error.message } : failed(`cannot be verified: ${error.message}`);
  }
}

/** The outcome of an asset that was read back and is as it should be. */
function agreedOutcome(
  restored: Outcome,
  { base }: Desired,
  warnings: readonly string[],
  { version }: Stub,
  actual: object,
): Outcome {
  const { warnings: _before, ...rest } = restored;
  const adapter = adapterOf(parseKey(restored.key).kind);
  return {
    ...rest,
    base,
    targetSha: hashBody(stripIgnored(actual, adapter.ignore)),
    ...(version === undefined ? {} : { version }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

/** The target's stub from a listing made after the restore: its version is the one that the link remembers. */
async function targetStub(
  context: RunContext,
  adapter: Adapter,
  entry: PlanEntry,
  id: string,
): Promise<Stub> {
  const index = await targetIndex(context, era, adapter.kind, entry.partition);
  const path = entry.line?.path;
  return index.byId(id) ?? { id, name: entry.name, ...(path === undefined ? {} : { path }) };
}

/** The first differences as words; values only of short scalars, so that no body ends in a report. */
function wordsOf(differences: readonly FieldDiff[]): string {
  const shown = differences
    .slice(0, 5)
    .map(({ path, from, to }) => `${path} is ${shortOf(from)}, not ${shortOf(to)}`);
  return shown.join('; ') + (differences.length > 5 ? ` and ${differences.length - 5} more` : '');
}

function shortOf(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
