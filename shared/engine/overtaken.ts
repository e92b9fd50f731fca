import type { Adapter } from '../adapters/adapter';
import { hashBody } from '../domain/asset';
import { diff, stripIgnored } from '../domain/diff';
import { DrError } from '../domain/errors';
import type { PlanEntry } from '../domain/plan';
import { targetIndex } from './listing';
import { readTarget } from './plan-compare';
import type { RunContext } from './run-context';

/**
 * Throws DR_API_CONFLICT when somebody changed the target since the plan looked at it: what a person did is never overwritten
 * unseen. What is as it should be already was written by an earlier try of ours.
 */
export async function refuseOvertaken(
  context: RunContext,
  adapter: Adapter,
  { key, name, partition, seen, line }: PlanEntry,
  body: object,
  id: string,
): Promise<void> {
  if (seen === undefined || context.pair.conflict === 'overwrite') return;
  const { sha, version } = seen;
  const path = line?.path;
  const stub = { id, name, ...(version !== undefined && { version }), ...(path !== undefined && { path }) };
  const actual =
    (await readTarget(context, adapter, stub)) ?? (await listed(context, adapter, partition, id));
  if (actual === undefined || hashBody(stripIgnored(actual, adapter.ignore)) === sha) return;
  if (diff(body, actual, adapter.ignore).length === 0) return;
  const message = `cannot update ${key}: it was changed at the target (${id}) since it was planned; compare the two, then run again`;
  throw new DrError('DR_API_CONFLICT', message);
}

/** The body of what cannot be read one by one. */
async function listed(context: RunContext, { kind }: Adapter, partition: string, id: string) {
  return (await targetIndex(context, 'restoring', kind, partition)).byId(id)?.body;
}
