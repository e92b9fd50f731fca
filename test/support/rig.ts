import { createActivities, type Activities } from '../../functions/activities';
import { exportPartition, unitLane } from '../../functions/orchestrators/units';
import { failover } from '../../functions/orchestrators/failover';
import { incident } from '../../functions/orchestrators/incident';
import { lane } from '../../functions/orchestrators/lane';
import { refresh } from '../../functions/orchestrators/refresh';
import { sync } from '../../functions/orchestrators/sync';
import { startAzurite, type Azurite } from '../../local/azurite';
import { startWorkspace, type EmulatedWorkspace } from '../../local/workspace/workspace';
import { pairSchema, type PairConfig } from '../../shared/config/schema';
import { makeWorkspaces } from '../../shared/databricks/client';
import type { RunKind, RunSummary } from '../../shared/domain/run';
import { startRun } from '../../shared/engine/starter';
import { makeLog } from '../../shared/log';
import { makeRunContexts, type RunContexts } from '../../shared/run-contexts';
import { assembleRuntime, type Runtime } from '../../shared/runtime';
import { openBlobStores } from '../../shared/storage/blob-store';
import { writeConfig } from '../../shared/storage/config';
import { readSummary } from '../../shared/storage/runs';
import { StorageSharedKeyCredential } from '@azure/storage-blob';
import { makeDriver } from './drive';
import { makeVirtualClock, type VirtualClock } from './virtual-clock';
import { makeTokens } from './workspace-client';

export const orchestrators = { sync, refresh, failover, incident, lane, unitLane, exportPartition };

/** Two emulated workspaces, blobs, and our engine and orchestrators on a virtual clock: everything but the task hub. */
export interface Rig {
  readonly primary: EmulatedWorkspace;
  readonly secondary: EmulatedWorkspace;
  readonly runtime: Runtime;
  readonly contexts: RunContexts;
  readonly activities: Activities;
  readonly clock: VirtualClock;
  readonly pair: PairConfig;
  readonly lines: readonly string[];
  /** Runs one run from start to report. */
  run(kind: RunKind, wish?: { dryRun?: boolean }): Promise<RunSummary>;
  close(): Promise<void>;
}

export interface RigOptions {
  readonly azurite?: Azurite;
  readonly pair?: Record<string, unknown>;
}

const tokens = { primary: 'dapi0primary0000', secondary: 'dapi0secondary00' };

export async function makeRig(options: RigOptions = {}): Promise<Rig> {
  const azurite = options.azurite ?? (await startAzurite());
  const clock = makeVirtualClock(Date.now());
  const lines: string[] = [];
  const log = makeLog((_level, line) => lines.push(line));
  const primary = await startWorkspace({ name: 'primary', region: 'eastus2', token: tokens.primary });
  const secondary = await startWorkspace({ name: 'secondary', region: 'centralus', token: tokens.secondary });
  const stores = openBlobStores({
    url: azurite.url,
    credential: new StorageSharedKeyCredential(azurite.account, azurite.key),
    now: clock.now,
    log,
  });
  await stores.state.ensure();
  await stores.snapshots.ensure();
  const document = pairDocument(primary.url, secondary.url, options.pair);
  await writeConfig(stores.state, { pairs: [document] });
  const workspaces = makeWorkspaces({ ...clock, log, limits: 'off', allowLoopback: true, probeMs: 500 });
  const runtime = assembleRuntime({
    ...stores,
    settings: { hub: 'TestHub', storageUrl: azurite.url, homeRegion: 'centralus', schedules: {} as never },
    workspaces,
    tokens: (auth) => makeTokens(auth.kind === 'keyVault' ? auth.secret : ''),
    log,
    allowLoopback: true,
    now: clock.now,
    sleep: clock.sleep,
  });
  const contexts = makeRunContexts(runtime);
  const activities = createActivities(runtime, contexts);
  const driver = makeDriver(orchestrators, activities, clock);
  const pair = pairSchema.parse(document);
  return {
    primary,
    secondary,
    runtime,
    contexts,
    activities,
    clock,
    pair,
    lines,
    async run(kind, { dryRun = false } = {}) {
      const wish = { pair, kind, mode: 'unplanned', dryRun, reason: 'test', startedBy: 'test' } as const;
      const started = await startRun(runtime, wish);
      if ('busy' in started) throw new Error(`busy: ${started.busy.runId}`);
      const { runId } = started.request;
      await driver.run(kind, { runId });
      const summary = await readSummary(runtime.state, runId);
      if (summary === undefined) throw new Error(`run ${runId} left no summary`);
      return summary;
    },
    async close() {
      await workspaces.close();
      await primary.close();
      await secondary.close();
      if (options.azurite === undefined) await azurite.close();
    },
  };
}

function pairDocument(primaryUrl: string, secondaryUrl: string, more: Record<string, unknown> = {}) {
  return {
    name: 'analytics',
    primary: { region: 'eastus2', url: primaryUrl, auth: { kind: 'keyVault', secret: tokens.primary } },
    secondary: {
      region: 'centralus',
      url: secondaryUrl,
      auth: { kind: 'keyVault', secret: tokens.secondary },
    },
    approval: { required: false },
    ...more,
  };
}
