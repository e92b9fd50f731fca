import { adapterOf, adapters, outsideKinds } from '../adapters/registry';
import { keyOf, parseKey, type AssetKey } from '../domain/asset';
import { jobsThatNeed } from '../domain/needers';
import { judge, type Fate, type JudgedJob, type Readiness } from '../domain/readiness';
import { findReferences, type FoundReference } from '../domain/references';
import type { PathFacts } from '../domain/report-facts';
import { readStage, writeStage } from '../storage/stages';
import { ledger } from './ledger';
import { foldersOnDbfs, makePathCheck } from './path-check';
import type { RunContext } from './run-context';
import { readOutOfScope } from './scope-book';
import { bodiesOf } from './snapshot-bodies';

interface StoredReadiness extends Readiness {
  readonly formatVersion: 1;
  /** Only the jobs in the scope of the run were judged. */
  readonly scoped?: true;
  /** The jobs that need what a person has to bring. */
  readonly needers?: Readonly<Record<AssetKey, readonly AssetKey[]>>;
  /** Where paths in parameters and settings lead. */
  readonly paths?: PathFacts;
}

const stage = 'readiness';
/** Kinds whose schedules make them a thing that must run. */
const judged = 'job';

/** Judges every job of the snapshot over what it needs, by what became of that. Stores it for waking, reports and the pair's page. */
export async function judgeReadiness(context: RunContext): Promise<Readiness> {
  const references = new Map<AssetKey, readonly FoundReference[]>();
  const jobs: JudgedJob[] = [];
  const wanted = new Set<string>();
  const leftAlone = await readOutOfScope(context);
  const paths = makePathCheck(context);
  for (const kind of referringKinds()) {
    const adapter = adapterOf(kind);
    for await (const { line, body } of bodiesOf(context, kind)) {
      const found = findReferences(body, adapter.references);
      references.set(
        line.key,
        leftAlone.has(line.key) ? found : [...found, ...paths.look(line.key, body, wanted)],
      );
      for (const { key } of found) wanted.add(key);
      if (kind === judged && !leftAlone.has(line.key))
        jobs.push(jobOf(line.key, line.name, tierOf(context, adapter.tags?.(body))));
    }
  }
  for (const { key } of jobs) wanted.add(key);
  const fates = await fatesOf(context, wanted);
  const pathFacts = paths.settle(fates);
  const referencesOf = (key: AssetKey): readonly FoundReference[] => references.get(key) ?? [];
  const readiness = judge(jobs, (key) => fates.get(key) ?? fateWithoutEntry(key), referencesOf);
  const isByHand = (key: AssetKey): boolean =>
    fates.get(key) === 'blocked' && adapterOf(parseKey(key).kind).unstaged !== undefined;
  const keys = jobs.map(({ key }) => key);
  const needers = jobsThatNeed(keys, referencesOf, isByHand);
  const scoped = context.request.scope !== undefined && { scoped: true as const };
  const stored: StoredReadiness = { formatVersion: 1, ...readiness, ...scoped, needers, paths: pathFacts };
  await writeStage(context.state, context.request.runId, stage, stored);
  return readiness;
}

function fateWithoutEntry(key: AssetKey): Fate {
  return outsideKinds.has(parseKey(key).kind) ? 'not carried' : 'missing';
}

/** What {@link judgeReadiness} stored, if it got that far. */
export function readReadiness(
  context: Pick<RunContext, 'state'>,
  runId: string,
): Promise<StoredReadiness | undefined> {
  return readStage<StoredReadiness | undefined>(context.state, runId, stage, true);
}

/** Jobs, and the kinds in their closure that have references of their own by id. */
function referringKinds(): string[] {
  const kinds = new Set<string>([judged]);
  for (const kind of kinds) {
    for (const { to, by = 'id' } of adapterOf(kind).references) {
      if (by === 'id' && adapters.some((adapter) => adapter.kind === to && adapter.references.length > 0))
        kinds.add(to);
    }
  }
  return [...kinds];
}

function jobOf(key: AssetKey, name: string, tier: number | undefined): JudgedJob {
  return tier === undefined ? { key, name } : { key, name, tier };
}

/** The tier by the pair's tier tag; undefined = last. */
export function tierOf(
  context: Pick<RunContext, 'pair'>,
  tags: Readonly<Record<string, string>> | undefined,
): number | undefined {
  const value = tags?.[context.pair.cutover.tierTag];
  return value !== undefined && /^\d{1,2}$/.test(value) ? Number(value) : undefined;
}

/** What became of the wanted assets: by key, and by name for kinds that are referred to by name (principals). */
async function fatesOf(context: RunContext, wanted: ReadonlySet<string>): Promise<Map<AssetKey, Fate>> {
  const fates = new Map<AssetKey, Fate>();
  const brought = new Map<AssetKey, Fate>();
  for await (const { entry, outcome } of ledger(context)) {
    const fate: Fate = outcome?.outcome ?? entry.action;
    const byName = keyOf(parseKey(entry.key).kind, entry.name);
    if (wanted.has(entry.key)) fates.set(entry.key, fate);
    if (wanted.has(byName) && !fates.has(byName)) fates.set(byName, fate);
    for (const folder of foldersOnDbfs(entry.key)) if (wanted.has(folder)) fates.set(folder, fate);
    for (const kind of adapterOf(parseKey(entry.key).kind).brings ?? []) bring(kind, entry.name, fate);
  }
  for (const [key, fate] of brought) if (!fates.has(key)) fates.set(key, fate);
  return fates;

  /** What comes with an asset has no entry of its own. */
  function bring(kind: string, path: string, fate: Fate): void {
    const below = `${keyOf(kind, path)}/`;
    for (const key of wanted) if (key.startsWith(below)) brought.set(key as AssetKey, fate);
  }
}
