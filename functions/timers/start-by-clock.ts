import type { PairConfig } from '../../shared/config/schema';
import { incidentOf } from '../../shared/engine/incident-keeper';
import { reasonToWait } from '../../shared/engine/prober';
import type { RunWish } from '../../shared/engine/starter';
import { readClaim } from '../../shared/storage/claims';
import { readState } from '../../shared/storage/pair-state';
import { readLatest } from '../../shared/storage/snapshots';
import type { Runtime } from '../../shared/runtime';
import type { Hub } from '../app/hub';
import { launch } from '../app/launch';
import type { Services } from '../app/services';

/** Refreshes every pair; one that is only observed is synced. */
export function refreshPairs(services: Services, hub: Hub): Promise<void> {
  return startEach(services, hub, (pair) => ({
    pair,
    kind: pair.mode === 'observe' ? 'sync' : 'refresh',
    mode: 'unplanned',
    dryRun: false,
    reason: 'by the schedule of the refresh',
    startedBy: 'timer',
  }));
}

/** Plans what a failover would do now, and does nothing. */
export function dryRunPairs(services: Services, hub: Hub): Promise<void> {
  return startEach(services, hub, async (pair) => {
    if ((await readLatest(services.runtime, pair.name)) === undefined) return 'there is no snapshot yet';
    return {
      pair,
      kind: 'failover',
      mode: 'unplanned',
      dryRun: true,
      reason: 'by the schedule of the dry run',
      startedBy: 'timer',
    };
  });
}

/** Removes what is no longer kept, and verifies what is. Only when nothing else is under way. */
export function retainPairs(services: Services, hub: Hub): Promise<void> {
  return startEach(services, hub, (pair) => ({
    pair,
    kind: 'retention',
    mode: 'unplanned',
    dryRun: false,
    reason: 'by the schedule of the retention',
    startedBy: 'timer',
  }));
}

/** `wishFor` gives the run that is wanted, or why none is. A pair that cannot be started does not hold up the others. */
async function startEach(
  services: Services,
  hub: Hub,
  wishFor: (pair: PairConfig) => RunWish | string | Promise<RunWish | string>,
): Promise<void> {
  const { runtime } = services;
  const { config, refused } = await runtime.config();
  for (const { name } of refused)
    runtime.log.error('a pair is refused: its configuration has faults', { pair: name });
  for (const pair of config.pairs) {
    const log = runtime.log.with({ pair: pair.name });
    try {
      const wish = (await waitsFor(runtime, pair.name)) ?? (await wishFor(pair));
      const started = typeof wish === 'string' ? wish : await launch(services, hub, wish);
      if (typeof started === 'string') log.info('nothing is started by the clock', { why: started });
      else if ('busy' in started)
        log.info('nothing is started by the clock', { why: `${started.busy.runId} has the pair` });
    } catch (error) {
      log.error('a run could not be started by the clock', {
        reason: error instanceof Error ? error.message : 'unknown error',
      });
    }
  }
}

async function waitsFor(runtime: Runtime, pair: string): Promise<string | undefined> {
  const claim = await readClaim(runtime.state, pair);
  if (claim?.released === false && claim.kind === 'failover') return `failover ${claim.runId} is under way`;
  const state = await readState(runtime.state, pair, new Date(runtime.now()).toISOString());
  return reasonToWait(state, await incidentOf(runtime, pair));
}
