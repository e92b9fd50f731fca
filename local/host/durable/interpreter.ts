import { type Problem, type ProblemCode } from './diagnostics';
import { EventQueue } from './event-queue';
import { HostTask, allOf, anyOf } from './host-task';
import {
  type Action,
  type ActivityAction,
  type ChildAction,
  type Decision,
  type RetryOptions,
  jsonText,
} from './protocol';

const dayMs = 86_400_000;
/** Longer timers are chains of shorter ones, on both sides of the protocol. */
const maxTimerMs = 6 * dayMs;
const timerLinkMs = 3 * dayMs;

const names: Readonly<Record<number, string>> = {
  7: 'callEntity',
  8: 'callHttp',
  9: 'signalEntity',
  13: 'lock',
  14: 'release',
};

/** Ends the replay: the instance fails with this diagnosis. */
export class ReplayFault extends Error {
  readonly problem: Problem;
  constructor(code: ProblemCode, message: string) {
    super(message);
    this.problem = { code, message, fatal: true };
  }
}

export type Knows = (kind: 'activity' | 'child', name: string) => boolean;

/** Carries out the actions of an orchestrator as the extension does, giving out sequence ids in the same order. */
export class Interpreter {
  nowMs = 0;
  nextId = 0;
  readonly events = new EventQueue();
  /** Decisions that the history has not confirmed. */
  readonly pending = new Map<number, Decision>();
  /** Everything that is still running; a completion waits for it. */
  readonly open = new Map<number, Decision>();
  continuedAsNew: { readonly input: string | null } | undefined;
  private readonly tasks = new Map<number, HostTask>();

  constructor(
    private readonly executionId: string,
    private readonly knows: Knows,
  ) {}

  invoke(action: Action): HostTask {
    switch (action.actionType) {
      case 0:
        return this.activity(action);
      case 1:
        return this.retrying(action.retryOptions, () => this.activity(action));
      case 2:
        return this.child(action);
      case 3:
        return this.retrying(action.retryOptions, () => this.child(action));
      case 4:
        this.continuedAsNew = { input: jsonText(action.input) };
        return HostTask.finished();
      case 5:
        return this.timer(Date.parse(action.fireAt), action.isCanceled === true);
      case 6:
        return this.events.wait(action.externalEventName);
      case 11:
        return anyOf(action.compoundActions.map((part) => this.invoke(part)));
      case 12:
        return allOf(action.compoundActions.map((part) => this.invoke(part)));
      default:
        return unsupported((action as { actionType: number }).actionType);
    }
  }

  /** An unknown id is a duplicate and ignored. */
  finish(id: number | undefined, failed: boolean): void {
    if (id === undefined) return;
    const task = this.tasks.get(id);
    this.close(id);
    task?.finish(failed);
  }

  private schedule(make: (id: number) => Decision): HostTask {
    const decision = make(this.nextId++);
    const task = new HostTask();
    this.pending.set(decision.id, decision);
    this.open.set(decision.id, decision);
    this.tasks.set(decision.id, task);
    return task;
  }

  private close(id: number): void {
    this.open.delete(id);
    this.tasks.delete(id);
  }

  private activity({ functionName: name, input }: ActivityAction): HostTask {
    if (!this.knows('activity', name)) throw unknown(name, 'an activity');
    return this.schedule((id) => ({ kind: 'activity', id, name, input: jsonText(input) }));
  }

  private child(action: ChildAction): HostTask {
    const { functionName: name, version = '' } = action;
    if (!this.knows('child', name)) throw unknown(name, 'an orchestrator');
    return this.schedule((id) => {
      // An empty id counts as none.
      const instanceId = action.instanceId || `${this.executionId}:${id}`;
      return { kind: 'child', id, name, input: jsonText(action.input), instanceId, version };
    });
  }

  private link(fireAtMs: number): HostTask {
    return this.schedule((id) => ({ kind: 'timer', id, fireAtMs }));
  }

  /** A cancelled timer is still created, but nobody waits for it. */
  private timer(fireAtMs: number, canceled: boolean): HostTask {
    const whole = new HostTask();
    const next = (): void => {
      const leftMs = fireAtMs - this.nowMs;
      const id = this.nextId;
      const link = this.link(leftMs > maxTimerMs ? this.nowMs + timerLinkMs : fireAtMs);
      if (canceled) {
        this.close(id);
        whole.finish(true);
      } else if (leftMs > maxTimerMs) link.whenDone(next);
      else
        link.whenDone(() => {
          whole.finish();
        });
    };
    next();
    return whole;
  }

  /** Each attempt and each wait takes an id; after the last failure the SDK expects one more timer, due at once. */
  private retrying(options: RetryOptions | undefined, call: () => HostTask): HostTask {
    if (options === undefined) return call();
    const whole = new HostTask();
    const startedMs = this.nowMs;
    const attempt = (failures: number): void => {
      const task = call();
      task.whenDone(() => {
        if (!task.failed) {
          whole.finish();
        } else if (failures + 1 >= options.maxNumberOfAttempts) {
          this.link(this.nowMs).whenDone(() => {
            whole.finish(true);
          });
        } else if (this.nowMs >= startedMs + (options.retryTimeoutInMilliseconds ?? Infinity)) {
          // The extension gives up without a timer here; the SDK waits for ever (found as a deadlock).
          whole.finish(true);
        } else {
          this.link(this.nowMs + retryDelayMs(options, failures)).whenDone(() => {
            attempt(failures + 1);
          });
        }
      });
    };
    attempt(0);
    return whole;
  }
}

function retryDelayMs(options: RetryOptions, failures: number): number {
  const delayMs =
    options.firstRetryIntervalInMilliseconds * Math.pow(options.backoffCoefficient ?? 1, failures);
  return Math.min(delayMs, options.maxRetryIntervalInMilliseconds ?? Infinity);
}

function unknown(name: string, what: string): ReplayFault {
  const azure = 'in Azure the instance would stay Running for ever';
  return new ReplayFault(
    'unknown-function',
    `the function '${name}' does not exist or is not ${what} (${azure})`,
  );
}

function unsupported(actionType: number): never {
  const name = names[actionType] ?? `action ${actionType}`;
  throw new ReplayFault('unsupported', `the local host does not support ${name}`);
}
