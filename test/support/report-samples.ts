import type { Step } from '../../shared/domain/asset';
import { keyOf } from '../../shared/domain/asset';
import type { KindTally, ReportInput } from '../../shared/domain/report-input';
import { noOutcomes, type Outcome, type OutcomeCounts, type OutcomeVerb } from '../../shared/domain/run';

/** The outcome of one asset. */
export function outcome(kind: string, id: string, verb: OutcomeVerb, reason: string, name = id): Outcome {
  return { key: keyOf(kind, id), name, outcome: verb, reason };
}

/** Tallies that agree with these outcomes, and so many unchanged assets a kind beside them. */
export function tally(
  kinds: Readonly<Record<string, readonly [step: Step, unchanged: number]>>,
  outcomes: readonly Outcome[],
): readonly KindTally[] {
  return Object.entries(kinds).map(([kind, [step, unchanged]]) => {
    const counts: OutcomeCounts = { ...noOutcomes(), unchanged };
    for (const { key, outcome: verb } of outcomes) if (key.startsWith(`${kind}/`)) counts[verb] += 1;
    return { kind, step, counts };
  });
}

/** The kinds of the sample, each with its step and so many assets that need nothing. */
export const estate = {
  user: ['principals', 182],
  group: ['principals', 24],
  'service-principal': ['principals', 9],
  directory: ['notebooks', 611],
  notebook: ['notebooks', 3_820],
  'workspace-file': ['notebooks', 214],
  cluster: ['clusters', 38],
  job: ['jobs', 139],
  'cluster-library': ['libraries', 61],
  permission: ['accessControl', 2_214],
} as const satisfies Record<string, readonly [Step, number]>;

const restored: readonly Outcome[] = [
  outcome('cluster', '0412-090210-etl', 'restored', 'created', 'etl-shared-large'),
  outcome('notebook', '/Users/ana@contoso.com/daily/ingest', 'restored', 'changed at the source', 'ingest'),
  outcome('job', '1042', 'restored', 'schedule changed at the source', 'Nightly revenue'),
];

const skipped: readonly Outcome[] = [
  outcome('cluster', '0101-1', 'skipped', 'a job created it', 'job-77-run-1'),
  outcome('cluster', '0101-2', 'skipped', 'a job created it', 'job-78-run-1'),
  outcome(
    'notebook',
    '/Users/li@contoso.com/huge',
    'skipped',
    'larger than 10 MB: the platform does not export it',
    'huge',
  ),
];

/** A failover of a lifelike estate in which everything went well. */
export function goodFailover(change: Partial<ReportInput> = {}): ReportInput {
  const outcomes = [...restored, ...skipped];
  return {
    request: {
      formatVersion: 1,
      runId: 'analytics-20261121T031200Z-k3v9qa',
      kind: 'failover',
      pair: 'analytics',
      mode: 'unplanned',
      dryRun: false,
      source: 'primary',
      reason: 'Azure Databricks is unavailable in East US 2',
      fence: 'attempt',
      startedBy: 'alert:BN8T-PC0',
      requestedAt: '2026-11-21T03:12:00Z',
      epoch: 7,
    },
    summary: {
      formatVersion: 1,
      runId: 'analytics-20261121T031200Z-k3v9qa',
      status: 'succeeded',
      reason: 'everything was restored and woken',
      counts: { ...noOutcomes(), total: 0 },
      startedAt: '2026-11-21T03:12:00Z',
      endedAt: '2026-11-21T03:19:41Z',
      rtoSeconds: 432,
      rpoSeconds: 840,
    },
    sides: {
      primary: {
        region: 'eastus2',
        url: 'https://adb-1.1.azuredatabricks.net',
        reachable: false,
        token: true,
        fault: 'no answer within 5 s',
      },
      secondary: {
        region: 'centralus',
        url: 'https://adb-2.2.azuredatabricks.net',
        reachable: true,
        token: true,
      },
    },
    kinds: tally(estate, outcomes),
    outcomes,
    active: 'secondary',
    tenure: 2,
    snapshot: { id: '20261121T025800Z-1f3a', sealedAt: '2026-11-21T02:58:00Z' },
    cutover: {
      switched: true,
      awakeBefore: 3,
      woken: ['Nightly revenue', 'Clickstream to lake', 'Customer churn features'].map((name, at) => ({
        key: keyOf('job', String(1042 + at)),
        name,
        triggers: ['schedule'],
      })),
      asleep: [],
      fence: { state: 'done', policy: 'attempt', quieted: 3, triggersStillAwake: [] },
    },
    readiness: [
      { key: 'job/1042', name: 'Nightly revenue', tier: 0, state: 'runnable', reasons: [] },
      { key: 'job/1043', name: 'Clickstream to lake', tier: 1, state: 'runnable', reasons: [] },
      { key: 'job/1044', name: 'Customer churn features', state: 'runnable', reasons: [] },
    ],
    phases: [
      { phase: 'starting', startedAt: '2026-11-21T03:12:00Z', endedAt: '2026-11-21T03:12:03Z' },
      { phase: 'planning', startedAt: '2026-11-21T03:12:03Z', endedAt: '2026-11-21T03:12:49Z' },
      { phase: 'restoring', startedAt: '2026-11-21T03:12:49Z', endedAt: '2026-11-21T03:14:22Z' },
      { phase: 'verifying', startedAt: '2026-11-21T03:14:22Z', endedAt: '2026-11-21T03:15:04Z' },
      { phase: 'approving', startedAt: '2026-11-21T03:15:04Z', endedAt: '2026-11-21T03:18:31Z' },
      { phase: 'cuttingOver', startedAt: '2026-11-21T03:18:31Z', endedAt: '2026-11-21T03:19:12Z' },
      { phase: 'reporting', startedAt: '2026-11-21T03:19:12Z', endedAt: '2026-11-21T03:19:12.400Z' },
    ],
    requests: {
      primary: { calls: 12, writes: 0, throttled: 0 },
      secondary: { calls: 1_804, writes: 37, throttled: 4 },
    },
    decisions: [
      {
        verb: 'approve',
        who: 'dana@contoso.com',
        why: 'confirmed with the provider',
        at: '2026-11-21T03:18:31Z',
      },
    ],
    missing: [],
    notCarried: ['Unity Catalog data and metadata', 'MLflow runs and models', 'Git credentials'],
    trusted: [{ partition: '/Users/ana@contoso.com', verifiedAt: '2026-11-21T02:59:10Z' }],
    retire: [],
    warnings: [],
    ...change,
  };
}
