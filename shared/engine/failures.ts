import type { AssetKey } from '../domain/asset';
import { readFailures } from '../storage/failures';
import { readPlanHead } from '../storage/runs';
import type { RunContext } from './run-context';

/** Why assets of earlier waves did not arrive: the chain that a blocked asset names. Written when a wave is sealed. */
export function failuresBefore(context: RunContext, wave: number): Promise<ReadonlyMap<AssetKey, string>> {
  const { runId } = context.request;
  return context.cache.once(`${runId}:failures:${wave}`, async () => {
    const plan = await readPlanHead(context.state, runId);
    const failures = new Map<AssetKey, string>();
    for (const { wave: earlier } of plan?.waves ?? []) {
      if (earlier >= wave) break;
      for (const { key, reason } of await readFailures(context.state, runId, earlier))
        failures.set(key, reason);
    }
    return failures;
  });
}
