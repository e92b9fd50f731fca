import { createActivities, type Activities } from '../../functions/activities';
import { orchestrators } from '../../functions/orchestrators/registry';
import { startAzurite, type Azurite } from '../../local/azurite';
import { startWorkspace, type EmulatedWorkspace } from '../../local/workspace/workspace';
import { pairSchema, type PairConfig } from '../../shared/config/schema';
import { makeWorkspaces } from '../../shared/databricks/client';
import type { RunKind, RunSummary } from '../../shared/domain/run';
import type { RunScope } from '../../shared/domain/scope';
import { startRun } from '../../shared/engine/starter';
import { makeRunCache } from '../../shared/engine/run-cache';
import { makeLog, type Log } from '../../shared/log';
import { makeRunContexts, type RunContexts } from '../../shared/run-contexts';
import { assembleRuntime, type Runtime } from '../../shared/runtime';
import { openBlobStores, type BlobStores } from '../../shared/storage/blob-store';
import { writeConfig } from '../../shared/storage/config';
import { readSummary } from '../../shared/storage/runs';
import { StorageSharedKeyCredential } from '@azure/storage-blob';
import { makeDriver } from './drive';
import { hookActivities, type AroundActivity } from './hooked-activities';
import { makeVirtualClock, type VirtualClock } from './virtual-clock';
import { makeTokens } from './workspace-client';

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
  run(kind: RunKind, wish?: Wish): Promise<RunSummary>;
  /** Claims the pair and prepares a run, as a trigger does. Returns its id. */
  start(kind: RunKind, wish?: Wish): Promise<string>;
  /** Runs the orchestration of a run that was started. */
  drive(kind: RunKind, runId: string): Promise<RunSummary>;
  close(): Promise<void>;
}

export interface Wish {
  readonly dryRun?: boolean;
  readonly snapshot?: string;
  readonly scope?: RunScope;
  /** What is otherwise in the pair's configuration, for this run. */
  readonly pair?: Partial<PairConfig>;
}

export interface RigOptions {
  /** One that several rigs share, each with a pair of another name. @default one of its own */
  readonly azurite?: Azurite;
  /** Blobs elsewhere than in Azurite. */
  readonly blobs?: BlobStores;
  readonly pair?: Record<string, unknown>;
  /** The workspaces live on the virtual clock too. @default false */
  readonly virtualTime?: boolean;
  /** What every activity takes then. @default 1000 */
  readonly activityMs?: number;
  /** Called in the place of every activity; `run` does it, and may be called again. */
  readonly around?: AroundActivity;
  /** Every activity runs as in a process of its own, that remembers nothing. @default false */
  readonly freshProcesses?: boolean;
  /** Resolves when the event of that name comes. @default never */
  readonly decisions?: (event: string) => Promise<unknown>;
}

const tokens = { primary: 'dapi0primary0000', secondary: 'dapi0secondary00' };

export async function makeRig(options: RigOptions = {}): Promise<Rig> {
  const clock = makeVirtualClock(options.virtualTime === true ? undefined : Date.now());
  const lines: string[] = [];
  const log = makeLog((_level, line) => lines.push(line));
  const time = options.virtualTime === true ? { now: clock.now } : {};
  const primary = await startWorkspace({
    name: 'primary',
    region: 'eastus2',
    token: tokens.primary,
    ...time,
  });
  const secondary = await startWorkspace({
    name: 'secondary',
    region: 'centralus',
    token: tokens.secondary,
    ...time,
  });
  const { blobs, closeBlobs, storageUrl } = await openBlobs(options, clock, log);
  await blobs.state.ensure();
  await blobs.snapshots.ensure();
  const document = pairDocument(primary.url, secondary.url, options.pair);
  await writeConfig(blobs.state, { pairs: [document] });
  // Who waits for a run lets the workspaces get on with it.
  const sleep = async (ms: number): Promise<void> => {
    await clock.sleep(ms);
    if (options.virtualTime !== true) return;
    primary.tick();
    secondary.tick();
  };
  const workspaces = makeWorkspaces({
    ...clock,
    sleep,
    log,
    limits: 'off',
    allowLoopback: true,
    probeMs: 500,
  });
  const runtime = assembleRuntime({
    ...blobs,
    settings: { hub: 'TestHub', storageUrl, homeRegion: 'centralus', schedules: {} as never },
    workspaces,
    tokens: (auth) => makeTokens(auth.kind === 'keyVault' ? auth.secret : ''),
    log,
    allowLoopback: true,
    now: clock.now,
    sleep: clock.sleep,
  });
  const contexts = makeRunContexts(runtime);
  const activities = createActivities(runtime, contexts);
  const anew = (): Activities => {
    const fresh = { ...runtime, cache: makeRunCache() };
    return createActivities(fresh, makeRunContexts(fresh));
  };
  const around: AroundActivity = async (name, run, input) => {
    if (options.virtualTime === true) await clock.sleep(options.activityMs ?? 1000);
    primary.tick();
    secondary.tick();
    return options.around === undefined ? run() : options.around(name, run, input);
  };
  const hooked = hookActivities(options.freshProcesses === true ? anew : () => activities, around);
  const driver = makeDriver(orchestrators, hooked, clock, options.decisions);
  const pair = pairSchema.parse(document);

  async function start(
    kind: RunKind,
    { dryRun = false, scope, snapshot, pair: more }: Wish = {},
  ): Promise<string> {
    const wish = { kind, mode: 'unplanned', dryRun, reason: 'test', startedBy: 'test' } as const;
    const asked = { ...(scope && { scope }), ...(snapshot !== undefined && { snapshot }) };
    const started = await startRun(runtime, { ...wish, ...asked, pair: { ...pair, ...more } });
    if ('busy' in started) throw new Error(`busy: ${started.busy.runId}`);
    if (started.preempted !== undefined) contexts.abort(started.preempted, 'pre-empted');
    return started.request.runId;
  }
  async function drive(kind: RunKind, runId: string): Promise<RunSummary> {
    await driver.run(kind, { runId });
    const summary = await readSummary(runtime.state, runId);
    if (summary === undefined) throw new Error(`run ${runId} left no summary`);
    return summary;
  }
  return {
    primary,
    secondary,
    runtime,
    contexts,
    activities,
    clock,
    pair,
    lines,
    start,
    drive,
    run: async (kind, wish) => drive(kind, await start(kind, wish)),
    async close() {
      await workspaces.close();
      await primary.close();
      await secondary.close();
      await closeBlobs();
    },
  };
}

async function openBlobs({ blobs: given, azurite: shared }: RigOptions, { now }: VirtualClock, log: Log) {
  if (given !== undefined) return { blobs: given, storageUrl: '', closeBlobs: () => Promise.resolve() };
  const azurite = shared ?? (await startAzurite());
  const { url, account, key } = azurite;
  const blobs = openBlobStores({ url, credential: new StorageSharedKeyCredential(account, key), now, log });
  return {
    blobs,
    storageUrl: url,
    closeBlobs: () => (shared === undefined ? azurite.close() : Promise.resolve()),
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
    copySecretValues: true,
    ...more,
  };
}
