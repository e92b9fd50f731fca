import { adapterOf } from '../adapters/registry';
import { parseKey, type AssetKey } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { AwakeEntry } from '../domain/state';
import { readLateAwake } from '../storage/late-awake';
import { readAwake } from '../storage/pair-state';
import { endingTenure } from './awake';
import type { RunContext } from './run-context';

/** What a side that was quieted did on its own account before it was. */
export interface Firings {
  /** Awake there, although the sealed record does not have it: it came, or was woken, after the snapshot. */
  readonly late: readonly AssetKey[];
  /** Runs that its triggers had begun and that are still under way: quieting stops what would start, not what runs. */
  readonly running: readonly { readonly key: AssetKey; readonly runs: readonly string[] }[];
}

/** Looks at the source of a run that was left behind by its cutover. What cannot be asked is left out. */
export async function listFirings(context: RunContext): Promise<Firings> {
  const { state, pair } = context;
  const tenure = await endingTenure(context);
  const late = await readLateAwake(state, pair.name, tenure);
  const entries = [...((await readAwake(state, pair.name, tenure)) ?? []), ...late];
  const running: { key: AssetKey; runs: readonly string[] }[] = [];
  await context.from.each(entries, async ({ key }: AwakeEntry) => {
    const { kind, id } = parseKey(key);
    try {
      const runs = (await adapterOf(kind).triggers?.activeRuns?.(context.from, id)) ?? [];
      if (runs.length > 0) running.push({ key, runs });
    } catch (error) {
      if (!(error instanceof DrError)) throw error;
    }
  });
  return { late: late.map(({ key }) => key), running };
}
