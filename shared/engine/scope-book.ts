import { adapters } from '../adapters/registry';
import { parseKey, type AssetKey } from '../domain/asset';
import type { PlanEntry } from '../domain/plan';
import { readStage, writeStage } from '../storage/stages';
import type { RunContext } from './run-context';

interface StoredScope {
  readonly formatVersion: 1;
  /** What has triggers and is left alone, with the reason: it is not judged and not woken. */
  readonly out: Readonly<Record<AssetKey, string>>;
}

const stage = 'planning/scope';

/** Collects what has triggers and is left alone. */
export function makeScopeBook(context: RunContext) {
  const out: Record<AssetKey, string> = {};
  const triggered = new Set(adapters.filter(({ triggers }) => triggers).map(({ kind }) => kind));
  return {
    note({ key, reason, outOfScope }: PlanEntry): void {
      if (outOfScope === true && triggered.has(parseKey(key).kind)) out[key] = reason;
    },
    async write(): Promise<void> {
      const stored: StoredScope = { formatVersion: 1, out };
      await writeStage(context.state, context.request.runId, stage, stored);
    },
  };
}

/** What has triggers and is left alone by this run, with the reason. */
export async function readOutOfScope(context: RunContext): Promise<ReadonlyMap<AssetKey, string>> {
  const stored = await readStage<StoredScope | undefined>(context.state, context.request.runId, stage, true);
  return new Map(Object.entries(stored?.out ?? {}) as [AssetKey, string][]);
}
