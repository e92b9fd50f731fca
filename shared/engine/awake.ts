import { adapters } from '../adapters/registry';
import type { Adapter, TriggerOperations } from '../adapters/adapter';
import type { AwakeEntry } from '../domain/state';
import { readAwake, readState, sealAwake } from '../storage/pair-state';
import { tierOf } from './readiness-judge';
import { isoNow, type RunContext } from './run-context';
import { bodiesOf } from './snapshot-bodies';

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

/**
 * Seals what was awake at the source, from the snapshot's bodies: fence, wake, rollback and failback read only this.
 * The first writer wins: a repetition returns what was sealed.
 */
export async function sealAwakeRecord(context: RunContext): Promise<readonly AwakeEntry[]> {
  const tenure = await endingTenure(context);
  const sealed = await readAwake(context.state, context.pair.name, tenure);
  if (sealed !== undefined) return sealed;
  const entries: AwakeEntry[] = [];
  for (const adapter of triggeredAdapters()) {
    for await (const { line, body } of bodiesOf(context, adapter.kind)) {
      const triggers = adapter.triggers.awake(body);
      const tier = tierOf(context, adapter.tags?.(body));
      if (triggers.length > 0) {
        entries.push({ key: line.key, name: line.name, triggers, ...(tier === undefined ? {} : { tier }) });
      }
    }
  }
  return sealAwake(context.state, context.pair.name, tenure, entries);
}
