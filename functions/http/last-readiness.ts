import type { Readiness } from '../../shared/domain/readiness';
import { readReadiness } from '../../shared/engine/readiness-judge';
import { listRuns } from '../../shared/storage/runs';
import type { Runtime } from '../../shared/runtime';

/** Runs among which the last one is looked for that judged readiness. */
const recentRuns = 10;

/** What the last run of the pair that judged it said about its jobs. */
export async function lastReadiness(runtime: Runtime, pair: string): Promise<Readiness | undefined> {
  for (const runId of await listRuns(runtime.state, pair, recentRuns)) {
    const readiness = await readReadiness(runtime, runId);
    // One that was limited to some jobs says nothing about the pair.
    if (readiness !== undefined && readiness.scoped !== true) return readiness;
  }
  return undefined;
}
