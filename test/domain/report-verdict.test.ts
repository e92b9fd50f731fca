import { makeReport } from '../../shared/domain/report';
import { runKinds } from '../../shared/domain/run';
import { goodFailover, outcome, tally } from '../support/report-samples';
import { cancelledFailover, dryRun, roughFailover } from '../support/report-samples-trouble';

describe('verdict', () => {
  const good = goodFailover();

  test.each([
    ['good', good, 'Everything that ran in East US 2 now runs in Central US.'],
    [
      'rough',
      roughFailover(),
      'Central US has taken over from East US 2; 2 of 5 schedules stay asleep and 4 assets need a person.',
    ],
    [
      'cancelled',
      cancelledFailover(),
      'The failover was cancelled: East US 2 is still the active side, and nothing was woken in Central US.',
    ],
    ['dry', dryRun(), 'Central US could take over from East US 2 now, but 4 assets would need a person.'],
    [
      'cut over and then failed',
      { ...good, summary: { ...good.summary, status: 'failed' as const } },
      'Central US is the active side, but its failover failed: 3 of 3 schedules awake.',
    ],
    [
      'degraded',
      {
        ...good,
        readiness: [
          { key: 'job/1' as const, name: 'one', state: 'degraded' as const, reasons: ['no owner'] },
        ],
      },
      'Everything that ran in East US 2 now runs in Central US; 1 job runs degraded.',
    ],
  ])('says of a failover that is %s what a person wants to know first', (_name, input, verdict) => {
    expect(makeReport(input).verdict).toBe(verdict);
  });

  test('does not ask for a person where a known exception covers the trouble', () => {
    const blocked = outcome('job', '1', 'blocked', 'needs cluster/9');
    const input = goodFailover({
      outcomes: [blocked],
      kinds: tally({ job: ['jobs', 3] }, [blocked]),
      excepted: 1,
    });

    const report = makeReport(input);

    expect(report.verdict).toBe('Everything that ran in East US 2 now runs in Central US.');
    expect(report.outcomes.map(({ key }) => key)).toEqual(['job/1']);
    expect(report.excepted).toBe(1);
  });

  test('never says that everything runs when a schedule stays asleep', () => {
    const one = { key: 'job/9' as const, name: 'nine', triggers: ['schedule'], reason: 'not runnable' };
    const input = { ...good, cutover: { ...good.cutover!, awakeBefore: 4, asleep: [one] } };

    expect(makeReport(input).verdict).toBe(
      'Central US has taken over from East US 2; 1 of 4 schedules stays asleep.',
    );
  });

  test.each(
    runKinds.flatMap((kind) =>
      (['succeeded', 'failed', 'cancelled'] as const).map((status) => [kind, status]),
    ),
  )('ends in one sentence for a %s that %s', (kind, status) => {
    const input = cancelledFailover();
    const report = makeReport({
      ...input,
      request: { ...input.request, kind: kind as 'sync' },
      summary: { ...input.summary, status: status as 'failed' },
    });

    expect(report.verdict).toMatch(/^[A-Z][^.]+\.$/);
    expect(report.verdict.includes('failed')).toBe(status === 'failed');
    expect(report.verdict.includes('cancelled')).toBe(status === 'cancelled');
  });
});
