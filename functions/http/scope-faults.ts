import { adapters, laterKinds } from '../../shared/adapters/registry';
import type { PairConfig } from '../../shared/config/schema';
import { parseKey } from '../../shared/domain/asset';
import { kindOfPattern } from '../../shared/domain/pattern';
import { isLimited, type RunScope } from '../../shared/domain/scope';
import type { Manifest } from '../../shared/domain/snapshot';
import { readableLines } from '../../shared/engine/snapshot-damage';
import type { Runtime } from '../../shared/runtime';

interface ScopeFault {
  readonly path: string;
  readonly message: string;
}

/** What is wrong with the scope that a run is asked to have, fault by fault. */
export function scopeFaults(scope: RunScope | undefined, restores: boolean): ScopeFault[] {
  if (scope === undefined) return [];
  if (!restores)
    return [{ path: 'scope', message: 'is for a refresh or a failover: a snapshot holds everything' }];
  if (!isLimited(scope) && (scope.exclude ?? []).length === 0)
    return [
      { path: 'scope', message: 'names nothing: give tiers, jobs, include or exclude, or leave it out' },
    ];
  return (['include', 'exclude'] as const).flatMap((list) =>
    (scope[list] ?? []).flatMap((pattern, i) => kindFault(pattern, `scope.${list}[${i}]`)),
  );
}

/** Jobs that a scope names and that the snapshot does not have: a failover for them would switch and wake nothing of what was meant. */
export async function unknownJobs(
  runtime: Runtime,
  pair: PairConfig,
  { id, rows }: Manifest,
  { jobs = [] }: RunScope = {},
): Promise<ScopeFault[]> {
  const known = new Set<string>();
  for (const { kind, indexShas } of jobs.length === 0 ? [] : rows) {
    if (kind !== 'job') continue;
    for await (const { key, name } of readableLines({ ...runtime, pair }, indexShas, () => undefined)) {
      known.add(parseKey(key).id).add(name);
    }
  }
  return jobs.flatMap((job, i) =>
    known.has(job) ? [] : [{ path: `scope.jobs[${i}]`, message: `is no job of snapshot ${id}` }],
  );
}

/** Patterns of a pair that can match nothing, for no asset is of such a kind. */
export function deadPatterns({ scope, exceptions }: PairConfig, index: number): ScopeFault[] {
  return [
    ...(['include', 'exclude'] as const).flatMap((list) =>
      (scope[list] ?? []).flatMap((pattern, i) => kindFault(pattern, `pairs[${index}].scope.${list}[${i}]`)),
    ),
    ...exceptions.flatMap(({ match }, i) => kindFault(match, `pairs[${index}].exceptions[${i}].match`)),
  ];
}

function kindFault(pattern: string, path: string): ScopeFault[] {
  const kind = kindOfPattern(pattern) ?? '';
  if (laterKinds.has(kind) || adapters.some((adapter) => adapter.kind === kind)) return [];
  return [{ path, message: `matches nothing: there is no kind ${JSON.stringify(kind)}` }];
}
