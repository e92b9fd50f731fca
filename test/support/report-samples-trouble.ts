import type { ReportInput } from '../../shared/domain/report-input';
import type { Preflight } from '../../shared/domain/preflight';
import type { Outcome } from '../../shared/domain/run';
import { estate, goodFailover, outcome, tally } from './report-samples';

/** The same failover on a worse night: things failed, some schedules stay asleep, the primary is not fenced. */
export function roughFailover(): ReportInput {
  const good = goodFailover();
  const trouble: readonly Outcome[] = [
    outcome(
      'cluster',
      '0233-gpu',
      'failed',
      'cannot create cluster/0233-gpu: 400 INVALID_PARAMETER_VALUE: node type Standard_NC6s_v3 is not supported in this region',
      'gpu-training',
    ),
    outcome('job', '2001', 'blocked', 'needs cluster/0233-gpu', 'Train churn model'),
    outcome('job', '2002', 'blocked', 'needs cluster/0233-gpu', 'Train price model'),
    outcome(
      'notebook',
      '/Shared/runbooks/month-end',
      'conflict',
      'changed on both sides since 19 Nov',
      'month-end',
    ),
    {
      ...outcome('job', '2003', 'restored', 'created', 'Partner export'),
      warnings: ['owner left@contoso.com is gone: dr-admins@contoso.com owns it'],
    },
  ];
  const outcomes = [...good.outcomes, ...trouble];
  return {
    ...good,
    summary: {
      ...good.summary,
      status: 'partiallyFailed',
      reason: '1 asset failed, 2 are blocked, 1 is in conflict',
    },
    kinds: tally(estate, outcomes),
    outcomes,
    cutover: {
      switched: true,
      awakeBefore: 5,
      woken: good.cutover?.woken ?? [],
      asleep: [
        { key: 'job/2001', name: 'Train churn model', triggers: ['schedule'], reason: 'not runnable' },
        { key: 'job/2002', name: 'Train price model', triggers: ['continuous'], reason: 'not runnable' },
      ],
      fence: {
        state: 'pending',
        policy: 'attempt',
        quieted: 0,
        triggersStillAwake: [{ key: 'job/1042', name: 'Nightly revenue', triggers: ['schedule'] }],
      },
    },
    readiness: [
      ...good.readiness,
      {
        key: 'job/2001',
        name: 'Train churn model',
        tier: 1,
        state: 'notRunnable',
        reasons: ['cluster/0233-gpu failed'],
      },
      {
        key: 'job/2002',
        name: 'Train price model',
        state: 'notRunnable',
        reasons: ['cluster/0233-gpu failed'],
      },
      {
        key: 'job/1045',
        name: 'Weekly audit',
        tier: 1,
        state: 'degraded',
        reasons: ['its notification destination slack-oncall is missing'],
      },
    ],
    missing: [
      { key: 'secret-scope/lake-keys', neededBy: ['cluster/0412-090210-etl', 'job/1042'] },
      { key: 'dbfs-file/dbfs:/FileStore/jars/udf-2.1.jar', neededBy: ['cluster-library/0412:udf'] },
    ],
    retire: [
      {
        key: 'job/77',
        name: 'Old export',
        reason: 'gone at the source since 20261119T025800Z',
        fate: 'stays',
      },
    ],
    warnings: [
      'The setting pairs[0].retireDays has no effect yet.',
      'The geo copy is 9 min behind the primary endpoint.',
    ],
  };
}

/** A failover that a person rejected when it was ready. */
export function cancelledFailover(): ReportInput {
  const good = beforeCutover(goodFailover());
  return {
    ...good,
    summary: {
      ...good.summary,
      status: 'cancelled',
      reason: 'rejected by dana@contoso.com: the provider says it is over in 10 minutes',
      endedAt: '2026-11-21T03:18:31Z',
    },
    active: 'primary',
    tenure: 1,
    kinds: good.kinds.map((one) => (one.kind === 'permission' ? { ...one, planned: 2_500 } : one)),
    decisions: [
      {
        verb: 'reject',
        who: 'dana@contoso.com',
        why: 'the provider says it is over in 10 minutes',
        at: '2026-11-21T03:18:31Z',
      },
    ],
    phases: good.phases.slice(0, 5),
  };
}

/** What a failover would do now: nothing was changed. */
export function dryRun(): ReportInput {
  const rough = beforeCutover(roughFailover());
  return {
    ...rough,
    request: {
      ...rough.request,
      dryRun: true,
      startedBy: 'timer',
      reason: 'the dry run of every night',
      epoch: 0,
    },
    summary: { ...rough.summary, endedAt: '2026-11-21T03:12:49Z' },
    active: 'primary',
    tenure: 1,
    phases: rough.phases.slice(0, 2),
    decisions: [],
    requests: {
      primary: { calls: 0, writes: 0, throttled: 0 },
      secondary: { calls: 212, writes: 0, throttled: 0 },
    },
    preflight: nightlyPreflight,
  };
}

const nightlyPreflight: Preflight = {
  formatVersion: 1,
  pair: 'analytics',
  checkedAt: '2026-11-21T03:12:40Z',
  snapshot: 'analytics-20261121T023000Z-a1b2c3',
  light: 'red',
  tiers: [
    { tier: 0, jobs: 3, light: 'green' },
    { tier: 1, jobs: 41, light: 'red' },
    { tier: null, jobs: 6, light: 'amber' },
  ],
  checks: [
    {
      check: 'compute',
      light: 'red',
      what: 'the secondary does not offer the node type Standard_NC6s_v3',
      fix: 'name a replacement: rewrite.nodeTypes.Standard_NC6s_v3, or have it enabled for the subscription in that region',
      keys: ['cluster/0233-gpu', 'job/2001', 'job/2002'],
      keyCount: 3,
      tiers: [1],
    },
    {
      check: 'git',
      light: 'amber',
      what: '6 jobs take their code from git; whether those who run them have credentials in the secondary cannot be seen',
      fix: 'let each identity that runs them set its git credentials in the secondary',
      keys: ['job/1', 'job/2', 'job/3', 'job/4', 'job/5', 'job/6'],
      keyCount: 6,
      tiers: [1, null],
    },
    {
      check: 'access',
      light: 'green',
      what: 'the secondary answers, dr-app is an admin',
      keys: [],
      keyCount: 0,
      tiers: [0, 1, null],
    },
  ],
};

function beforeCutover(input: ReportInput): ReportInput {
  const { cutover, summary, ...rest } = input;
  const { rtoSeconds, ...ended } = summary;
  if (cutover === undefined || rtoSeconds === undefined) throw new Error('came to no cutover');
  return { ...rest, summary: ended };
}
