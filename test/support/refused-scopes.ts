import type { RefusedRequest } from './refused-requests';

/** Scopes that must be refused, each fault with its path. */
export const refusedScopes: readonly RefusedRequest[] = [
  {
    name: 'a scope with faults',
    ask: 'POST pairs/analytics/refresh',
    request: () => ({
      body: {
        scope: { tiers: [0, 100], jobs: [''], include: ['jobs'], exclude: ['job/1', 'plane/*'], all: true },
      },
    }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['scope.all', 'scope.include[0]', 'scope.jobs[0]', 'scope.tiers[1]'],
  },
  {
    name: 'a scope of a kind that there is not',
    ask: 'POST pairs/analytics/refresh',
    request: () => ({ body: { scope: { exclude: ['job/1', 'plane/*'] } } }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['scope.exclude[1]'],
  },
  {
    name: 'a failover of jobs that the snapshot does not have',
    ask: 'POST pairs/analytics/failover',
    request: () => ({ body: { confirm: 'analytics', reason: 'a test', scope: { jobs: ['no such job'] } } }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['scope.jobs[0]'],
  },
  {
    name: 'a snapshot with a scope',
    ask: 'POST pairs/analytics/sync',
    request: () => ({ body: { scope: { tiers: [0] } } }),
    status: 422,
    code: 'DR_REQUEST_INVALID',
    paths: ['scope'],
  },
];
