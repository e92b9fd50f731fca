import { approvalOf } from '../../shared/engine/incident-keeper';
import { checkPair } from '../../shared/engine/preflight/preflight';
import { judgeReadiness, readReadiness } from '../../shared/engine/readiness-judge';
import { restoreItem } from '../../shared/engine/restorer';
import { layRetire } from '../../shared/engine/retire-waves';
import { retireItem } from '../../shared/engine/retirer';
import { settleChunk, type ChunkRef } from '../../shared/engine/settle';
import { verifyItem } from '../../shared/engine/verifier';
import { wakeItem } from '../../shared/engine/waker';
import { sealWave } from '../../shared/engine/wave-sealer';
import type { RunContext } from '../../shared/engine/run-context';
import type { ItemRef } from '../../shared/engine/work-item';
import type { Phase } from '../../shared/domain/run';
import type { ItemResult } from '../../shared/storage/runs';
import type { RunContexts } from '../../shared/run-contexts';
import { activity, fannedOut } from './activity';

interface WaveRef {
  readonly runId: string;
  readonly phase: Phase;
  readonly wave: number;
}

/** The activities that walk the plan: one work item each, then the closing of chunks and waves. */
export function makeRestoreActivities(contexts: RunContexts) {
  function item(work: (context: RunContext, ref: ItemRef) => Promise<ItemResult>) {
    return fannedOut(async (ref: ItemRef) => {
      const { outcomes, left } = await work(await contexts.open(ref.runId), ref);
      return { done: outcomes.length, left: left.length };
    });
  }
  return {
    restoreItem: item(restoreItem),
    verifyItem: item(verifyItem),
    wakeItem: item(wakeItem),
    retireItem: item(retireItem),
    layRetire: activity(async ({ runId }: { readonly runId: string }) => ({
      waves: await layRetire(await contexts.open(runId)),
    })),
    settleChunk: activity(async (ref: ChunkRef) => settleChunk(await contexts.open(ref.runId), ref)),
    sealWave: activity(async ({ runId, phase, wave }: WaveRef) => {
      await sealWave(await contexts.open(runId), phase, wave);
      return {};
    }),
    checkPair: activity(async ({ runId }: { readonly runId: string }) => {
      const context = await contexts.open(runId);
      const { light } = await checkPair(context, await readReadiness(context, runId), runId);
      return { light };
    }),
    judgeReadiness: activity(async ({ runId }: { readonly runId: string }) => {
      const context = await contexts.open(runId);
      const { total, tiers } = await judgeReadiness(context);
      const required = new Set(context.pair.cutover.requireRunnable);
      const personOnly = tiers.some(
        ({ tier, notRunnable }) => tier !== null && required.has(tier) && notRunnable > 0,
      );
      const { ask, why } = await approvalOf(context, context.pair, context.request);
      return { total, ask: ask || personOnly, personOnly, why };
    }),
  };
}
