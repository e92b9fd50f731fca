import { adapters } from '../adapters/registry';
import type { Adapter, TriggerOperations } from '../adapters/adapter';
import { excluder } from '../domain/scope';
import type { AwakeEntry } from '../domain/state';
import { readAwake, readState, sealAwake } from '../storage/pair-state';
import { tierOf } from './readiness-judge';
import { isoNow, type RunContext } from './run-context';
import { bodiesOf, linesOf } from './snapshot-bodies';

/** An adapter of a kind that has triggers. */
export interface TriggeredAdapter extends Adapter {
  readonly triggers: TriggerOperations;
}

/** The kinds that can make something run. */
export function triggeredAdapters(): TriggeredAdapter[] {
  return adapters.filter((adapter): adapter is TriggeredAdapter => adapter.triggers !== undefined);
}

/** The tenure that this run ends: the present one, or the one before when it has switched already. */
export async function endingTenure(context: RunContext): Promise<number> {
  const state = await readState(context.state, context.pair.name, isoNow(context));
  return state.active === context.source ? state.tenure : state.tenure - 1;
}

/** What was awake at the source: the sealed record, or what would be sealed now, from the snapshot's bodies. */
export async function awakeRecord(context: RunContext): Promise<readonly AwakeEntry[]> {
  const sealed = await readAwake(context.state, context.pair.name, await endingTenure(context));
  if (sealed !== undefined) return sealed;
  const entries: AwakeEntry[] = [];
  // What the pair excludes is left alone on both sides.
  const excludedBy = excluder(context.pair.scope);
  for (const adapter of triggeredAdapters()) {
    entries.push(...(await awakeButNotCarried(context, adapter)));
    for await (const { line, body } of bodiesOf(context, adapter.kind)) {
      const triggers = adapter.triggers.awake(body);
      const tags = adapter.tags?.(body);
      const tier = tierOf(context, tags);
      if (triggers.length > 0 && excludedBy(line.key, tags) === undefined) {
        entries.push({ key: line.key, name: line.name, triggers, ...(tier === undefined ? {} : { tier }) });
      }
    }
  }
  return entries;
}

/** What nothing is made of at the target: its triggers must not be awake on both sides either. */
async function awakeButNotCarried(context: RunContext, { kind }: TriggeredAdapter): Promise<AwakeEntry[]> {
  const entries: AwakeEntry[] = [];
  for await (const { key, name, awake } of linesOf(context, kind))
    if (awake !== undefined) entries.push({ key, name, triggers: awake });
  return entries;
}

/**
 * Seals the record, right before the first pause or the switch: fence, wake, rollback and failback read only this. The first
 * writer wins, so that a cutover that is begun again knows what an earlier one had quieted.
 */
export async function sealAwakeRecord(
  context: RunContext,
  entries: readonly AwakeEntry[],
): Promise<readonly AwakeEntry[]> {
  return sealAwake(context.state, context.pair.name, await endingTenure(context), entries);
}
