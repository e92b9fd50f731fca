import { readAlert } from './alerts';
import { pairOf, type AppRequest, type HostedProduct } from './hosted-app';
import { refusedScopes } from './refused-scopes';

/** A request that must be refused, and how. */
export interface RefusedRequest {
  readonly name: string;
  /** Method and path; `{run}` is a run that is over. */
  readonly ask: string;
  readonly request?: (app: HostedProduct) => AppRequest;
  readonly status: number;
  readonly code: string;
  readonly paths?: readonly string[];
}

const large = 'x'.repeat(1024 ** 2);
const confirm = 'analytics';
const reason = 'a test';

function config(...pairs: readonly object[]): AppRequest {
  return { body: { pairs } };
}

export const refusedRequests: readonly RefusedRequest[] = [
  { name: 'an unknown pair', ask: 'GET pairs/nobody', status: 404, code: 'DR_PAIR_UNKNOWN' },
  { name: 'a pair that is a path', ask: 'GET pairs/..%2F..%2Fruns', status: 404, code: 'DR_PAIR_UNKNOWN' },
  { name: 'a sync of an unknown pair', ask: 'POST pairs/nobody/sync', status: 404, code: 'DR_PAIR_UNKNOWN' },
  { name: 'an unknown run', ask: 'GET runs/nothing', status: 404, code: 'DR_RUN_UNKNOWN' },
  { name: 'the plan of an unknown run', ask: 'GET runs/nothing/plan', status: 404, code: 'DR_RUN_UNKNOWN' },
  { name: 'a run that is a path', ask: 'GET runs/..%2Fpairs', status: 404, code: 'DR_RUN_UNKNOWN' },
  {
    name: 'approval of an unknown run',
    ask: 'POST runs/nothing/approve',
    status: 404,
    code: 'DR_RUN_UNKNOWN',
  },
  {
    name: 'a failover without confirm',
    ask: 'POST pairs/analytics/failover',
    request: () => ({ body: { reason } }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['confirm'],
  },
  {
    name: 'a failover with another pair as confirm, and no reason',
    ask: 'POST pairs/analytics/failover',
    request: () => ({ body: { confirm: 'watched' } }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['confirm', 'reason'],
  },
  {
    name: 'a snapshot that is none',
    ask: 'POST pairs/analytics/failover',
    request: () => ({ body: { confirm, reason, snapshot: '../claim' } }),
    status: 422,
    code: 'DR_SNAPSHOT_MISSING',
    paths: ['snapshot'],
  },
  {
    name: 'an expectation of the other side',
    ask: 'POST pairs/analytics/failover',
    request: () => ({ body: { confirm, reason, expectActive: 'secondary' } }),
    status: 409,
    code: 'DR_CLAIM_LOST',
  },
  {
    name: 'unknown fields and wrong types',
    ask: 'POST pairs/analytics/refresh',
    request: () => ({ body: { reason: '', dryRnu: true, mode: 'fast' } }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['dryRnu', 'mode', 'reason'],
  },
  ...refusedScopes,
  {
    name: 'a refresh that shall only be tried',
    ask: 'POST pairs/analytics/refresh',
    request: () => ({ body: { dryRun: true } }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['dryRun'],
  },
  {
    name: 'a refresh of a pair that is only observed',
    ask: 'POST pairs/watched/refresh',
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['pair'],
  },
  {
    name: 'planned mode',
    ask: 'POST pairs/analytics/failover',
    request: () => ({ body: { confirm, reason, mode: 'planned' } }),
    status: 501,
    code: 'DR_FEATURE_NOT_BUILT',
  },
  {
    name: 'an idempotency key that is too long',
    ask: 'POST pairs/analytics/sync',
    request: () => ({ headers: { 'idempotency-key': 'k'.repeat(201) } }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['Idempotency-Key'],
  },
  {
    name: 'a body that is not JSON',
    ask: 'POST pairs/analytics/refresh',
    request: () => ({ body: '{"reason": ' }),
    status: 400,
    code: 'DR_REQUEST_MALFORMED',
  },
  {
    name: 'a body that is no object',
    ask: 'POST pairs/analytics/refresh',
    request: () => ({ body: [reason] }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['$'],
  },
  {
    name: 'a body over the limit',
    ask: 'POST pairs/analytics/refresh',
    request: () => ({ body: { reason: large } }),
    status: 413,
    code: 'DR_REQUEST_TOO_LARGE',
  },
  {
    name: 'a decision on a run that waits for none',
    ask: 'POST runs/{run}/approve',
    request: () => ({ body: { why: 'because' } }),
    status: 409,
    code: 'DR_APPROVAL_NOT_OPEN',
  },
  {
    name: 'the end of a run that is over',
    ask: 'POST runs/{run}/cancel',
    status: 409,
    code: 'DR_APPROVAL_NOT_OPEN',
  },
  {
    name: 'a decision with unknown fields',
    ask: 'POST runs/{run}/approve',
    request: () => ({ body: { verb: 'approve' } }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['verb'],
  },
  {
    name: 'a caller without the role',
    ask: 'POST pairs/analytics/sync',
    request: () => ({ headers: { 'x-ms-client-principal': principal('DR.Reader') } }),
    status: 403,
    code: 'DR_REQUEST_FORBIDDEN',
  },
  {
    name: 'the plan of a run that has none',
    ask: 'GET runs/{run}/plan',
    status: 404,
    code: 'DR_RUN_UNKNOWN',
  },
  {
    name: 'a limit of nothing',
    ask: 'GET runs?limit=0',
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['limit'],
  },
  {
    name: 'the map of an unknown kind',
    ask: 'GET pairs/analytics/map?kind=cat',
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['kind'],
  },
  {
    name: 'a configuration with two pairs on one target',
    ask: 'PUT config',
    request: (app) => config(pairOf(app), pairOf(app, { name: 'twin' })),
    status: 422,
    code: 'DR_CONFIG_INVALID',
    paths: ['pairs[1].primary.url', 'pairs[1].secondary.url'],
  },
  {
    name: "a pair whose primary region is the app's own",
    ask: 'PUT config',
    request: (app) => config(pairOf(app, { primary: { region: 'Central US', url: app.primary.url } })),
    status: 422,
    code: 'DR_CONFIG_INVALID',
    paths: ['pairs[0].primary.region', 'pairs[0].secondary.region'],
  },
  {
    name: 'a workspace that is none',
    ask: 'PUT config',
    request: (app) => config(pairOf(app, { primary: { region: 'eastus2', url: 'https://example.com' } })),
    status: 422,
    code: 'DR_CONFIG_INVALID',
    paths: ['pairs[0].primary.url'],
  },
  {
    name: 'a configuration that is not JSON',
    ask: 'PUT config',
    request: () => ({ body: 'pairs:' }),
    status: 400,
    code: 'DR_REQUEST_MALFORMED',
  },
  {
    name: 'an alert that is none',
    ask: 'POST alerts',
    request: () => ({ body: {} }),
    status: 400,
    code: 'DR_ALERT_INVALID',
  },
  {
    name: 'an alert over the limit',
    ask: 'POST alerts',
    request: () => ({ body: { ...readAlert('active'), padding: 'x'.repeat(256 * 1024) } }),
    status: 413,
    code: 'DR_REQUEST_TOO_LARGE',
  },
  { name: 'a drill', ask: 'POST pairs/analytics/drill', status: 501, code: 'DR_FEATURE_NOT_BUILT' },
  { name: 'a commit', ask: 'POST runs/{run}/commit', status: 501, code: 'DR_FEATURE_NOT_BUILT' },
];

function principal(role: string): string {
  const claims = [
    { typ: 'name', val: 'Ana' },
    { typ: 'roles', val: role },
  ];
  return Buffer.from(JSON.stringify({ auth_typ: 'aad', claims })).toString('base64');
}
