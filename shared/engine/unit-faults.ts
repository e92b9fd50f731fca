import type { DrError } from '../domain/errors';
import { readStage, writeStage } from '../storage/stages';
import { planStages, readPlanUnits } from './plan-units';
import type { Draft } from './planner';
import type { RunContext } from './run-context';

interface UnitFault {
  readonly formatVersion: 1;
  readonly reason: string;
  readonly retryable: boolean;
}

/** Notes why a unit could not be planned: the caller of the activity cannot tell. */
export async function noteFault(context: RunContext, unit: number, error: DrError): Promise<void> {
  const fault: UnitFault = { formatVersion: 1, reason: error.message, retryable: error.retryable };
  await writeStage(context.state, context.request.runId, planStages.fault(unit), fault);
}

/** The units whose planning did not end, and the first fault that trying again will not heal. */
export async function settleUnits(
  context: RunContext,
  units: readonly number[],
): Promise<{ readonly left: readonly number[]; readonly fault?: string }> {
  const { runId } = context.request;
  const left: number[] = [];
  for (const unit of units) {
    const draft = await readStage<Draft | undefined>(context.state, runId, planStages.draft(unit), true);
    if (draft !== undefined) continue;
    left.push(unit);
    const fault = await readStage<UnitFault | undefined>(context.state, runId, planStages.fault(unit), true);
    const partition = (await readPlanUnits(context)).units[unit]?.partition ?? '';
    if (fault?.retryable === false) return { left, fault: `cannot plan ${partition}: ${fault.reason}` };
  }
  return { left };
}
