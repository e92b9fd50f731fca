import { type LocalHost } from '../../local/host/host';
import { outline, startApp } from '../support/local-host';

interface Pattern {
  readonly name: string;
  readonly orchestrator: string;
  readonly input?: unknown;
  readonly output: unknown;
  readonly status?: string;
  /** The turns when messages are delivered one by one. */
  readonly history: readonly string[];
}

const patterns: readonly Pattern[] = [
  {
    name: 'activities one after the other',
    orchestrator: 'chain',
    output: { n: 2 },
    history: [
      'executionStarted taskScheduled#0',
      'taskCompleted#0 taskScheduled#1',
      'taskCompleted#1 executionCompleted',
    ],
  },
  {
    name: 'a retry that succeeds at the third attempt',
    orchestrator: 'retry',
    input: { key: 'third', times: 2, attempts: 5, options: { backoffCoefficient: 2 } },
    output: { count: 3 },
    history: [
      'executionStarted taskScheduled#0',
      'taskFailed#0 timerCreated#1',
      'timerFired#1 taskScheduled#2',
      'taskFailed#2 timerCreated#3',
      'timerFired#3 taskScheduled#4',
      'taskCompleted#4 taskScheduled#5',
      'taskCompleted#5 executionCompleted',
    ],
  },
  {
    name: 'a retry that gives up, with the timer after the last failure',
    orchestrator: 'retry',
    input: { key: 'never', times: 9, attempts: 2 },
    output: { failed: true },
    history: [
      'executionStarted taskScheduled#0',
      'taskFailed#0 timerCreated#1',
      'timerFired#1 taskScheduled#2',
      'taskFailed#2 timerCreated#3',
      'timerFired#3 taskScheduled#4',
      'taskCompleted#4 executionCompleted',
    ],
  },
  {
    name: 'Task.all',
    orchestrator: 'all',
    output: [1, 2, 3],
    history: [
      'executionStarted taskScheduled#0 taskScheduled#1 taskScheduled#2',
      'taskCompleted#0',
      'taskCompleted#1',
      'taskCompleted#2 executionCompleted',
    ],
  },
  {
    name: 'more work after a caught failure in Task.all',
    orchestrator: 'allWithFailure',
    output: [2, 3],
    history: [
      'executionStarted taskScheduled#0 taskScheduled#1',
      'taskFailed#0',
      'taskCompleted#1 taskScheduled#2 taskScheduled#3',
      'taskCompleted#2',
      'taskCompleted#3 executionCompleted',
    ],
  },
  {
    name: 'Task.any, then the loser',
    orchestrator: 'anyThenLoser',
    output: [true, 'a', 'b'],
    history: [
      'executionStarted taskScheduled#0 taskScheduled#1',
      'taskCompleted#0',
      'taskCompleted#1 executionCompleted',
    ],
  },
  {
    name: 'a timer',
    orchestrator: 'timer',
    input: { ms: 90_000 },
    output: true,
    history: ['executionStarted timerCreated#0', 'timerFired#0 executionCompleted'],
  },
  {
    name: 'a timer of eight days in links of three days, the last one longer',
    orchestrator: 'timer',
    input: { ms: 8 * 86_400_000 },
    output: true,
    history: [
      'executionStarted timerCreated#0',
      'timerFired#0 timerCreated#1',
      'timerFired#1 executionCompleted',
    ],
  },
  {
    name: 'a timer that wins against an event',
    orchestrator: 'eventOrTimer',
    output: 'timeout',
    history: ['executionStarted timerCreated#0', 'timerFired#0 executionCompleted'],
  },
  {
    name: 'a return that waits for a timer nobody cancelled',
    orchestrator: 'timerNotCancelled',
    output: 'returned',
    history: [
      'executionStarted taskScheduled#0 timerCreated#1',
      'taskCompleted#0',
      'timerFired#1 executionCompleted',
    ],
  },
  {
    name: 'a sub-orchestration',
    orchestrator: 'parent',
    output: { n: 2 },
    history: ['executionStarted childCreated#0', 'childCompleted#0 executionCompleted'],
  },
  {
    name: 'a sub-orchestration that is tried again',
    orchestrator: 'parentWithRetry',
    output: true,
    history: [
      'executionStarted childCreated#0',
      'childFailed#0 timerCreated#1',
      'timerFired#1 childCreated#2',
      'childFailed#2 timerCreated#3',
      'timerFired#3 executionCompleted',
    ],
  },
  {
    name: 'continueAsNew, each generation with a history of its own',
    orchestrator: 'countDown',
    input: { n: 3 },
    output: [3, 2, 1],
    history: ['executionStarted taskScheduled#0', 'taskCompleted#0 executionCompleted'],
  },
  {
    name: 'continueAsNew without a wait',
    orchestrator: 'countDownAtOnce',
    input: { n: 5 },
    output: 0,
    history: ['executionStarted executionCompleted'],
  },
  {
    name: 'an orchestrator that throws',
    orchestrator: 'throws',
    input: { message: 'broken' },
    status: 'Failed',
    output: "Orchestrator function 'throws' failed: broken",
    history: ['executionStarted executionCompleted'],
  },
];

describe.each(['single', 'batch'] as const)('with %s delivery', (turn) => {
  let host: LocalHost;

  beforeAll(async () => {
    ({ host } = await startApp('patterns', { turn }));
  });

  afterAll(() => host.stop());

  test.each(patterns)('runs $name', async ({ orchestrator, input, output, status, history }) => {
    // The fixture counts failures by key.
    const keyed = { ...(input as object | undefined) };
    const unique = 'key' in keyed ? { ...keyed, key: `${String(keyed.key)} ${turn}` } : keyed;
    const id = host.operations.start(orchestrator, JSON.stringify(unique));
    const row = await host.engine.whenEnded(id);

    expect({
      status: row.status,
      output: row.status === 'Failed' ? row.output : JSON.parse(row.output!),
    }).toEqual({
      status: status ?? 'Completed',
      output,
    });
    if (turn === 'single') expect(outline(host, id)).toEqual(history);
    expect(host.diagnostics).toEqual([]);
  });

  test('keeps composites in order', async () => {
    const ended = await host.runOrchestration('nested', {});

    expect(ended.output).toEqual([[1, 2], 3]);
  });

  test('gives the same guids on every replay', async () => {
    expect((await host.runOrchestration('guid', {})).output).toBe(true);
  });

  test('tells replayed code from new code', async () => {
    expect((await host.runOrchestration('replaying', {})).output).toEqual([true, true, false]);
  });

  test('names children after the generation of the parent', async () => {
    const parent = `family-${turn}`;
    const named = await host.runOrchestration(
      'parent',
      { child: 'whoAmI', childId: `${parent}:kid` },
      parent,
    );
    const unnamed = await host.runOrchestration('parent', { child: 'whoAmI' });

    expect(named.output).toEqual({ instanceId: `${parent}:kid`, parent });
    expect(unnamed.output).toMatchObject({ instanceId: expect.stringMatching(/^[0-9a-f]{32}:0$/) as string });
  });

  test('starts a finished child again under its id', async () => {
    const first = await host.runOrchestration('parent', { childId: 'fixed' });
    const second = await host.runOrchestration('parent', { childId: 'fixed' });

    expect([first.status, second.status]).toEqual(['Completed', 'Completed']);
  });

  test('fails the parent with the text of the child', async () => {
    const ended = await host.runOrchestration('parent', { child: 'throws', input: { message: 'inner' } });

    expect(ended.status).toBe('Failed');
    expect(ended.output).toContain("Orchestrator function 'throws' failed: inner");
  });
});
