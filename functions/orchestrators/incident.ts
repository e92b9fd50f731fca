import type { OrchestrationContext } from 'durable-functions';
import { call, callChild, messageOf, pause, type Steps } from './steps';

export interface IncidentWork {
  readonly pair: string;
  /** Number of the confirmation: a newer one makes this one void. */
  readonly attempt: number;
}

/** From a suspicion to a decision: our own probes confirm it or not, then a failover is prepared up to its approval. Never throws. */
export function* incident(context: OrchestrationContext): Steps<string> {
  const { pair, attempt } = context.df.getInput<IncidentWork>();
  try {
    const { everySeconds } = yield* call(context, 'startConfirm', { pair, attempt });
    for (let probe = 0; ; probe += 1) {
      const { verdict, startFailover } = yield* call(context, 'probeIncident', { pair, attempt, probe });
      if (verdict !== 'undecided') {
        if (!startFailover) return verdict;
        break;
      }
      yield* pause(context, everySeconds * 1000);
    }
    const { runId } = yield* call(context, 'openFailover', { pair, attempt });
    if (runId === null) return 'no failover was started';
    return String(yield* callChild(context, 'failover', { id: runId, input: { runId } }));
  } catch (error) {
    return `ended: ${messageOf(error)}`;
  }
}
