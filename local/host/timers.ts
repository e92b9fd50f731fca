import { type HubClock } from './clock';
import { type RegisteredFunction } from './core-types';
import { type Schedule, parseSchedule } from './cron';
import { type Store } from './durable/store';
import { HostError } from './host-error';
import { type Invoker } from './invoker';

export interface TimersOptions {
  readonly functions: Iterable<RegisteredFunction>;
  readonly invoker: Invoker;
  readonly store: Store;
  readonly clock: HubClock;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Timer {
  readonly fn: RegisteredFunction;
  /** Absent when the schedule is empty: the timer only fires by hand. */
  readonly schedule: Schedule | undefined;
  cancel: () => void;
  /** The last run, settled or not: a timer never overlaps itself. */
  tail: Promise<void>;
}

/** Before the first run Azure reports the earliest date of .NET. */
const neverMs = Date.parse('0001-01-01T00:00:00Z');

/** Functions with a timer trigger. */
export class Timers {
  private readonly timers = new Map<string, Timer>();
  private stopped = false;

  constructor(private readonly options: TimersOptions) {
    for (const fn of options.functions) {
      if (fn.triggerType !== 'timertrigger') continue;
      const text = expand(fn, options.env);
      const schedule = text === '' ? undefined : parseSchedule(text);
      this.timers.set(fn.name.toLowerCase(), {
        fn,
        schedule,
        cancel: () => undefined,
        tail: Promise.resolve(),
      });
    }
  }

  /** Arms all schedules; a run that fell due while no host ran is made up for at once. */
  start(): void {
    const nowMs = this.options.clock.now();
    for (const timer of this.timers.values()) {
      const kept = timer.schedule && this.options.store.findTimerStatus(timer.fn.name);
      const isPastDue = kept !== undefined && kept.nextMs <= nowMs;
      if (isPastDue || timer.fn.trigger.runOnStartup === true) this.runInBackground(timer, isPastDue);
      this.arm(timer);
    }
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers.values()) timer.cancel();
  }

  has(name: string): boolean {
    return this.timers.has(name.toLowerCase());
  }

  /** Runs the timer now, after a run under way. Rejects with what the function threw, or 404. */
  async fire(name: string, isPastDue = false): Promise<void> {
    const timer = this.timers.get(name.toLowerCase());
    if (timer === undefined) throw new HostError(`no timer function "${name}"`, 404);
    const run = timer.tail.then(() => this.run(timer, isPastDue));
    timer.tail = run.catch(() => undefined);
    await run;
  }

  private arm(timer: Timer): void {
    if (timer.schedule === undefined || this.stopped) return;
    const { clock, store } = this.options;
    const nextMs = timer.schedule(clock.now());
    const lastMs = store.findTimerStatus(timer.fn.name)?.lastMs ?? neverMs;
    store.writeTimerStatus({ name: timer.fn.name, lastMs, nextMs });
    timer.cancel = clock.setTimer(nextMs, () => {
      this.runInBackground(timer, false);
    });
  }

  private runInBackground(timer: Timer, isPastDue: boolean): void {
    // The invoker has logged a failure.
    this.fire(timer.fn.name, isPastDue).then(
      () => {
        this.rearm(timer);
      },
      () => {
        this.rearm(timer);
      },
    );
  }

  private rearm(timer: Timer): void {
    timer.cancel();
    this.arm(timer);
  }

  private async run({ fn, schedule }: Timer, isPastDue: boolean): Promise<void> {
    const { store, clock, invoker } = this.options;
    const startedMs = clock.now();
    const lastMs = store.findTimerStatus(fn.name)?.lastMs ?? neverMs;
    const nextMs = schedule?.(startedMs) ?? startedMs;
    const [last, next] = [new Date(lastMs).toISOString(), new Date(nextMs).toISOString()];
    const json = JSON.stringify({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: { Last: last, Next: next, LastUpdated: last },
      IsPastDue: isPastDue,
    });
    try {
      await invoker.invoke(fn, { json });
    } finally {
      if (!this.stopped) store.writeTimerStatus({ name: fn.name, lastMs: startedMs, nextMs });
    }
  }
}

/** `%NAME%` in a schedule is a setting; an empty one turns the timer off, a missing one is a fault. */
function expand(fn: RegisteredFunction, env: TimersOptions['env']): string {
  return (fn.trigger.schedule ?? '').replace(/%([^%]+)%/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) throw new HostError(`the schedule of "${fn.name}" needs the setting ${name}`);
    return value.trim();
  });
}
