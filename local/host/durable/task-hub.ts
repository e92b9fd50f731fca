import { setImmediate as nextTick } from 'node:timers/promises';
import { type Busy } from '../busy';
import { type HubClock } from '../clock';
import { HostError } from '../host-error';
import { type ActivityEnd, ActivityPool } from './activity-pool';
import { Alarms } from './alarms';
import { type Instance, type Message, loadInstance } from './instance';
import { Pacer } from './pacer';
import { type HistoryEvent, endedStatuses, eventTypes, isoTime, makeEvent } from './protocol';
import { type InstanceRow, type TimerRow } from './rows';
import { type Store } from './store';
import { type TurnOptions, TurnRunner } from './turn';
import { type TurnEffects } from './turn-effects';

export interface TaskHubOptions extends TurnOptions {
  readonly busy: Busy;
  /** `single` delivers one message a turn, `batch` all that have arrived: both happen in Azure. */
  readonly delivery: 'batch' | 'single';
  readonly maxConcurrentActivities: number;
}

/** Turns share the event loop with everything else. */
const sliceMs = 20;

/** Orchestration instances: their messages, turns, activities, timers and children. */
export class TaskHub {
  private readonly store: Store;
  private readonly clock: HubClock;
  private readonly live = new Map<string, Instance>();
  private readonly ready = new Set<Instance>();
  private readonly waiters = new Map<string, (() => void)[]>();
  private readonly turns: TurnRunner;
  private readonly pool: ActivityPool;
  private readonly alarms: Alarms;
  private readonly pacer: Pacer;
  private pumping = false;
  private stopped = false;

  constructor(private readonly options: TaskHubOptions) {
    this.store = options.store;
    this.clock = options.clock;
    this.turns = new TurnRunner(options);
    this.pacer = new Pacer(options.busy);
    this.alarms = new Alarms(options.clock, (timer) => {
      this.timerFired(timer);
    });
    this.pool = new ActivityPool({
      invoker: options.invoker,
      busy: options.busy,
      find: (name) => options.find('activity', name),
      limit: options.maxConcurrentActivities,
      isWanted: ({ instanceId, executionId }) =>
        this.find(instanceId)?.generation.executionId === executionId,
      commit: (ends) => {
        this.commitEnded(ends);
      },
    });
  }

  get largestHistory(): number {
    return this.turns.largestHistory;
  }

  /** Goes on with everything that was under way when the last host ended. */
  recover(): void {
    const leave = this.options.busy.enter();
    const { instances, work, timers } = this.store.outstanding();
    for (const id of instances) this.wake(id);
    for (const each of work) this.pool.add(each);
    for (const timer of timers) this.alarms.arm(timer);
    leave();
  }

  /** Starts no more turns and activities; what is committed goes on with the next host. */
  stop(): void {
    this.stopped = true;
    this.alarms.cancelAll();
    this.pool.stop();
  }

  /** After this the store may be closed: what still runs is repeated by the next host. */
  close(): void {
    this.pool.close();
  }

  /** Resolves when the instance has ended. */
  async whenEnded(id: string): Promise<InstanceRow> {
    const row = this.store.findInstance(id);
    if (row === undefined) throw new HostError(`no instance ${id}`, 404);
    if (endedStatuses.includes(row.status)) return row;
    await new Promise<void>((resolve) => this.waiters.set(id, [...(this.waiters.get(id) ?? []), resolve]));
    return this.whenEnded(id);
  }

  /** The live instance; ended ones are not kept in memory. */
  private find(id: string): Instance | undefined {
    const kept = this.live.get(id);
    if (kept !== undefined) return kept;
    const row = this.store.findInstance(id);
    if (row === undefined || endedStatuses.includes(row.status)) return undefined;
    const instance = loadInstance(this.store, row);
    this.live.set(id, instance);
    return instance;
  }

  /** Commits a message and delivers it. */
  post(id: string, event: HistoryEvent): void {
    if (this.find(id) === undefined) return;
    const messageId = this.store.transaction(() => this.store.insertMessage(id, null, JSON.stringify(event)));
    this.deliver(id, { id: messageId, executionId: null, event });
  }

  private deliver(id: string, message: Message): void {
    // An instance that is not in memory finds the message in the store.
    this.live.get(id)?.inbox.push(message);
    this.wake(id);
  }

  /** Gives the instance a turn if it has messages. */
  wake(id: string): void {
    const instance = this.find(id);
    if (instance === undefined || instance.inbox.length === 0) return;
    const again = (): void => {
      this.wake(id);
    };
    if (this.options.delivery === 'batch' && this.pacer.defers(instance, again)) return;
    this.ready.add(instance);
    if (!this.pumping && !this.stopped) void this.pump();
  }

  private async pump(): Promise<void> {
    this.pumping = true;
    const leave = this.options.busy.enter();
    try {
      let sliceEnd = -Infinity;
      for (;;) {
        if (performance.now() > sliceEnd) {
          await nextTick();
          sliceEnd = performance.now() + sliceMs;
        }
        const [instance] = this.ready;
        if (instance === undefined || this.stopped) break;
        this.ready.delete(instance);
        await this.turn(instance);
      }
    } finally {
      this.pumping = false;
      leave();
    }
  }

  private async turn(instance: Instance): Promise<void> {
    const messages = instance.inbox.splice(0, this.options.delivery === 'single' ? 1 : Infinity);
    const startedMs = performance.now();
    const effects = await this.turns.run(instance, messages);
    this.pacer.turnEnded(instance, performance.now() - startedMs, effects?.open ?? 0);
    if (effects) this.follow(instance, effects);
    this.wake(instance.id);
  }

  private follow(instance: Instance, effects: TurnEffects): void {
    if (effects.renewed || effects.end) this.alarms.cancel(instance.id);
    for (const work of effects.activities) this.pool.add(work);
    for (const timer of effects.timers) this.alarms.arm(timer);
    for (const child of effects.children) this.wake(child);
    if (effects.toParent) this.deliver(effects.toParent.instanceId, effects.toParent.message);
    if (effects.end === undefined) return;
    this.live.delete(instance.id);
    this.ready.delete(instance);
    for (const tell of this.waiters.get(instance.id) ?? []) tell();
    this.waiters.delete(instance.id);
  }

  private commitEnded(ends: readonly ActivityEnd[]): void {
    const delivered: [string, Message][] = [];
    this.store.transaction(() => {
      for (const { work, failed, fields } of ends) {
        this.store.deleteWork(work);
        const type = failed ? eventTypes.taskFailed : eventTypes.taskCompleted;
        const event = makeEvent(type, this.clock.now(), { TaskScheduledId: work.taskId, ...fields });
        const message = this.insert(work, event);
        if (message) delivered.push([work.instanceId, message]);
      }
    });
    for (const [id, message] of delivered) this.deliver(id, message);
  }

  private timerFired(timer: TimerRow): void {
    const leave = this.options.busy.enter();
    const fields = { TimerId: timer.timerId, FireAt: isoTime(timer.fireAtMs) };
    const message = this.store.transaction(() => {
      this.store.deleteTimer(timer);
      return this.insert(timer, makeEvent(eventTypes.timerFired, this.clock.now(), fields));
    });
    if (message) this.deliver(timer.instanceId, message);
    leave();
  }

  /** Nothing for an instance that has ended or begun a new generation. */
  private insert(to: { instanceId: string; executionId: string }, event: HistoryEvent): Message | undefined {
    if (this.find(to.instanceId)?.generation.executionId !== to.executionId) return undefined;
    const id = this.store.insertMessage(to.instanceId, to.executionId, JSON.stringify(event));
    return { id, executionId: to.executionId, event };
  }
}
