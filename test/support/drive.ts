import type { OrchestrationContext } from 'durable-functions';
import type { Activities } from '../../functions/activities';
import type { VirtualClock } from './virtual-clock';

type Orchestrator = (context: OrchestrationContext) => Generator<unknown, unknown, unknown>;

/** Runs our orchestrators straight on the activities and the virtual clock: for tests that need thousands of runs, or hours of waiting. */
export interface Driver {
  run(name: string, input: unknown): Promise<unknown>;
  /** Called with the status of a run whenever it changes. */
  onStatus?: (status: unknown) => void;
}

interface Job {
  readonly start: () => Promise<unknown>;
  result?: unknown;
}

class ContinueAsNew {
  constructor(readonly input: unknown) {}
}

export function makeDriver(
  orchestrators: Readonly<Record<string, Orchestrator>>,
  activities: Activities,
  clock: VirtualClock,
  decisions: (event: string) => Promise<unknown> = () => new Promise(() => undefined),
): Driver {
  const driver: Driver = { run };
  return driver;

  async function run(name: string, input: unknown): Promise<unknown> {
    let next: unknown = input;
    for (;;) {
      const ended = await runOnce(name, next);
      if (!(ended instanceof ContinueAsNew)) return ended;
      next = ended.input;
    }
  }

  async function runOnce(name: string, input: unknown): Promise<unknown> {
    const orchestrator = orchestrators[name];
    if (orchestrator === undefined) throw new Error(`no orchestrator ${name}`);
    let again: ContinueAsNew | undefined;
    const context = { df: makeDf(input, (value) => (again = new ContinueAsNew(value))) };
    const steps = orchestrator(context as unknown as OrchestrationContext);
    let step = steps.next();
    while (!step.done) {
      const job = step.value as Job;
      let value: unknown;
      try {
        value = await job.start();
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
      step = steps.next(value);
    }
    return again ?? step.value;
  }

  function callActivity(name: string, input: unknown): Job {
    const work = activities[name as keyof Activities] as (given: unknown) => Promise<unknown>;
    return {
      start: async () => JSON.parse(JSON.stringify(await work(JSON.parse(JSON.stringify(input))))) as unknown,
    };
  }

  function makeDf(input: unknown, continueAsNew: (value: unknown) => void) {
    return {
      getInput: () => JSON.parse(JSON.stringify(input)) as unknown,
      get currentUtcDateTime() {
        return new Date(clock.now());
      },
      setCustomStatus: (status: unknown) => driver.onStatus?.(status),
      continueAsNew,
      callActivity,
      callActivityWithRetry: (name: string, retry: Retry, given: unknown): Job => ({
        start: () => retried(callActivity(name, given), retry),
      }),
      callSubOrchestrator: (name: string, given: unknown): Job => ({ start: () => run(name, given) }),
      createTimer: (at: Date): Job & { cancel(): void } => ({
        start: () => clock.sleep(at.getTime() - clock.now()),
        cancel: () => undefined,
      }),
      waitForExternalEvent: (event: string): Job => ({ start: () => decisions(event) }),
      Task: {
        all: (jobs: Job[]): Job => ({ start: () => allOf(jobs) }),
        any: (jobs: Job[]): Job => ({
          start: () =>
            Promise.race(
              jobs.map(async (job) => {
                job.result = await job.start();
                return job;
              }),
            ),
        }),
      },
    };
  }

  async function retried(job: Job, retry: Retry): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await job.start();
      } catch (error) {
        if (attempt >= retry.maxNumberOfAttempts) throw error;
        await clock.sleep(retry.firstRetryIntervalInMilliseconds);
      }
    }
  }
}

interface Retry {
  readonly maxNumberOfAttempts: number;
  readonly firstRetryIntervalInMilliseconds: number;
}

async function allOf(jobs: readonly Job[]): Promise<unknown[]> {
  const results = await Promise.allSettled(jobs.map((job) => job.start()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value);
}
