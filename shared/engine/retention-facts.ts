import { hasCode } from '../domain/errors';
import { keepReasons, type KeepReason, type RetentionFacts } from '../domain/retention';
import { retentionSteps, type RetentionStep } from '../domain/retention-steps';
import { readDamage } from '../storage/damage';
import { markedPacks } from './retention-mark';
import { readRetentionPlan } from './retention-plan';
import type { PortionResult } from './retention-portions';
import { resultsOf } from './retention-settle';
import type { RunContext } from './run-context';

/** What the run did, as far as it got; undefined when it did not come to a plan. */
export async function retentionFacts(context: RunContext): Promise<RetentionFacts | undefined> {
  const results = new Map<RetentionStep, PortionResult[]>();
  try {
    for (const step of retentionSteps)
      results.set(step, step === 'plan' ? [] : await resultsOf(context, step));
  } catch (error) {
    // It ended before it had marked everything: nothing was removed.
    if (!hasCode(error, 'DR_BLOB_MISSING')) throw error;
    return undefined;
  }
  const sum = (step: RetentionStep, of: (one: PortionResult) => number): number =>
    (results.get(step) ?? []).reduce((total, one) => total + of(one), 0);
  const all = (of: (one: PortionResult) => number): number =>
    retentionSteps.reduce((total, step) => total + sum(step, of), 0);
  const { kept } = await readRetentionPlan(context);
  const { indexes, incomplete } = await markedPacks(context);
  const keptFor = (reason: KeepReason): number => kept.filter(({ why }) => why === reason).length;
  return {
    kept: Object.fromEntries(keepReasons.map((why) => [why, keptFor(why)])) as Record<KeepReason, number>,
    removed: {
      snapshots: sum('snapshots', ({ removed }) => removed),
      packs: sum('packs', ({ packs = 0 }) => packs),
      indexes: sum('packs', ({ indexes: count = 0 }) => count),
      runs: sum('runs', ({ removed }) => removed),
      requestKeys: sum('requestKeys', ({ removed }) => removed),
      bytes: all(({ bytes }) => bytes),
    },
    refused: all(({ refused }) => refused),
    verifiedPacks: sum('scrub', ({ verified = 0 }) => verified),
    verifiedIndexes: indexes,
    damaged: await readDamage(context.state, context.pair.name),
    ...(incomplete && { packsKept: 'an index or a manifest of a kept snapshot cannot be read' }),
  };
}
