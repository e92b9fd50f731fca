import type { Damage } from '../domain/retention';
import type { RetentionPortion, RetentionStep } from '../domain/retention-steps';
import { readStage, writeStage } from '../storage/stages';
import { packsPerScrub, scrubbedPacks } from './retention-mark';
import { readRetentionPlan } from './retention-plan';
import { allSlices } from './retention-scrub';
import type { RunContext } from './run-context';

/** Things that one portion of a step does: bounds its time and its memory. */
export const perPortion = { mark: 500, snapshots: 200, runs: 10 } as const;
/** What one portion found, written down before anything is removed: a repetition removes the same, and is counted once. */
export interface PortionResult {
  readonly formatVersion: 1;
  readonly removed: number;
  readonly packs?: number;
  readonly indexes?: number;
  readonly bytes: number;
  readonly refused: number;
  readonly verified?: number;
  readonly damaged: readonly Damage[];
  readonly remove: readonly string[];
}

const portionStage = ({ step, at }: RetentionPortion): string => `retention/${step}-${at}`;

/** How many portions a step has. */
export async function portionsOf(context: RunContext, step: RetentionStep): Promise<number> {
  if (step === 'plan') return 1;
  const { indexes, removed, runs } = await readRetentionPlan(context);
  switch (step) {
    case 'mark':
      return Math.ceil(indexes.length / perPortion.mark);
    case 'snapshots':
      return Math.ceil(removed.length / perPortion.snapshots);
    case 'packs':
      return allSlices.length;
    case 'runs':
      return Math.ceil(runs.length / perPortion.runs);
    case 'scrub':
      return Math.ceil((await scrubbedPacks(context)).length / packsPerScrub);
    case 'requestKeys':
    case 'settle':
      return 1;
  }
}

/** What a portion found, if it has been looked at. */
export function readPortion(
  context: RunContext,
  portion: RetentionPortion,
): Promise<PortionResult | undefined> {
  return readStage<PortionResult | undefined>(
    context.state,
    context.request.runId,
    portionStage(portion),
    true,
  );
}

export async function notePortion(
  context: RunContext,
  portion: RetentionPortion,
  result: PortionResult,
): Promise<void> {
  await writeStage(context.state, context.request.runId, portionStage(portion), result);
}
