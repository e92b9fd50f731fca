/** What the Durable Functions extension and the SDK say to each other: history events, actions, answers. */

export const eventTypes = {
  executionStarted: 0,
  executionCompleted: 1,
  executionTerminated: 3,
  taskScheduled: 4,
  taskCompleted: 5,
  taskFailed: 6,
  childCreated: 7,
  childCompleted: 8,
  childFailed: 9,
  timerCreated: 10,
  timerFired: 11,
  orchestratorStarted: 12,
  orchestratorCompleted: 13,
  eventRaised: 15,
  continueAsNew: 16,
  executionSuspended: 19,
  executionResumed: 20,
} as const;

export interface EventFields {
  readonly Name?: string;
  readonly Version?: string;
  /** JSON text, or the reason of a termination. */
  readonly Input?: string | null;
  /** JSON text; never absent in a completion, or the SDK cannot parse it. */
  readonly Result?: string | null;
  readonly Reason?: string | null;
  readonly Details?: string;
  readonly FailureDetails?: null;
  readonly TaskScheduledId?: number;
  readonly TimerId?: number;
  readonly FireAt?: string;
  readonly InstanceId?: string;
  readonly OrchestrationInstance?: InstanceReference;
  readonly ParentInstance?: ParentReference | null;
  readonly OrchestrationStatus?: string;
  readonly Tags?: null;
}

export interface InstanceReference {
  readonly InstanceId: string;
  readonly ExecutionId: string;
}

export interface ParentReference {
  readonly OrchestrationInstance: InstanceReference;
  readonly TaskScheduleId: number;
  readonly Name: string;
  readonly Version: string;
}

export interface HistoryEvent extends EventFields {
  readonly EventType: number;
  /** The sequence id of scheduling events, otherwise -1. */
  readonly EventId: number;
  readonly IsPlayed: boolean;
  readonly Timestamp: string;
}

export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function makeEvent(type: number, atMs: number, fields: EventFields = {}, id = -1): HistoryEvent {
  return { EventType: type, EventId: id, IsPlayed: false, Timestamp: isoTime(atMs), ...fields };
}

export interface RetryOptions {
  readonly firstRetryIntervalInMilliseconds: number;
  /** The first attempt counts. */
  readonly maxNumberOfAttempts: number;
  readonly backoffCoefficient?: number;
  readonly maxRetryIntervalInMilliseconds?: number;
  readonly retryTimeoutInMilliseconds?: number;
}

export interface ActivityAction {
  readonly actionType: 0 | 1;
  readonly functionName: string;
  readonly input?: unknown;
  readonly retryOptions?: RetryOptions;
}

export interface ChildAction {
  readonly actionType: 2 | 3;
  readonly functionName: string;
  readonly instanceId?: string;
  readonly input?: unknown;
  readonly version?: string;
  readonly retryOptions?: RetryOptions;
}

export type Action =
  | ActivityAction
  | ChildAction
  | { readonly actionType: 4; readonly input?: unknown }
  | { readonly actionType: 5; readonly fireAt: string; readonly isCanceled?: boolean }
  | { readonly actionType: 6; readonly externalEventName: string }
  | { readonly actionType: 11 | 12; readonly compoundActions: readonly Action[] };

/** What an orchestrator returns, or throws behind a label, after each turn. `actions` grows from turn to turn. */
export interface Answer {
  readonly isDone: boolean;
  readonly actions: readonly (readonly Action[])[];
  readonly output?: unknown;
  readonly error?: string;
  readonly customStatus?: unknown;
}

/** Something that the host has to start, with the sequence id that both sides give it. */
export type Decision =
  | { readonly kind: 'activity'; readonly id: number; readonly name: string; readonly input: string | null }
  | { readonly kind: 'timer'; readonly id: number; readonly fireAtMs: number }
  | {
      readonly kind: 'child';
      readonly id: number;
      readonly name: string;
      readonly input: string | null;
      readonly instanceId: string;
      readonly version: string;
    };

export type EndStatus = 'Completed' | 'Failed' | 'Terminated' | 'ContinuedAsNew';

export interface End {
  readonly status: EndStatus;
  /** JSON text, or the plain text of a failure. */
  readonly output: string | null;
}

export const endedStatuses: readonly string[] = ['Completed', 'Failed', 'Terminated', 'Canceled'];

export function jsonText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

export function failure(orchestrator: string, message: string): End {
  return { status: 'Failed', output: `Orchestrator function '${orchestrator}' failed: ${message}` };
}
