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
  readonly find: (name: string) => RegisteredFunction | undefined;
  readonly limit: number;
  /** False when the instance has ended or begun a new generation meanwhile. */
  readonly isWanted: (work: WorkRow) => boolean;
  readonly ended: (end: ActivityEnd) => void;
}

/** Activities that need no I/O finish in microtasks: without a pause a large fan-out would starve everything else. */
const startsPerSlice = 50;

/** Runs queued activities, so many at a time. */
export class ActivityPool {
  private readonly waiting = new Set<WorkRow>();
  private running = 0;
  private startsLeft = startsPerSlice;
  private paused = false;
  private stopped = false;

  constructor(private readonly options: ActivityPoolOptions) {}

  add(work: WorkRow): void {
    this.waiting.add(work);
    this.pump();
  }

  /** What runs goes on; what waits stays in the store. */
  stop(): void {
    this.stopped = true;
    this.waiting.clear();
  }

  private pump(): void {
    while (!this.stopped && !this.paused && this.running < this.options.limit) {
      const [work] = this.waiting;
      if (work === undefined) return;
      if (this.startsLeft === 0) {
        this.pause();
        return;
      }
      this.waiting.delete(work);
      if (this.options.isWanted(work)) void this.run(work);
    }
  }

  private pause(): void {
    this.paused = true;
    setImmediate(() => {
      this.paused = false;
      this.startsLeft = startsPerSlice;
      this.pump();
    });
  }

  private async run(work: WorkRow): Promise<void> {
    this.running++;
    this.startsLeft--;
    this.options.ended(await this.attempt(work));
    this.running--;
    this.pump();
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
