import { type Busy } from '../busy';
import { type RegisteredFunction } from '../core-types';
import { type Invoker } from '../invoker';
import { type EventFields } from './protocol';
import { type WorkRow } from './rows';
import { activityFailure, activityInput, activityResult } from './values';

export interface ActivityEnd {
  readonly work: WorkRow;
  readonly failed: boolean;
  readonly fields: EventFields;
}

export interface ActivityPoolOptions {
  readonly invoker: Invoker;
  readonly busy: Busy;
  readonly find: (name: string) => RegisteredFunction | undefined;
  readonly limit: number;
  /** False when the instance has ended or begun a new generation meanwhile. */
  readonly isWanted: (work: WorkRow) => boolean;
  readonly commit: (ends: readonly ActivityEnd[]) => void;
}

/**
 * Runs queued activities, so many at a time. A place is free again when the end is committed, which happens once a turn of the event loop
 * for all that have ended: a kill repeats no more activities than there are places, and a large fan-out starves nobody.
 */
export class ActivityPool {
  private readonly waiting = new Set<WorkRow>();
  private readonly ended: ActivityEnd[] = [];
  private taken = 0;
  private stopped = false;
  private closed = false;

  constructor(private readonly options: ActivityPoolOptions) {}

  add(work: WorkRow): void {
    this.waiting.add(work);
    this.pump();
  }

  /** What runs goes on; what waits stays in the store. */
  stop(): void {
    this.stopped = true;
  }

  /** Nothing is committed from now on: what still runs is repeated by the next host. */
  close(): void {
    this.closed = true;
  }

  private pump(): void {
    for (const work of this.waiting) {
      if (this.stopped || this.taken >= this.options.limit) return;
      this.waiting.delete(work);
      if (this.options.isWanted(work)) void this.run(work);
    }
  }

  private async run(work: WorkRow): Promise<void> {
    this.taken++;
    const leave = this.options.busy.enter();
    this.ended.push(await this.attempt(work));
    if (this.ended.length === 1)
      setImmediate(() => {
        this.commit();
      });
    leave();
  }

  private commit(): void {
    const ends = this.ended.splice(0);
    if (this.closed) return;
    const leave = this.options.busy.enter();
    this.options.commit(ends);
    this.taken -= ends.length;
    this.pump();
    leave();
  }

  private async attempt(work: WorkRow): Promise<ActivityEnd> {
    try {
      const fn = this.options.find(work.name);
      if (fn === undefined) throw new Error(`the activity function '${work.name}' does not exist`);
      const data = activityInput(work.input);
      const metadata = { instanceId: { string: work.instanceId }, ...(data && { data }) };
      const { response } = await this.options.invoker.invoke(fn, data, metadata);
      return { work, failed: false, fields: { Result: activityResult(response.returnValue) } };
    } catch (error) {
      return { work, failed: true, fields: activityFailure(work.name, error) };
    }
  }
}
