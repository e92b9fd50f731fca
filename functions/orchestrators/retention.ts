import type { OrchestrationContext } from 'durable-functions';
import type { RunStatus } from '../../shared/domain/run';
import type { RetentionPortion } from '../../shared/domain/retention-steps';
import { runToReport, type RunInfo } from './run';
import { call, callChildren, enter, resultOfError, type ChildResult, type Steps } from './steps';

/** Portions that one generation does: no history grows, however much is stored. */
const portionsAGeneration = 50;

export interface RetentionWork {
  readonly runId: string;
  readonly portion: RetentionPortion;
}

/** Removes what nothing needs any more, and verifies what is kept. Everything else has precedence. */
export function* retention(context: OrchestrationContext): Steps<RunStatus> {
  return yield* runToReport(context, retain);
}

function* retain(context: OrchestrationContext, { runId }: RunInfo): Steps<undefined> {
  yield* enter(context, runId, 'sweeping');
  const input: RetentionWork = { runId, portion: { step: 'plan', at: 0 } };
  yield* callChildren(context, 'retentionLane', [{ id: `${runId}:retention`, input }]);
  return undefined;
}

/** One generation: some portions, then itself again with the next one. Never throws. */
export function* retentionLane(context: OrchestrationContext): Steps<ChildResult> {
  const { runId, portion } = context.df.getInput<RetentionWork>();
  let open: RetentionPortion | null = portion;
  try {
    for (let done = 0; open !== null && done < portionsAGeneration; done += 1) {
      const { next }: { readonly next: RetentionPortion | null } = yield* call(context, 'retainSome', {
        runId,
        portion: open,
      });
      open = next;
    }
  } catch (error) {
    return resultOfError(error);
  }
  if (open !== null) context.df.continueAsNew({ runId, portion: open });
  return {};
}
