import { startRun, type RunWish, type StartResult } from '../../shared/engine/starter';
import type { Hub } from './hub';
import type { Services } from './services';

/** Claims, freezes and starts a run. A run that has its claim and did not start is started by the probe timer. */
export async function launch(
  { runtime, contexts }: Pick<Services, 'runtime' | 'contexts'>,
  hub: Hub,
  wish: RunWish,
): Promise<StartResult> {
  const started = await startRun(runtime, wish);
  if ('busy' in started) return started;
  const { runId, kind, dryRun } = started.request;
  if (started.preempted !== undefined) contexts.abort(started.preempted, `pre-empted by ${runId}`);
  try {
    await hub.start(kind, runId, { runId });
  } catch (error) {
    if (dryRun) throw error;
    runtime.log.warn('a run has its claim and waits to be started', { runId });
  }
  return started;
}
