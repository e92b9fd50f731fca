import type { RetentionFacts } from '../domain/retention';
import type { resultOf } from '../domain/result';
import type { Tally } from './tally';

type Result = ReturnType<typeof resultOf>;

/** The result of a run that did all it was for, unless something is left that outcomes do not count. */
export function withOpenPoints(
  result: Result,
  unwoken: number,
  { retire }: Tally,
  retention: RetentionFacts | undefined,
): Result {
  const unretired = retire.filter(({ fate }) => fate === 'failed').length;
  const damaged = retention?.damaged.length ?? 0;
  const points = [
    [unwoken, 'that were awake stay asleep'],
    [unretired, 'that are gone at the source could not be put asleep or removed'],
    [damaged, 'stored blobs are damaged or missing'],
  ] as const;
  const reason = points.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (result.status !== 'succeeded' || reason.length === 0) return result;
  return { status: 'partiallyFailed', reason: reason.join('; ') };
}
