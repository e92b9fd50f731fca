import { type Problem } from './diagnostics';
import { Interpreter, type Knows, ReplayFault } from './interpreter';
import {
  type Answer,
  type Decision,
  type End,
  type HistoryEvent,
  eventTypes,
  failure,
  jsonText,
} from './protocol';

export interface Turn {
  readonly orchestrator: string;
  readonly executionId: string;
  /** All turns so far, and this one up to its messages. */
  readonly history: readonly HistoryEvent[];
  readonly answer: Answer;
  readonly knows: Knows;
}

export interface Outcome {
  /** What this turn has to start, by ascending id. */
  readonly decisions: readonly Decision[];
  readonly end?: End;
  /** Events that arrived after continueAsNew: they belong to the next generation. */
  readonly carriedOver: readonly HistoryEvent[];
  readonly suspended: boolean;
  readonly open: ReadonlyMap<number, Decision>;
  /** While the host still waits for parts of a composite that has failed, the SDK is ahead: ids from here on are not comparable. */
  readonly comparableBelow: number;
  readonly problem?: Problem;
}

/**
 * The extension's half of a turn: walks the same history as the SDK did, carries out the SDK's action list and so gives out the same
 * sequence ids. A pure function.
 */
export function replay(turn: Turn): Outcome {
  const walk = new Walk(turn);
  try {
    return walk.run();
  } catch (error) {
    if (!(error instanceof ReplayFault)) throw error;
    return {
      decisions: [],
      end: failure(turn.orchestrator, error.message),
      carriedOver: [],
      suspended: false,
      open: new Map(),
      comparableBelow: 0,
      problem: error.problem,
    };
  }
}

class Walk {
  private readonly host: Interpreter;
  private readonly carriedOver: HistoryEvent[] = [];
  private suspended = false;
  private readonly whileSuspended: HistoryEvent[] = [];
  private readonly held = new Map<number, Decision>();
  private carriedOut = false;
  private terminated: End | undefined;

  constructor(private readonly turn: Turn) {
    this.host = new Interpreter(turn.executionId, turn.knows);
  }

  run(): Outcome {
    for (const event of this.turn.history) {
      if (event.EventType === eventTypes.orchestratorStarted) this.host.nowMs = Date.parse(event.Timestamp);
      else this.receive(event);
    }
    const end = this.terminated ?? this.end();
    if (end === undefined) this.refuseDeadlock();
    return {
      decisions: [...this.host.pending.values()].sort((a, b) => a.id - b.id),
      ...(end && { end }),
      carriedOver: this.carriedOver,
      suspended: this.suspended,
      open: this.host.open,
      comparableBelow: this.carriedOut ? Infinity : this.host.nextId,
    };
  }

  private receive(event: HistoryEvent): void {
    const type = event.EventType;
    if (type === eventTypes.executionTerminated)
      this.terminated = { status: 'Terminated', output: event.Input ?? null };
    else if (type === eventTypes.executionResumed) this.resume();
    else if (type === eventTypes.executionSuspended) this.suspend();
    else if (this.suspended) this.whileSuspended.push(event);
    else this.apply(event);
  }

  private apply(event: HistoryEvent): void {
    switch (event.EventType) {
      case eventTypes.executionStarted:
        this.carryOut(this.turn.answer.actions);
        break;
      case eventTypes.taskScheduled:
        this.confirm(event, 'activity');
        break;
      case eventTypes.timerCreated:
        this.confirm(event, 'timer');
        break;
      case eventTypes.childCreated:
        this.confirm(event, 'child');
        break;
      case eventTypes.taskCompleted:
      case eventTypes.childCompleted:
        this.host.finish(event.TaskScheduledId, false);
        break;
      case eventTypes.taskFailed:
      case eventTypes.childFailed:
        this.host.finish(event.TaskScheduledId, true);
        break;
      case eventTypes.timerFired:
        this.host.finish(event.TimerId, false);
        break;
      case eventTypes.eventRaised:
        if (this.host.continuedAsNew) this.carriedOver.push(event);
        else this.host.events.raise(event.Name ?? '');
        break;
    }
  }

  /** One action after the other; each goes on inside the event that completes it. */
  private carryOut(actions: Answer['actions']): void {
    const [list = []] = actions;
    if (actions.length > 1)
      throw new ReplayFault('unsupported', 'the action list has more than one outer entry');
    let at = 0;
    const next = (): void => {
      for (let action = list[at]; action !== undefined; action = list[at]) {
        at++;
        const task = this.host.invoke(action);
        if (!task.done) {
          task.whenDone(next);
          return;
        }
      }
      this.carriedOut = true;
    };
    next();
  }

  private confirm(event: HistoryEvent, kind: Decision['kind']): void {
    const decision = this.host.pending.get(event.EventId);
    const name = decision !== undefined && 'name' in decision ? decision.name : undefined;
    const same = decision?.kind === kind && name?.toLowerCase() === event.Name?.toLowerCase();
    if (!same) {
      const was = `${kind} ${event.Name ?? ''}`.trim();
      const is = decision === undefined ? 'nothing' : `${decision.kind} ${name ?? ''}`.trim();
      throw new ReplayFault(
        'non-determinism',
        `Non-Deterministic workflow detected: the history has ${was} with sequence id ${event.EventId}, the orchestrator now scheduled ${is}`,
      );
    }
    this.host.pending.delete(event.EventId);
  }

  private suspend(): void {
    this.suspended = true;
    for (const [id, decision] of this.host.pending) this.held.set(id, decision);
    this.host.pending.clear();
  }

  private resume(): void {
    this.suspended = false;
    for (const [id, decision] of this.held) this.host.pending.set(id, decision);
    this.held.clear();
    for (const event of this.whileSuspended.splice(0)) this.receive(event);
  }

  /** A returned orchestrator stays Running until everything it started has ended. */
  private end(): End | undefined {
    if (!this.carriedOut || this.suspended || this.host.open.size > 0) return undefined;
    const { error, output, isDone } = this.turn.answer;
    if (error !== undefined) return failure(this.turn.orchestrator, error);
    if (this.host.continuedAsNew) return { status: 'ContinuedAsNew', output: this.host.continuedAsNew.input };
    return isDone ? { status: 'Completed', output: jsonText(output) } : undefined;
  }

  private refuseDeadlock(): void {
    const { open, pending, events } = this.host;
    if (this.suspended || open.size > 0 || pending.size > 0 || events.waiting) return;
    throw new ReplayFault(
      'deadlock',
      'nothing is running or awaited and the orchestrator has not ended (in Azure the instance would stay Running for ever)',
    );
  }
}
