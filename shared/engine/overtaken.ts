import type { Adapter } from '../adapters/adapter';
import { hashBody } from '../domain/asset';
import { diff, stripIgnored } from '../domain/diff';
import { DrError } from '../domain/errors';
import type { PlanEntry } from '../domain/plan';
import { readTarget } from './plan-compare';
import type { RunContext } from './run-context';

/**
 * Throws DR_API_CONFLICT when somebody changed the target since the plan looked at it: what a person did is never overwritten
 * unseen. What is as it should be already was written by an earlier try of ours.
 */
export async function refuseOvertaken(
  context: RunContext,
  adapter: Adapter,
  { key, name, seen, line }: PlanEntry,
  body: object,
  id: string,
): Promise<void> {
  if (seen === undefined || context.pair.conflict === 'overwrite') return;
  const { sha, version } = seen;
  const path = line?.path;
  const actual = await readTarget(context, adapter, {
    ...{ id, name },
    ...(version === undefined ? {} : { version }),
    ...(path === undefined ? {} : { path }),
  });
  if (actual === undefined || hashBody(stripIgnored(actual, adapter.ignore)) === sha) return;
  if (diff(body, actual, adapter.ignore).length === 0) return;
  const message = `cannot update ${key}: it was changed at the target (${id}) since it was planned; compare the two, then run again`;
  throw new DrError('DR_API_CONFLICT', message);
}
