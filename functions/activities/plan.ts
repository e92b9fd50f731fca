import { layPlan } from '../../shared/engine/plan-layout';
import { listPlanUnits } from '../../shared/engine/plan-units';
import { planUnit } from '../../shared/engine/planner';
import { noteFault, settleUnits } from '../../shared/engine/unit-faults';
import { DrError } from '../../shared/domain/errors';
import type { RunContexts } from '../../shared/run-contexts';
import { activity, fannedOut } from './activity';

/** The activities that decide what is to be done. */
export function makePlanActivities(contexts: RunContexts) {
  return {
    listPlanUnits: activity(async ({ runId }: { readonly runId: string }) => ({
      units: await listPlanUnits(await contexts.open(runId)),
    })),
    planUnit: fannedOut(async ({ runId, unit }: { readonly runId: string; readonly unit: number }) => {
      const context = await contexts.open(runId);
      try {
        await planUnit(context, unit);
      } catch (error) {
        if (error instanceof DrError) await noteFault(context, unit, error);
        throw error;
      }
      return {};
    }),
    settleUnits: activity(
      async ({ runId, units }: { readonly runId: string; readonly units: readonly number[] }) =>
        settleUnits(await contexts.open(runId), units),
    ),
    layPlan: activity(async ({ runId }: { readonly runId: string }) => {
      const { waves, counts } = await layPlan(await contexts.open(runId));
      return { waves, counts };
    }),
  };
}
