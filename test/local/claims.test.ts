import { type Evidence, makeClaims, overlapWords } from '../../local/story/claims';
import { type Report } from '../../shared/domain/report';
import { type Firing } from '../../local/workspace/job-record';

const [approvedMs, returnedMs, fencedMs] = [1_000, 5_000, 7_000];
const job = (id: number, triggers = 'schedule') => ({ key: `job/${id}`, name: `job ${id}`, triggers });
const report = (...asleep: string[]): Report =>
  ({
    wake: { asleep: asleep.map((key) => ({ key, name: key, triggers: [], reason: 'no' })) },
  }) as unknown as Report;

function firing(jobId: number, atMs: number, marker?: string): Firing {
  const base = { jobId, jobName: `job ${jobId}`, trigger: 'schedule', atMs, runId: 1 } as const;
  return marker === undefined ? base : { ...base, marker };
}

function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    titles: { source: 'East US 2', target: 'Central US' },
    before: [job(1), job(2)],
    after: [job(2), job(1)],
    stillAwake: [],
    clustersBeforeCutover: [],
    firings: { source: [firing(1, 500)], target: [firing(91, 2_000, 'analytics:1')] },
    ...{ approvedMs, returnedMs, fencedMs },
    ...changes,
  };
}

function broken(changes: Partial<Evidence>, told = report()): string[] {
  const claims = makeClaims(evidence(changes), told);
  return claims.filter(({ holds }) => !holds).flatMap(({ details }) => details);
}

describe('the claims of the story', () => {
  it('hold when what was awake was woken, in time, and nothing else', () => {
    expect(broken({})).toEqual([]);
  });

  it('hold when the report says why something stays asleep', () => {
    expect(broken({ after: [job(1)] }, report('job/2'))).toEqual([]);
    const texts = makeClaims(evidence({ after: [job(1)] }), report('job/2')).map(({ text }) => text);
    expect(texts.join()).toContain('1 of 2; 1 stays asleep, as the report says');
  });

  it('say nothing of clusters when nobody could look before the cutover', () => {
    const { clustersBeforeCutover: _unseen, ...late } = evidence();

    expect(makeClaims(late, report())).toHaveLength(makeClaims(evidence(), report()).length - 1);
  });

  it.each<{ name: string; changes: Partial<Evidence>; detail: string }>([
    {
      name: 'one of ours ran before the approval',
      changes: { firings: { source: [], target: [firing(91, 999, 'analytics:1')] } },
      detail: 'job 91 at 1970-01-01T00:00:00.999Z',
    },
    { name: 'a cluster runs', changes: { clustersBeforeCutover: ['etl'] }, detail: 'etl' },
    { name: 'one was not woken', changes: { after: [job(1)] }, detail: 'not as before: job 2 (schedule)' },
    {
      name: 'another trigger was woken',
      changes: { after: [job(1), job(2, 'continuous')] },
      detail: 'not as before: job 2 (schedule)',
    },
    {
      name: 'one too many was woken',
      changes: { after: [job(1), job(2), job(3)] },
      detail: 'was not awake before: job 3 (schedule)',
    },
    { name: 'no fence', changes: { fencedMs: undefined }, detail: 'it was not, in time' },
    {
      name: 'a fence with a gap',
      changes: { stillAwake: [job(2)] },
      detail: 'still awake: job 2 (schedule)',
    },
    {
      name: 'a fence that did not hold',
      changes: { firings: { source: [firing(2, 7_001)], target: [] } },
      detail: 'ran after that: job 2',
    },
  ])('do not hold: $name', ({ changes, detail }) => {
    expect(broken(changes)).toEqual([detail]);
  });

  it('let what others run in the target be', () => {
    expect(broken({ firings: { source: [], target: [firing(7, 10)] } })).toEqual([]);
  });

  it('count what ran on both sides while both were awake', () => {
    const source = [firing(1, 5_500), firing(2, 6_000), firing(1, 4_000)];
    const target = [firing(91, 6_500, 'analytics:1'), firing(92, 2_000, 'analytics:2')];

    expect(overlapWords(evidence({ firings: { source, target } }))).toBe(
      'both awake for 2 s: 2 runs began in East US 2, 1 of them in both',
    );
  });
});
