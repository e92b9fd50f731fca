import { type RunView } from '../functions/http/run-view';
import { dumpWorkspace } from '../local/workspace/dump';
import { type Json, jsonIn, rowsIn, textIn } from '../local/workspace/fields';
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
  /** Its lists, each row as text. */
  readonly target: Readonly<Record<string, readonly string[]>>;
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
    if (kind === 'failover') {
      forgetSecrets(stage.world.workspaces.primary);
      await stage.ended(await stage.start('sync'));
    }
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

/** A cold failover cannot bring the values of secrets: only a refresh copies them, from side to side. */
function forgetSecrets(workspace: EmulatedWorkspace): void {
  const rows = (path: string, list: string): Json[] => rowsIn(workspace.call('GET', path).json as Json, list);
  for (const { name: scope } of rows('/api/2.0/secrets/scopes/list', 'scopes')) {
    for (const { key } of rows(`/api/2.0/secrets/list?scope=${encodeURIComponent(String(scope))}`, 'secrets'))
      workspace.call('POST', '/api/2.0/secrets/delete', { scope, key });
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

/** Without what comes and goes as jobs run: machines that are up. Ids of clusters are made of the time. */
function lasting(dump: Readonly<Record<string, unknown>>): Lived['target'] {
  const transient = ['state', 'executors'];
  const textOf = (row: object): string =>
    JSON.stringify(row, (field, value: unknown) => {
      if (transient.includes(field)) return undefined;
      return field === 'dr_source_id' ? 'a marker' : value;
    });
  return Object.fromEntries(
    Object.entries(dump).map(([part, rows]) => [
      part,
      Array.isArray(rows) ? (rows as object[]).map(textOf).sort() : [textOf(rows as object)],
    ]),
  );
}

/** Markers that are on more than one copy of a kind whose names the platform does not make unique. */
function duplicatesIn(workspace: EmulatedWorkspace): string[] {
  const rows = (path: string, list: string, tags: (row: Json) => Json): string[] =>
    rowsIn(workspace.call('GET', path).json as Json, list).flatMap((row) => {
      const marker = textIn(tags(row), 'dr_source_id');
      return marker === undefined ? [] : [`${list} ${marker}`];
    });
  const tagsOf = (row: Json): Json => jsonIn(row, 'custom_tags');
  const markers = [
    ...rows('/api/2.2/jobs/list?limit=100', 'jobs', (row) => jsonIn(jsonIn(row, 'settings'), 'tags')),
    ...rows('/api/2.1/clusters/list?page_size=100', 'clusters', tagsOf),
    ...rows('/api/2.0/instance-pools/list', 'instance_pools', tagsOf),
  ];
  return markers.filter((marker, at) => markers.indexOf(marker) !== at);
}

function faultsOf(calm: Lived, killed: Lived, kills: number): string[] {
  const { run } = killed;
  const accounted = outcomes.reduce((sum, name) => sum + run.counts[name], 0);
  const [wanted, got] = [calm.run, run].map(endOf);
  return [
    ...(killed.kills.length === kills ? [] : [`only ${killed.kills.length} of ${kills} kills came in time`]),
    ...(calm.run.status === 'succeeded' ? [] : [`undisturbed it ended ${calm.run.status}`]),
    ...(wanted === got ? [] : [`it ended ${got}, undisturbed ${wanted}`]),
    ...(accounted === killed.planned ? [] : [`${accounted} outcomes of ${killed.planned} assets`]),
    ...Object.keys(calm.target).flatMap((part) => differences(part, calm, killed)),
    ...killed.duplicates.map((marker) => `two copies of ${marker}`),
    ...(killed.writesAgain === 0 ? [] : [`the next run made ${killed.writesAgain} writes`]),
  ];
}

/**
 * How a run ended. What was there before and what it restored are one number: a unit that is planned again finds links that its first
 * planning confirmed. What is skipped are clusters of runs: the source lives on, and has more of them the later it is synced.
 */
function endOf({ status, counts }: RunView): string {
  const { restored, unchanged, conflict, blocked, failed } = counts;
  return `${status}: ${restored + unchanged} there, ${conflict} in conflict, ${blocked} blocked, ${failed} failed`;
}

function differences(part: string, calm: Lived, killed: Lived): string[] {
  const [wanted = [], got = []] = [calm.target[part], killed.target[part]];
  if (wanted.join() === got.join()) return [];
  const short = (rows: readonly string[], others: readonly string[]): string =>
    rows
      .filter((row) => !others.includes(row))
      .slice(0, 2)
      .join(' | ');
  return [`other ${part}: lacking ${short(wanted, got)}; extra ${short(got, wanted)}`];
}
