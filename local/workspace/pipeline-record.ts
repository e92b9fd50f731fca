import { type Json } from './fields';

export type UpdateState = 'QUEUED' | 'RUNNING' | 'COMPLETED' | 'CANCELED' | 'FAILED';

export type UpdateCause = 'API_CALL' | 'JOB_TASK' | 'INFRASTRUCTURE_MAINTENANCE';

/** One update of a pipeline: what a run is to a job. */
export interface UpdateRecord {
  readonly id: string;
  readonly cause: UpdateCause;
  readonly createdMs: number;
  /** When it ends by itself; a continuous one does not. */
  readonly dueMs?: number;
  /** Made for it, and ends with it. Absent: serverless. */
  readonly clusterId?: string;
  state: UpdateState;
}

export interface PipelineRecord {
  readonly id: string;
  /** As sent: without the defaults. */
  spec: Json;
  readonly creator: string;
  runAs: string;
  modifiedMs: number;
  /** Somebody stopped it: it stays down until it is changed or started. */
  stopped: boolean;
  /** The latest first. */
  updates: UpdateRecord[];
}

/** The update that is under way. */
export function activeUpdate({ updates }: PipelineRecord): UpdateRecord | undefined {
  return updates.find(({ state }) => state === 'RUNNING' || state === 'QUEUED');
}
