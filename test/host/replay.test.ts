import {
  type Action,
  type Answer,
  type HistoryEvent,
  eventTypes,
  makeEvent,
} from '../../local/host/durable/protocol';
import { type Outcome, replay } from '../../local/host/durable/replay';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const dayMs = 86_400_000;

type Event = readonly [type: keyof typeof eventTypes, fields?: object, id?: number];

/** A history of turns; turn `n` begins `n` seconds after the start. */
function turns(...list: (readonly Event[])[]): HistoryEvent[] {
  return list.flatMap((events, index) => {
    const atMs = startMs + index * 1_000;
    const made = events.map(([type, fields = {}, id = -1]) => makeEvent(eventTypes[type], atMs, fields, id));
    return [makeEvent(eventTypes.orchestratorStarted, atMs), ...made];
  });
}

function run(
  actions: readonly Action[],
  history: readonly HistoryEvent[],
  answer: Partial<Answer> = {},
): Outcome {
  return replay({
    orchestrator: 'test',
    executionId: 'exec',
    history,
    answer: { isDone: false, actions: [actions], ...answer },
    knows: (_, name) => name !== 'missing',
  });
}

const call = (functionName: string): Action => ({ actionType: 0, functionName });
const timer = (fireAtMs: number, isCanceled = false): Action => ({
  actionType: 5,
  fireAt: new Date(fireAtMs).toISOString(),
  isCanceled,
});
const started: Event = ['executionStarted'];
const scheduled = (id: number, name: string): Event => ['taskScheduled', { Name: name }, id];
const completed = (id: number): Event => ['taskCompleted', { TaskScheduledId: id, Result: 'null' }];
const failed = (id: number): Event => ['taskFailed', { TaskScheduledId: id }];

test('decides only what the history does not have yet', () => {
  const outcome = run([call('a'), call('b')], turns([started, scheduled(0, 'a')], [completed(0)]));

  expect(outcome.decisions).toEqual([{ kind: 'activity', id: 1, name: 'b', input: null }]);
  expect(outcome.end).toBeUndefined();
});

test('ignores completions that come twice or for unknown ids', () => {
  const history = turns(
    [started, scheduled(0, 'a')],
    [completed(0), scheduled(1, 'b')],
    [completed(0), completed(7)],
  );
  const outcome = run([call('a'), call('b')], history);

  expect([...outcome.open.keys()]).toEqual([1]);
  expect(outcome.decisions).toEqual([]);
});

test.each([
  {
    name: 'another name',
    event: scheduled(0, 'b'),
    message: 'the history has activity b with sequence id 0',
  },
  { name: 'another kind', event: ['timerCreated', {}, 0] as Event, message: 'the history has timer' },
  { name: 'an id that was not given', event: scheduled(3, 'a'), message: 'now scheduled nothing' },
])('finds $name in the history', ({ event, message }) => {
  const outcome = run([call('a')], turns([started, event], [completed(0)]));

  expect(outcome.problem).toMatchObject({ code: 'non-determinism', fatal: true });
  expect(outcome.end?.output).toContain(message);
});

test('takes names in any case', () => {
  const outcome = run([call('A')], turns([started, scheduled(0, 'a')], [completed(0)]), { isDone: true });

  expect(outcome.end).toEqual({ status: 'Completed', output: null });
});

test.each([
  { name: 'a constant interval', options: {}, delaysMs: [5_000, 5_000, 5_000] },
  { name: 'back-off', options: { backoffCoefficient: 3 }, delaysMs: [5_000, 15_000, 45_000] },
  {
    name: 'back-off with a cap',
    options: { backoffCoefficient: 3, maxRetryIntervalInMilliseconds: 20_000 },
    delaysMs: [5_000, 15_000, 20_000],
  },
])('waits between attempts with $name', ({ options, delaysMs }) => {
  const retryOptions = { firstRetryIntervalInMilliseconds: 5_000, maxNumberOfAttempts: 4, ...options };
  const actions: Action[] = [{ actionType: 1, functionName: 'a', retryOptions }];
  const list: Event[][] = [[started, scheduled(0, 'a')]];

  const seenMs = delaysMs.map((_, attempt) => {
    list.push([failed(attempt * 2)]);
    const [decision] = run(actions, turns(...list)).decisions;
    list.at(-1)!.push(['timerCreated', {}, attempt * 2 + 1]);
    list.push([['timerFired', { TimerId: attempt * 2 + 1 }], scheduled(attempt * 2 + 2, 'a')]);
    const nowMs = startMs + (list.length - 2) * 1_000;
    return decision?.kind === 'timer' ? decision.fireAtMs - nowMs : undefined;
  });
  list.push([failed(6)]);

  expect(seenMs).toEqual(delaysMs);
  expect(run(actions, turns(...list)).decisions).toMatchObject([{ kind: 'timer', id: 7 }]);
});

test('gives a cancelled timer its id but does not wait for it', () => {
  const actions: Action[] = [{ actionType: 11, compoundActions: [call('a'), timer(startMs + dayMs, true)] }];
  const history = turns([started, scheduled(0, 'a'), ['timerCreated', {}, 1]], [completed(0)]);
  const outcome = run(actions, history, { isDone: true, output: 1 });

  expect(outcome.end).toEqual({ status: 'Completed', output: '1' });
});

test('stays open until a timer ends that nobody cancelled', () => {
  const actions: Action[] = [{ actionType: 11, compoundActions: [call('a'), timer(startMs + 5_000)] }];
  const history = turns([started, scheduled(0, 'a'), ['timerCreated', {}, 1]], [completed(0)]);

  expect(run(actions, history, { isDone: true }).end).toBeUndefined();
});

test('makes a timer over six days of links of three days', () => {
  const outcome = run([timer(startMs + 10 * dayMs)], turns([started]));

  expect(outcome.decisions).toEqual([{ kind: 'timer', id: 0, fireAtMs: startMs + 3 * dayMs }]);
});

test('waits for all parts of a failed Task.all before it goes on', () => {
  const actions: Action[] = [{ actionType: 12, compoundActions: [call('a'), call('b')] }, call('c')];
  const first = turns([started, scheduled(0, 'a'), scheduled(1, 'b')], [failed(0)]);
  const second = [...first, ...turns([completed(1)])];

  expect(run(actions, first)).toMatchObject({ decisions: [], comparableBelow: 2 });
  expect(run(actions, second).decisions).toMatchObject([{ id: 2, name: 'c' }]);
});

test('matches events with the latest wait first, and early ones in their order', () => {
  const wait: Action = { actionType: 6, externalEventName: 'Go' };
  const raised: Event = ['eventRaised', { Name: 'go', Input: '1' }];
  const both: Action[] = [wait, wait];

  expect(run(both, turns([started, raised])).end).toBeUndefined();
  expect(run(both, turns([started, raised, raised]), { isDone: true }).end?.status).toBe('Completed');
});

test('holds events and decisions back while suspended', () => {
  const actions = [call('a'), call('b')];
  const suspended = turns([started, scheduled(0, 'a')], [['executionSuspended'], completed(0)]);
  const resumed = [...suspended, ...turns([['executionResumed']])];

  expect(run(actions, suspended)).toMatchObject({ suspended: true, decisions: [] });
  expect(run(actions, resumed)).toMatchObject({ suspended: false, decisions: [{ id: 1, name: 'b' }] });
});

test('terminates even a suspended instance', () => {
  const history = turns([started, ['executionSuspended'], ['executionTerminated', { Input: 'enough' }]]);

  expect(run([call('a')], history).end).toEqual({ status: 'Terminated', output: 'enough' });
});

test('hands events after continueAsNew to the next generation', () => {
  const raised: Event = ['eventRaised', { Name: 'late', Input: '1' }];
  const outcome = run([{ actionType: 4, input: { n: 1 } }], turns([started, raised]), { isDone: true });

  expect(outcome.end).toEqual({ status: 'ContinuedAsNew', output: '{"n":1}' });
  expect(outcome.carriedOver).toMatchObject([{ Name: 'late' }]);
});

test('names a child without an id after generation and sequence id', () => {
  const outcome = run([{ actionType: 2, functionName: 'child' }], turns([started]));

  expect(outcome.decisions).toMatchObject([{ kind: 'child', instanceId: 'exec:0' }]);
});

test.each([
  { name: 'an unknown function', action: call('missing'), code: 'unknown-function' },
  { name: 'an action it does not know', action: { actionType: 8 } as unknown as Action, code: 'unsupported' },
])('refuses $name', ({ action, code }) => {
  expect(run([action], turns([started])).problem?.code).toBe(code);
});

test('finds a deadlock', () => {
  expect(run([], turns([started])).problem?.code).toBe('deadlock');
});
