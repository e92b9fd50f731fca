import { randomUUID } from 'node:crypto';
import { type HistoryEvent, type ParentReference, eventTypes, makeEvent } from './protocol';
import { type InstanceRow } from './rows';
import { type Store } from './store';

export interface Message {
  readonly id: number;
  readonly executionId: string | null;
  readonly event: HistoryEvent;
}

/** One life of an instance: continueAsNew begins the next. */
export interface Generation {
  readonly executionId: string;
  readonly input: string | null;
  /** The turns as stored: the payload for the SDK is put together from these texts. */
  readonly turns: readonly string[];
  /** The same events without results, for the host's replay. */
  readonly events: readonly HistoryEvent[];
  /** The action list of the last turn, for the check that it only grows. */
  readonly actions: readonly string[];
}

/** An instance that has not ended, in memory. */
export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly parent: { readonly id: string; readonly executionId: string; readonly taskId: number } | undefined;
  generation: Generation;
  inbox: Message[];
}

export function loadInstance(store: Store, row: InstanceRow): Instance {
  const turns = store.history(row.instanceId);
  return {
    id: row.instanceId,
    name: row.name,
    version: row.version,
    parent: parentOf(row),
    generation: {
      executionId: row.executionId,
      input: row.input,
      turns,
      events: turns.flatMap(parseTurn).map(withoutResults),
      actions: [],
    },
    inbox: store.messages(row.instanceId).map(({ id, executionId, event }) => ({
      id,
      executionId,
      event: JSON.parse(event) as HistoryEvent,
    })),
  };
}

function parentOf({ parentId, parentExecutionId, parentTaskId }: InstanceRow): Instance['parent'] {
  if (parentId === null || parentExecutionId === null || parentTaskId === null) return undefined;
  return { id: parentId, executionId: parentExecutionId, taskId: parentTaskId };
}

export function parseTurn(text: string): HistoryEvent[] {
  return JSON.parse(`[${text}]`) as HistoryEvent[];
}

/** Replay on the host's side needs no results; they can be large. */
export function withoutResults(event: HistoryEvent): HistoryEvent {
  if (event.Result === undefined && event.Details === undefined) return event;
  return { ...event, Result: null, Details: '' };
}

function parentReference(parent: Instance['parent']): ParentReference | null {
  if (parent === undefined) return null;
  const OrchestrationInstance = { InstanceId: parent.id, ExecutionId: parent.executionId };
  return { OrchestrationInstance, TaskScheduleId: parent.taskId, Name: '', Version: '' };
}

export interface NewInstance {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly input: string | null;
  readonly parent?: Instance['parent'];
}

export function makeExecutionId(): string {
  return randomUUID().replaceAll('-', '');
}

/** Writes the instance and its first message; belongs into a transaction. */
export function createInstance(store: Store, made: NewInstance, atMs: number): void {
  const { id, name, version, input, parent } = made;
  const executionId = makeExecutionId();
  store.insertInstance({
    instanceId: id,
    executionId,
    name,
    version,
    input,
    output: null,
    customStatus: null,
    status: 'Pending',
    createdTime: atMs,
    lastUpdatedTime: atMs,
    parentId: parent?.id ?? null,
    parentExecutionId: parent?.executionId ?? null,
    parentTaskId: parent?.taskId ?? null,
  });
  const started = startedEvent({ id, name, version, parent }, executionId, input, atMs);
  store.insertMessage(id, executionId, JSON.stringify(started));
}

export function startedEvent(
  instance: Pick<Instance, 'id' | 'name' | 'version' | 'parent'>,
  executionId: string,
  input: string | null,
  atMs: number,
): HistoryEvent {
  return makeEvent(eventTypes.executionStarted, atMs, {
    OrchestrationInstance: { InstanceId: instance.id, ExecutionId: executionId },
    ParentInstance: parentReference(instance.parent),
    Name: instance.name,
    Version: instance.version,
    Input: input,
    Tags: null,
  });
}
