import { decideRun } from './http/decisions';
import { postPreflight } from './http/preflight';
import { registerRoutes, rolesFor, unbuilt } from './http/route';
import { startRunOf } from './http/start-run';

const { operating, approving } = rolesFor;

/** HTTP: start a run, and decide about one. */
registerRoutes([
  {
    name: 'startSync',
    method: 'POST',
    path: 'pairs/{pair}/sync',
    roles: operating,
    answer: (call) => startRunOf('sync', call),
  },
  {
    name: 'startRefresh',
    method: 'POST',
    path: 'pairs/{pair}/refresh',
    roles: operating,
    answer: (call) => startRunOf('refresh', call),
  },
  {
    name: 'startFailover',
    method: 'POST',
    path: 'pairs/{pair}/failover',
    roles: operating,
    answer: (call) => startRunOf('failover', call),
  },
  {
    name: 'approveRun',
    method: 'POST',
    path: 'runs/{run}/approve',
    roles: approving,
    answer: (call) => decideRun('approve', call),
  },
  {
    name: 'rejectRun',
    method: 'POST',
    path: 'runs/{run}/reject',
    roles: approving,
    answer: (call) => decideRun('reject', call),
  },
  {
    name: 'cancelRun',
    method: 'POST',
    path: 'runs/{run}/cancel',
    roles: [...operating, ...approving],
    answer: (call) => decideRun('cancel', call),
  },
  {
    name: 'preflightPair',
    method: 'POST',
    path: 'pairs/{pair}/preflight',
    roles: operating,
    answer: postPreflight,
  },
  unbuilt('startDrill', 'POST', 'pairs/{pair}/drill'),
  unbuilt('startFailback', 'POST', 'pairs/{pair}/failback'),
  unbuilt('startGroupFailover', 'POST', 'groups/{group}/failover'),
  unbuilt('pauseRun', 'POST', 'runs/{run}/pause'),
  unbuilt('resumeRun', 'POST', 'runs/{run}/resume'),
  unbuilt('commitRun', 'POST', 'runs/{run}/commit'),
  unbuilt('rollBackRun', 'POST', 'runs/{run}/rollback'),
  unbuilt('adoptAssets', 'POST', 'pairs/{pair}/adopt'),
]);
