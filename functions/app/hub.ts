import { input, OrchestrationRuntimeStatus, type DurableClient } from 'durable-functions';
import type { Phase } from '../../shared/domain/run';
import { DrError } from '../../shared/domain/errors';

/** The one binding by which functions reach the task hub. */
export const hubInput = input.durableClient();

/** What an orchestration says of itself. */
export interface Progress {
  readonly phase: Phase;
  readonly wave: number;
  readonly waves: number;
}

/** An orchestration as the task hub knows it. */
export interface Instance {
  readonly state: 'live' | 'completed' | 'failed';
  readonly progress?: Progress;
  /** ISO-8601 UTC. */
  readonly updatedAt: string;
}

/** The task hub, as far as triggers need it. */
export interface Hub {
  /** Starts an orchestration under an id; one that is there already is success. */
  start(orchestrator: string, id: string, work: object): Promise<void>;
  /** Undefined when the hub does not know it. */
  find(id: string): Promise<Instance | undefined>;
  raise(id: string, event: string, data: object): Promise<void>;
}

export function makeHub(client: DurableClient): Hub {
  async function find(id: string): Promise<Instance | undefined> {
    let status;
    try {
      status = await client.getStatus(id);
    } catch {
      // The client throws the same error for an unknown id and for a hub that does not answer.
      return undefined;
    }
    const progress = status.customStatus as Progress | null | undefined;
    return {
      state: stateOf(status.runtimeStatus),
      updatedAt: new Date(status.lastUpdatedTime).toISOString(),
      ...(progress ? { progress } : {}),
    };
  }
  return {
    find,
    async start(orchestrator, id, work) {
      try {
        await client.startNew(orchestrator, { instanceId: id, input: work });
      } catch (cause) {
        if ((await find(id)) !== undefined) return;
        throw new DrError('DR_INTERNAL', `cannot start ${id}: the task hub refused it`, {}, { cause });
      }
    },
    raise: (id, event, data) => client.raiseEvent(id, event, data),
  };
}

function stateOf(status: OrchestrationRuntimeStatus): Instance['state'] {
  switch (status) {
    case OrchestrationRuntimeStatus.Completed:
      return 'completed';
    case OrchestrationRuntimeStatus.Failed:
    case OrchestrationRuntimeStatus.Canceled:
    case OrchestrationRuntimeStatus.Terminated:
      return 'failed';
    case OrchestrationRuntimeStatus.Running:
    case OrchestrationRuntimeStatus.Pending:
    case OrchestrationRuntimeStatus.ContinuedAsNew:
    case OrchestrationRuntimeStatus.Suspended:
      return 'live';
  }
}
