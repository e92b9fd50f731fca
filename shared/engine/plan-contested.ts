import { hashBody, type Stub } from '../domain/asset';
import { diff, stripIgnored } from '../domain/diff';
import type { Desired } from './desired';
import { degraded, makeLink } from './make-link';
import type { Compared, Open, Scope } from './plan-compare';
import type { RunContext } from './run-context';

/**
 * The conflict about what a person has to decide (an identity that is disabled at the target), whatever the policy for conflicts is.
 * The source has its way only where it changed and the target did not, since both last agreed. What is the same asset all the same is
 * linked, so that others may refer to it, but that is never taken for an agreement.
 */
export function contestedEntry(
  context: RunContext,
  { adapter, partition, retired }: Scope,
  { line, link }: Open,
  stub: Stub,
  desired: Desired,
  actual: object,
): Compared | undefined {
  const targetSha = hashBody(stripIgnored(actual, adapter.ignore));
  const onlySource = link?.targetSha === targetSha && link.base !== desired.base && link.mapSha !== degraded;
  // What we put away ourselves is nobody's decision.
  const isSettled = onlySource || retired.has(stub.id);
  const contest = isSettled ? undefined : adapter.contested?.(desired.asleep, actual);
  if (contest === undefined) return undefined;
  const entry = {
    key: line.key,
    name: line.name,
    partition,
    needs: line.needs ?? [],
    line,
    action: 'conflict' as const,
    reason: contest.reason,
    target: stub.id,
    diff: diff(desired.asleep, actual, adapter.ignore).slice(0, 50),
  };
  if (contest.same !== true || link !== undefined) return { entry };
  const state = { base: desired.base, mapSha: degraded, targetSha, ours: false, verified: false };
  return { entry, link: makeLink(context, { line, targetId: stub.id, ...state }) };
}
