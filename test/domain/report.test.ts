import { steps } from '../../shared/domain/asset';
import { noActions } from '../../shared/domain/plan';
import { makeReport } from '../../shared/domain/report';
import { addCounts, plannedOutcomes } from '../../shared/domain/report-outcomes';
import { outcomes } from '../../shared/domain/run';
import { goodFailover, outcome, tally } from '../support/report-samples';
import { cancelledFailover, dryRun, roughFailover } from '../support/report-samples-trouble';

describe('counts', () => {
  test.each([
    ['a good failover', goodFailover()],
    ['a rough failover', roughFailover()],
    ['a dry run', dryRun()],
  ])(
    'accounts for every asset of %s: steps, and listed with left-out outcomes, give the run',
    (_name, input) => {
      const report = makeReport(input);

      const listed = (verb: string): number =>
        report.outcomes.filter(({ outcome: had }) => had === verb).length;

      expect(addCounts(report.steps.map(({ counts }) => counts))).toEqual(report.run.counts);
      expect(outcomes.map((verb) => listed(verb) + report.leftOut[verb])).toEqual(
        outcomes.map((verb) => report.run.counts[verb]),
      );
    },
  );

  test('heads every report with the ten steps in their order, and what lies beyond', () => {
    const report = makeReport(goodFailover());

    expect(report.steps.map(({ step }) => step)).toEqual([...steps]);
  });

  test('counts unchanged assets and lists only those that warn', () => {
    const warned = {
      ...outcome('job', '1', 'unchanged', 'as it should be'),
      warnings: ['its owner is gone'],
    };
    const plain = outcome('job', '2', 'unchanged', 'as it should be');
    const report = makeReport(
      goodFailover({ outcomes: [warned, plain], kinds: tally({ job: ['jobs', 0] }, [warned, plain]) }),
    );

    expect(report.outcomes.map(({ key }) => key)).toEqual(['job/1']);
    expect(report.leftOut.unchanged).toBe(1);
  });

  test('cuts long lists of what went well, and says by how much, but never failures', () => {
    const many = (verb: 'failed' | 'restored') =>
      Array.from({ length: 5_001 }, (_one, at) => outcome('notebook', `/${verb}/${at}`, verb, 'because'));
    const all = [...many('restored'), ...many('failed')];
    const report = makeReport(
      goodFailover({ outcomes: all, kinds: tally({ notebook: ['notebooks', 0] }, all) }),
    );

    expect(report.outcomes.filter((one) => one.outcome === 'failed')).toHaveLength(5_001);
    expect(report.outcomes.filter((one) => one.outcome === 'restored')).toHaveLength(5_000);
    expect(report.leftOut).toMatchObject({ restored: 1, failed: 0 });
  });

  test('tells what a plan would bring about in the words of outcomes, without what is only reported', () => {
    const planned = plannedOutcomes({ ...noActions(), create: 2, update: 3, skip: 4, blocked: 1, retire: 9 });

    expect(addCounts([planned])).toMatchObject({ restored: 5, skipped: 4, blocked: 1, total: 10 });
  });
});

describe('steps', () => {
  function stateOf(input: Parameters<typeof makeReport>[0], step: string) {
    return makeReport(input).steps.find((one) => one.step === step);
  }

  test('takes an unreachable source of an unplanned failover as a fact, not as a fault', () => {
    const connect = stateOf(goodFailover(), 'connect');

    expect(connect?.state).toBe('done');
    expect(connect?.note).toContain('East US 2 (its region is down)');
  });

  test('fails to connect when a side is silent that a planned run needs', () => {
    const good = goodFailover();
    const planned = { ...good, request: { ...good.request, mode: 'planned' as const } };

    expect(stateOf(planned, 'connect')).toMatchObject({ state: 'failed' });
    expect(stateOf(planned, 'connect')?.note).toContain('no answer within 5 s');
  });

  test('fails at the profiles when no token for the target was obtained', () => {
    const { sides, ...good } = goodFailover();
    const without = { ...good, sides: { ...sides, secondary: { ...sides.secondary, token: false } } };

    expect(stateOf(without, 'profiles')?.state).toBe('failed');
  });

  test.each([
    ['clusters', 'failed'],
    ['jobs', 'attention'],
    ['mounts', 'manual'],
    ['libraries', 'done'],
  ])('calls %s %s after a rough failover', (step, state) => {
    expect(stateOf(roughFailover(), step)?.state).toBe(state);
  });

  test('names how many assets a cancelled run did not come to', () => {
    expect(stateOf(cancelledFailover(), 'accessControl')).toMatchObject({ state: 'incomplete', left: 286 });
  });

  test('says that there was nothing of a step whose kinds are empty', () => {
    const input = goodFailover({ outcomes: [], kinds: tally({ cluster: ['clusters', 0] }, []) });

    expect(stateOf(input, 'clusters')?.state).toBe('nothing');
  });
});

describe('what a person has to do', () => {
  test('names each missing thing with those that need it', () => {
    const { manualSteps } = makeReport(roughFailover());

    expect(manualSteps).toContain(
      'Create the secret scope lake-keys in Central US and set its values: cluster/0412-090210-etl, job/1042 need it.',
    );
    expect(manualSteps).toContain(
      'Copy dbfs:/FileStore/jars/udf-2.1.jar to Central US: cluster-library/0412:udf needs it.',
    );
  });

  test('asks for mounts only as long as no adapter carries them', () => {
    const input = goodFailover();
    const carried = { ...input, kinds: [...input.kinds, ...tally({ mount: ['mounts', 3] }, [])] };
    const asks = (steps: readonly string[]): boolean =>
      steps.some((step) => step.startsWith('Mount storage'));

    expect(asks(makeReport(input).manualSteps)).toBe(true);
    expect(asks(makeReport(carried).manualSteps)).toBe(false);
  });

  test('warns first of what may still start at a side that is not fenced', () => {
    expect(makeReport(roughFailover()).manualSteps[0]).toMatch(/^Watch East US 2: 1 schedule there/);
  });

  test('asks nobody about what was skipped without a loss', () => {
    const skipped = { ...outcome('cluster', '7', 'skipped', 'made by a job'), harmless: true as const };
    const input = goodFailover({
      outcomes: [skipped],
      kinds: tally({ cluster: ['clusters', 0] }, [skipped]),
    });

    expect(makeReport(input).manualSteps.join()).not.toContain('made by a job');
    expect(makeReport(input).outcomes).toHaveLength(1);
  });

  test('sums skipped assets up by kind and reason', () => {
    expect(makeReport(goodFailover()).manualSteps.at(-1)).toContain(
      '2 clusters (a job created it) and 1 notebook',
    );
  });

  test('asks nothing after a sync, which touches no target', () => {
    const input = roughFailover();

    expect(makeReport({ ...input, request: { ...input.request, kind: 'sync' } }).manualSteps).toEqual([]);
  });
});

describe('readiness', () => {
  test('counts by tier, jobs without one last, and names only those that do not fully run', () => {
    const { readiness } = makeReport(roughFailover());

    expect(readiness.tiers).toEqual([
      { tier: 0, runnable: 1, degraded: 0, notRunnable: 0 },
      { tier: 1, runnable: 1, degraded: 1, notRunnable: 1 },
      { tier: null, runnable: 1, degraded: 0, notRunnable: 1 },
    ]);
    expect(readiness.jobs.map(({ key }) => key)).toEqual(['job/2001', 'job/2002', 'job/1045']);
  });
});

describe('comparison with the last green report', () => {
  test('names what is in trouble now and was not then', () => {
    const green = makeReport(goodFailover());
    const report = makeReport({ ...roughFailover(), lastGreen: green });

    expect(report.newSince?.runId).toBe(green.run.id);
    expect(report.newSince?.keys).toEqual(
      expect.arrayContaining([
        'cluster/0233-gpu',
        'job/2001',
        'notebook//Shared/runbooks/month-end',
        'job/2003',
      ]),
    );
  });

  test('does not call new what was already told', () => {
    const before = makeReport(roughFailover());

    expect(makeReport({ ...roughFailover(), lastGreen: before }).newSince?.keys).toEqual([]);
  });
});

test('redacts credentials from reasons and warnings', () => {
  const leaky = {
    ...outcome('job', '1', 'failed', 'refused: Bearer abcdefghijklmnop'),
    warnings: ['sig=verysecretvalue'],
  };
  const text = JSON.stringify(
    makeReport(goodFailover({ outcomes: [leaky], warnings: ['code=verysecretvalue'] })),
  );

  expect(text).not.toContain('abcdefghijklmnop');
  expect(text).not.toContain('verysecretvalue');
});

test('adds up the calls to both workspaces and the seconds of each phase', () => {
  const report = makeReport(goodFailover());

  expect(report.requests).toMatchObject({ calls: 1_816, writes: 37, throttled: 4 });
  expect(report.timings.map(({ seconds }) => seconds)).toEqual([3, 46, 93, 42, 207, 41, 0.4]);
});
