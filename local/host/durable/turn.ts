import { setImmediate as nextTick } from 'node:timers/promises';
import { type HubClock } from '../clock';
import { type RegisteredFunction } from '../core-types';
import { type Invoker } from '../invoker';
import {
  actionTexts,
  checkCounts,
  checkPayloads,
  checkSequence,
  checkStability,
  checkStatus,
} from './checks';
import { type Diagnostics, type Problem } from './diagnostics';
import {
  type Generation,
  type Instance,
  type Message,
  makeExecutionId,
  startedEvent,
  withoutResults,
} from './instance';
import { type Called, callOrchestrator } from './orchestrator-call';
import {
  type Decision,
  type End,
  type HistoryEvent,
  endedStatuses,
  eventTypes,
  failure,
  jsonText,
  makeEvent,
} from './protocol';
import { type Outcome, replay } from './replay';
import { type Store } from './store';
import { type TurnEffects, closeInstance, scheduleWork } from './turn-effects';
import { closeTurn } from './turn-events';

export interface TurnOptions {
  readonly store: Store;
  readonly clock: HubClock;
  readonly invoker: Invoker;
  readonly diagnostics: Diagnostics;
  readonly find: (kind: 'activity' | 'child', name: string) => RegisteredFunction | undefined;
}

interface Played {
  readonly generation: Generation;
  /** OrchestratorStarted and the messages of the turn. */
  readonly events: readonly HistoryEvent[];
  readonly outcome: Outcome;
  readonly end: End | undefined;
  readonly customStatus: string | null;
  readonly actions: readonly string[];
}

/** One turn of an instance: SDK and host replay, then everything that follows is committed in one transaction. */
export class TurnRunner {
  largestHistory = 0;

  constructor(private readonly options: TurnOptions) {}

  async run(instance: Instance, messages: readonly Message[]): Promise<TurnEffects | undefined> {
    let generation = instance.generation;
    let events = messages.filter((each) => isFor(generation, each)).map((each) => each.event);
    if (events.length === 0) {
      this.options.store.transaction(() => {
        this.consume(messages);
      });
      return undefined;
    }
    for (;;) {
      const played = await this.play(instance, generation, events);
      if (played.end?.status !== 'ContinuedAsNew') return this.commit(instance, messages, played);
      const input = played.end.output;
      const executionId = makeExecutionId();
      generation = { executionId, input, turns: [], events: [], actions: [] };
      events = [
        startedEvent(instance, executionId, input, this.options.clock.now()),
        ...played.outcome.carriedOver,
      ];
      await nextTick();
    }
  }

  private async play(
    instance: Instance,
    generation: Generation,
    messages: readonly HistoryEvent[],
  ): Promise<Played> {
    const events = [makeEvent(eventTypes.orchestratorStarted, this.options.clock.now()), ...messages];
    const called = await this.call({ ...instance, generation }, events);
    const history = generation.events.concat(events);
    const outcome = replay({
      orchestrator: instance.name,
      executionId: generation.executionId,
      history,
      answer: called.answer,
      knows: (kind, name) => this.options.find(kind, name) !== undefined,
    });
    const customStatus = jsonText(called.answer.customStatus);
    const actions = actionTexts(called.answer);
    const problems = [
      ...(called.problem ? [called.problem] : this.examine(called, outcome, generation, actions)),
      ...checkStatus(customStatus),
      ...checkPayloads(messages, outcome.decisions, outcome.end),
      ...checkCounts(called.answer, generation.events.length, history.length),
    ];
    this.largestHistory = Math.max(this.largestHistory, history.length);
    const end = this.judge(instance, outcome, problems);
    const tooLarge = checkStatus(customStatus).length > 0;
    return { generation, events, outcome, end, customStatus: tooLarge ? null : customStatus, actions };
  }

  private async call(instance: Instance, events: readonly HistoryEvent[]): Promise<Called> {
    const fn = this.options.find('child', instance.name);
    if (fn !== undefined) return callOrchestrator(this.options.invoker, fn, instance, events);
    const message = `the function '${instance.name}' does not exist or is not an orchestrator`;
    const problem = { code: 'unknown-function', message, fatal: true } as const;
    return { answer: { isDone: false, actions: [[]] }, context: undefined, problem };
  }

  private examine(
    called: Called,
    outcome: Outcome,
    generation: Generation,
    actions: readonly string[],
  ): Problem[] {
    if (outcome.problem) return [outcome.problem];
    const stable = checkStability(generation.actions, actions);
    if (outcome.end || outcome.suspended || called.answer.isDone) return stable;
    return [...stable, ...checkSequence(called.context, outcome), ...this.checkChildren(outcome.decisions)];
  }

  /** In Azure a second instance under a live id hangs or replaces the first. */
  private checkChildren(decisions: readonly Decision[]): Problem[] {
    const ids = decisions.flatMap((each) => (each.kind === 'child' ? [each.instanceId] : []));
    const isLive = (id: string): boolean => {
      const row = this.options.store.findInstance(id);
      return row !== undefined && !endedStatuses.includes(row.status);
    };
    const seen = new Set<string>();
    const id = ids.find((each) => seen.size === seen.add(each).size || isLive(each));
    if (id === undefined) return [];
    return [{ code: 'duplicate-child', message: `the sub-orchestration id ${id} is in use`, fatal: true }];
  }

  private judge(instance: Instance, outcome: Outcome, problems: readonly Problem[]): End | undefined {
    const fault = this.options.diagnostics.report(instance.id, instance.name, problems);
    if (fault === undefined || outcome.end?.status === 'Terminated') return outcome.end;
    return failure(instance.name, fault.message);
  }

  private consume(messages: readonly Message[]): void {
    for (const message of messages) this.options.store.deleteMessage(message.id);
  }

  private commit(instance: Instance, messages: readonly Message[], played: Played): TurnEffects {
    const { store, clock } = this.options;
    const { generation, end, outcome } = played;
    const atMs = clock.now();
    const events = closeTurn(played.events, outcome.decisions, end, atMs);
    const text = events.map((event) => JSON.stringify(event)).join(',');
    const renewed = generation.executionId !== instance.generation.executionId;
    const effects = store.transaction(() => {
      this.consume(messages);
      if (renewed) store.deleteGeneration(instance.id);
      store.appendHistory(instance.id, generation.turns.length, text);
      store.updateInstance({
        instanceId: instance.id,
        executionId: generation.executionId,
        input: generation.input,
        output: end?.output ?? null,
        customStatus: played.customStatus,
        status: end?.status ?? (outcome.suspended ? 'Suspended' : 'Running'),
        lastUpdatedTime: atMs,
      });
      return end
        ? closeInstance(store, instance, end, atMs)
        : scheduleWork(store, instance, generation, outcome.decisions, atMs);
    });
    instance.generation = {
      ...generation,
      turns: generation.turns.concat(text),
      events: generation.events.concat(events.map(withoutResults)),
      actions: played.actions,
    };
    return { ...effects, renewed, open: outcome.open.size };
  }
}

function isFor(generation: Generation, message: Message): boolean {
  return message.executionId === null || message.executionId === generation.executionId;
}
