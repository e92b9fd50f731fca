import { type HubClock } from '../clock';
import { HostError } from '../host-error';
import { createInstance, makeExecutionId, parseTurn } from './instance';
import { type EventFields, type HistoryEvent, endedStatuses, eventTypes, makeEvent } from './protocol';
import { type InstanceFilter, type InstanceRow } from './rows';
import { type Store } from './store';
import { type TaskHub } from './task-hub';

const maxIdLength = 100;

/** What a client can do with instances. Faults carry the status that the HTTP API answers. */
export class Operations {
  constructor(
    private readonly store: Store,
    private readonly clock: HubClock,
    private readonly hub: TaskHub,
  ) {}

  /** Returns the instance id. Throws 400 on a bad id, 409 when the id is live. */
  start(name: string, input: string | null, instanceId?: string, version = ''): string {
    const id = instanceId === undefined || instanceId === '' ? makeExecutionId() : instanceId;
    if (id.length > maxIdLength || /^@|[/\\?#\u0000-\u001f\u007f]/.test(id)) {
      throw new HostError(`the instance id "${id}" is not allowed`, 400);
    }
    const row = this.store.findInstance(id);
    if (row && !endedStatuses.includes(row.status)) {
      throw new HostError(`an instance with the status ${row.status} already exists under the id ${id}`, 409);
    }
    this.store.transaction(() => {
      createInstance(this.store, { id, name, version, input }, this.clock.now());
    });
    this.hub.wake(id);
    return id;
  }

  /** Throws 404 for an unknown instance, 410 for one that has ended. */
  raiseEvent(id: string, name: string, input: string): void {
    this.send(id, eventTypes.eventRaised, { Name: name, Input: input });
  }

  terminate(id: string, reason: string | null): void {
    this.send(id, eventTypes.executionTerminated, { Input: reason });
  }

  suspend(id: string, reason: string | null): void {
    const { status } = this.requireLive(id);
    if (status === 'Suspended') throw new HostError(`the instance ${id} is suspended already`);
    this.send(id, eventTypes.executionSuspended, { Reason: reason });
  }

  resume(id: string, reason: string | null): void {
    const { status } = this.requireLive(id);
    if (status !== 'Suspended') throw new HostError(`the instance ${id} is not suspended`);
    this.send(id, eventTypes.executionResumed, { Reason: reason });
  }

  /** Forgets an instance that has ended. Throws 412 for a live one; returns false for an unknown one. */
  purge(id: string): boolean {
    const row = this.store.findInstance(id);
    if (row === undefined) return false;
    if (!endedStatuses.includes(row.status)) throw new HostError(`the instance ${id} has not ended`, 412);
    this.store.transaction(() => {
      this.store.deleteInstance(id);
    });
    return true;
  }

  status(id: string): InstanceRow | undefined {
    return this.store.findInstance(id);
  }

  list(filter: InstanceFilter, limit: number, offset: number): InstanceRow[] {
    return this.store.listInstances(filter, limit, offset);
  }

  history(id: string): HistoryEvent[] {
    return this.store.history(id).flatMap(parseTurn);
  }

  private requireLive(id: string): InstanceRow {
    const row = this.store.findInstance(id);
    if (row === undefined) throw new HostError(`no instance ${id}`, 404);
    if (endedStatuses.includes(row.status)) throw new HostError(`the instance ${id} has ended`, 410);
    return row;
  }

  private send(id: string, type: number, fields: EventFields): void {
    this.requireLive(id);
    this.hub.post(id, makeEvent(type, this.clock.now(), fields));
  }
}
