import { type Generation, type Instance, type Message, createInstance } from './instance';
import { type Decision, type End, endedStatuses } from './protocol';
import { type TimerRow, type WorkRow } from './rows';
import { type Store } from './store';
import { childEnded } from './turn-events';

/** What is to be done in memory after a turn is committed. */
export interface TurnEffects {
  readonly end?: End;
  /** A new generation began. */
  readonly renewed: boolean;
  /** How much is under way. */
  readonly open: number;
  readonly activities: readonly WorkRow[];
  readonly timers: readonly TimerRow[];
  readonly children: readonly string[];
  readonly toParent?: { readonly instanceId: string; readonly message: Message };
}

/** Nothing outlives the end of an instance: timers and queued activities are dropped, the parent is told. */
export function closeInstance(
  store: Store,
  instance: Instance,
  end: End,
  atMs: number,
): Omit<TurnEffects, 'renewed' | 'open'> {
  store.deleteOutstanding(instance.id);
  store.deleteMessages(instance.id);
  const none = { end, activities: [], timers: [], children: [] };
  const { parent } = instance;
  const row = parent && store.findInstance(parent.id);
  if (parent === undefined || row?.executionId !== parent.executionId || endedStatuses.includes(row.status))
    return none;
  const event = childEnded(parent.taskId, end, atMs);
  const id = store.insertMessage(parent.id, parent.executionId, JSON.stringify(event));
  return {
    ...none,
    toParent: { instanceId: parent.id, message: { id, executionId: parent.executionId, event } },
  };
}

export function scheduleWork(
  store: Store,
  { id: instanceId }: Instance,
  { executionId }: Generation,
  decisions: readonly Decision[],
  atMs: number,
): Omit<TurnEffects, 'renewed' | 'open'> {
  const activities: WorkRow[] = [];
  const timers: TimerRow[] = [];
  const children: string[] = [];
  for (const decision of decisions) {
    if (decision.kind === 'activity') {
      activities.push({
        instanceId,
        executionId,
        taskId: decision.id,
        name: decision.name,
        input: decision.input,
      });
    } else if (decision.kind === 'timer') {
      timers.push({ instanceId, executionId, timerId: decision.id, fireAtMs: decision.fireAtMs });
    } else {
      const parent = { id: instanceId, executionId, taskId: decision.id };
      createInstance(store, { ...decision, id: decision.instanceId, parent }, atMs);
      children.push(decision.instanceId);
    }
  }
  for (const work of activities) store.insertWork(work);
  for (const timer of timers) store.insertTimer(timer);
  return { activities, timers, children };
}
