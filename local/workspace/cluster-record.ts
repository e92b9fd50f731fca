import { type Json } from './fields';

export type ClusterState = 'PENDING' | 'RUNNING' | 'RESTARTING' | 'TERMINATING' | 'TERMINATED';
export type ClusterSource = 'UI' | 'API' | 'JOB' | 'PIPELINE' | 'PIPELINE_MAINTENANCE' | 'SQL' | 'MODELS';

export interface TerminationReason {
  readonly code: string;
  readonly type: 'SUCCESS' | 'CLIENT_ERROR' | 'CLOUD_FAILURE';
  readonly parameters?: Readonly<Record<string, string>>;
}

/** One cluster as the workspace keeps it: the user's own settings and what became of them. */
export interface ClusterRecord {
  readonly id: string;
  spec: Json;
  owner: string;
  readonly source: ClusterSource;
  /** The job run that it was made for. */
  readonly madeFor?: { readonly jobId: number; readonly runId: number; readonly runName: string };
  state: ClusterState;
  stateMessage: string;
  startMs: number;
  restartMs: number;
  activityMs: number;
  terminatedMs?: number;
  /** When the state under way ends. */
  dueMs?: number;
  /** How often it came up: libraries install anew at each start. */
  starts: number;
  /** What the start under way will fail with. */
  doomed?: TerminationReason;
  termination?: TerminationReason;
  pinnedBy?: string;
}

export const isUp = (state: ClusterState): boolean => state !== 'TERMINATED' && state !== 'TERMINATING';
