/** The tables of the task hub. */

export interface InstanceRow {
  readonly instanceId: string;
  readonly executionId: string;
  readonly name: string;
  readonly version: string;
  readonly input: string | null;
  readonly output: string | null;
  readonly customStatus: string | null;
  readonly status: string;
  readonly createdTime: number;
  readonly lastUpdatedTime: number;
  readonly parentId: string | null;
  readonly parentExecutionId: string | null;
  readonly parentTaskId: number | null;
}

export interface MessageRow {
  readonly id: number;
  readonly instanceId: string;
  /** Messages for an earlier generation of the instance are dropped; null fits each. */
  readonly executionId: string | null;
  readonly event: string;
}

export interface WorkRow {
  readonly instanceId: string;
  readonly executionId: string;
  readonly taskId: number;
  readonly name: string;
  readonly input: string | null;
}

export interface TimerRow {
  readonly instanceId: string;
  readonly executionId: string;
  readonly timerId: number;
  readonly fireAtMs: number;
}

export interface TimerStatusRow {
  readonly name: string;
  readonly lastMs: number;
  readonly nextMs: number;
}

export interface InstanceFilter {
  readonly statuses?: readonly string[];
  readonly createdFromMs?: number;
  readonly createdToMs?: number;
  readonly prefix?: string;
}
