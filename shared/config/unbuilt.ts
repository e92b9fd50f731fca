import type { Fault } from './faults';
import type { Config, PairConfig } from './schema';

/** Fields of a pair whose feature is not built yet: where, and whether the value asks for it. */
const fields: readonly { path: string; asked: (pair: PairConfig) => boolean; message: string }[] = [
  {
    path: 'rewrite.urls',
    asked: ({ rewrite }) => Object.keys(rewrite.urls).length > 0,
    message: 'rewrites texts only: notebooks and files are not changed',
  },
  {
    path: 'approval.approvers',
    asked: ({ approval }) => approval.approvers > 1,
    message: 'has no effect yet: one approval is enough',
  },
  {
    path: 'cutover.gates',
    asked: ({ cutover }) => cutover.gates.length > 0,
    message: 'has no effect yet: nothing is checked before a tier wakes',
  },
  {
    path: 'cutover.drainMinutes',
    asked: ({ cutover }) => cutover.drainMinutes !== 10,
    message: 'has no effect yet: runs that are under way are not waited for',
  },
  {
    path: 'notify',
    asked: ({ notify }) => notify.length > 0,
    message: 'has no effect yet: watch the logs and the status routes',
  },
];

/** Warnings for what is asked of a pair and does nothing yet. */
export function unbuiltInPair(pair: PairConfig, index: number): Fault[] {
  return fields
    .filter(({ asked }) => asked(pair))
    .map(({ path, message }) => ({ path: `pairs[${index}].${path}`, message }));
}

/** Warnings for what is asked of the app as a whole and does nothing yet. */
export function unbuiltInConfig({ groups }: Pick<Config, 'groups'>): Fault[] {
  return groups.length === 0
    ? []
    : [{ path: 'groups', message: 'has no effect yet: fail over each pair by itself' }];
}
