import { type RunView } from '../functions/http/run-view';
import { dumpWorkspace } from '../local/workspace/dump';
import { type EmulatedWorkspace } from '../local/workspace/workspace';
import { outcomes } from '../shared/domain/run';
import { chooseMoments, type Profile } from './kill-moments';
import { Killer, type Kill } from './killer';
import { openStage, type Stage } from './stage';
import { watchTraffic } from './traffic';

export interface KillOptions {
  readonly kind: 'refresh' | 'failover';
  readonly size: string;
  readonly seed: number;
  readonly kills: number;
  /** What the moments are chosen by, when it is known. @default that of an undisturbed run */
  readonly profile?: Profile;
  readonly tell: (kill: Kill) => void;
}

/** How a run ended, and what it left at the target. */
export interface Lived {
  readonly run: RunView;
  readonly profile: Profile;
  readonly kills: readonly Kill[];
  /** Assets in the plan. */
  readonly planned: number;
  readonly writes: number;
  /** Writes of another run of the same kind right after it; a failover is not repeated. */
  readonly writesAgain: number;
  readonly target: Readonly<Record<string, unknown>>;
  /** Markers that more than one copy carries. */
  readonly duplicates: readonly string[];
}

export interface KillProof {
  readonly calm: Lived;
  readonly killed: Lived;
  /** What speaks against it: empty when the kills made no difference. */
  readonly faults: readonly string[];
}

/** Lives through a cold run twice, the second time with the app host killed again and again, and compares. */
export async function proveKills(options: KillOptions): Promise<KillProof> {
  const { profile, kills, seed } = options;
  const calmly = live(options, []);
  const known = profile ?? (await calmly).profile;
  const killed = await live(options, chooseMoments(known, kills, seed));
  const calm = await calmly;
  return { calm, killed, faults: faultsOf(calm, killed, kills) };
}

async function live(
  { kind, size, seed, tell }: KillOptions,
  moments: ReturnType<typeof chooseMoments>,
): Promise<Lived> {
  const stage = await openStage(['--size', size, '--seed', String(seed)]);
  try {
    if (kind === 'failover') await stage.ended(await stage.start('sync'));
    const traffic = watchTraffic(stage.world);
    const killer = new Killer(stage, moments, tell);
    const runId = await stage.start(kind);
    const run = await stage.ended(runId, (view) => {
      killer.see(view);
    });
    killer.stop();
    const { secondary } = stage.world.workspaces;
    const seen = { run, profile: killer.profile(), kills: killer.kills, writes: traffic().writes };
    const left = { target: lasting(dumpWorkspace(secondary)), duplicates: duplicatesIn(secondary) };
    const writesAgain = kind === 'refresh' ? await writesOf(stage, kind) : 0;
    return { ...seen, ...left, planned: await planned(stage, runId), writesAgain };
  } finally {
    await stage.close();
  }
}

async function planned({ app }: Stage, runId: string): Promise<number> {
  const { counts } = await app.get<{ counts: Record<string, number> }>(`/api/runs/${runId}/plan?limit=1`);
  return Object.values(counts).reduce((sum, count) => sum + count, 0) - (counts['retire'] ?? 0);
}

async function writesOf(stage: Stage, kind: 'refresh'): Promise<number> {
  const traffic = watchTraffic(stage.world);
  await stage.ended(await stage.start(kind));
  return traffic().writes;
}

/** Without what comes and goes as jobs run: machines that are up, and those that runs made. */
function lasting(dump: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { clusters, ...rest } = dump;
  const rows = (clusters as Record<string, unknown>[]).filter((row) => row['cluster_source'] !== 'JOB');
  return { ...rest, clusters: rows.map(({ state, executors, ...row }) => row) };
}

function duplicatesIn(workspace: EmulatedWorkspace): string[] {
  const text = JSON.stringify([
    workspace.call('GET', '/api/2.2/jobs/list?limit=100').json,
    workspace.call('GET', '/api/2.1/clusters/list?page_size=100').json,
    workspace.call('GET', '/api/2.0/instance-pools/list').json,
  ]);
  const kindsOfMarker = /"(job_id|cluster_id|instance_pool_id)":[^}]*?"dr_source_id":"([^"]+)"/g;
  const markers = [...text.matchAll(kindsOfMarker)].map(([, kind, marker]) => `${kind} ${marker}`);
  return markers.filter((marker, at) => markers.indexOf(marker) !== at);
}

function faultsOf(calm: Lived, killed: Lived, kills: number): string[] {
  const { run } = killed;
  const accounted = outcomes.reduce((sum, name) => sum + run.counts[name], 0);
  const statuses = [calm.run, run].map(({ status, counts }) => JSON.stringify({ status, counts }));
  const parts = Object.keys(calm.target).filter(
    (part) => JSON.stringify(calm.target[part]) !== JSON.stringify(killed.target[part]),
  );
  return [
    ...(killed.kills.length === kills ? [] : [`only ${killed.kills.length} of ${kills} kills came in time`]),
    ...(calm.run.status === 'succeeded' ? [] : [`undisturbed it ended ${calm.run.status}`]),
    ...(statuses[0] === statuses[1] ? [] : [`it ended ${statuses[1]} instead of ${statuses[0]}`]),
    ...(accounted === killed.planned ? [] : [`${accounted} outcomes of ${killed.planned} assets`]),
    ...parts.map(
      (part) => `the secondary has other ${part}: ${differenceOf(calm.target[part], killed.target[part])}`,
    ),
    ...killed.duplicates.map((marker) => `two copies of ${marker}`),
    ...(killed.writesAgain === 0 ? [] : [`the next run made ${killed.writesAgain} writes`]),
  ];
}

function differenceOf(one: unknown, other: unknown): string {
  const [ours, theirs] = [one, other].map((list) =>
    (list as unknown[]).map((row) => JSON.stringify(row)),
  ) as [string[], string[]];
  const short = (rows: string[]): string =>
    rows
      .map((row) => row.slice(0, 300))
      .slice(0, 2)
      .join(' | ');
  const lacking = ours.filter((row) => !theirs.includes(row));
  const extra = theirs.filter((row) => !ours.includes(row));
  return `${lacking.length} lacking (${short(lacking)}), ${extra.length} extra (${short(extra)})`;
}
