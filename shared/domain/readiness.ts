import type { AssetKey } from './asset';
import { waves } from './graph';
import type { Action } from './plan';
import type { FoundReference } from './references';
import type { JobReadiness, JobState } from './report-input';
import type { OutcomeVerb } from './run';

/** What became, or would become, of an asset in the target; `missing` when it is in no plan, `not carried` when it lies outside of the workspace. */
export type Fate = OutcomeVerb | Action | 'missing' | 'not carried';

/** A job as it is judged. */
export interface JudgedJob {
  readonly key: AssetKey;
  readonly name: string;
  /** 0 wakes first; absent = last. */
  readonly tier?: number;
}

export type ReadinessCounts = Record<JobState, number>;

/** Whether the jobs of a target would run. */
export interface Readiness {
  readonly jobs: readonly JobReadiness[];
  readonly total: ReadinessCounts;
  /** By tier, lowest first; `null`: jobs without a tier, which wake last. */
  readonly tiers: readonly ({ readonly tier: number | null } & ReadinessCounts)[];
}

interface Verdict {
  readonly state: JobState;
  readonly reasons: readonly string[];
}

const severity: readonly JobState[] = ['runnable', 'degraded', 'notRunnable'];
/** In the target, but not as the source has it: it works, perhaps not as it should. */
const weak: ReadonlySet<Fate> = new Set(['conflict', 'skipped', 'skip', 'retire', 'not carried']);
const broken: ReadonlySet<Fate> = new Set(['failed', 'blocked', 'missing']);
const maxChainLength = 400;
const runnable: Verdict = { state: 'runnable', reasons: [] };

/**
 * Judges each job over everything that it needs, directly or not. What it needs by id and is not there stops it;
 * what it names by path or name and is not there degrades it, and so does what is there in another state.
 * Each reason is a chain: `needs cluster/a, which needs cluster-policy/p: failed`.
 */
export function judge(
  jobs: readonly JudgedJob[],
  fateOf: (key: AssetKey) => Fate,
  referencesOf: (key: AssetKey) => readonly FoundReference[],
): Readiness {
  const graph = closureOf(jobs, referencesOf);
  const order = waves(
    new Map([...graph].map(([key, references]) => [key, references.map((row) => row.key)])),
  );
  const verdicts = new Map<string, Verdict>();
  for (const [key, cycle] of order.stuck)
    verdicts.set(key, { state: 'notRunnable', reasons: [`waits for a circle: ${cycle.join(' -> ')}`] });
  for (const key of order.waves.flat() as AssetKey[])
    verdicts.set(key, verdictOf(fateOf(key), graph.get(key) ?? [], verdicts));
  const judged = jobs.map(({ key, name, tier }): JobReadiness => {
    const verdict = verdicts.get(key) ?? runnable;
    return { key, name, ...(tier !== undefined && { tier }), ...verdict };
  });
  return { jobs: judged, total: countsOf(judged), tiers: tiersOf(judged) };
}

function closureOf(
  jobs: readonly JudgedJob[],
  referencesOf: (key: AssetKey) => readonly FoundReference[],
): Map<AssetKey, readonly FoundReference[]> {
  const graph = new Map<AssetKey, readonly FoundReference[]>();
  const open = jobs.map(({ key }) => key);
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (graph.has(key)) continue;
    const references = referencesOf(key);
    graph.set(key, references);
    for (const reference of references) open.push(reference.key);
  }
  return graph;
}

/** The worst of an asset's own fate and of everything that it needs, which was judged before it. */
function verdictOf(
  fate: Fate,
  references: readonly FoundReference[],
  verdicts: ReadonlyMap<string, Verdict>,
): Verdict {
  if (broken.has(fate)) return { state: 'notRunnable', reasons: whyBroken(fate, references, verdicts) };
  let state: JobState = weak.has(fate) ? 'degraded' : 'runnable';
  const reasons = new Set<string>(weak.has(fate) ? [fate] : []);
  for (const { key, by } of references) {
    const needed = verdicts.get(key) ?? runnable;
    if (needed.state === 'runnable') continue;
    const own = needed.state === 'notRunnable' && by === 'id' ? 'notRunnable' : 'degraded';
    if (severity.indexOf(own) > severity.indexOf(state)) state = own;
    reasons.add(chained(key, needed.reasons));
  }
  return { state, reasons: [...reasons] };
}

/** What is blocked waits for something that it needs by id: the chain down to that says more than the word. */
function whyBroken(
  fate: Fate,
  references: readonly FoundReference[],
  verdicts: ReadonlyMap<string, Verdict>,
): readonly string[] {
  if (fate !== 'blocked') return [fate];
  const chains = references.flatMap(({ key, by }) => {
    const reasons = by === 'id' ? (verdicts.get(key) ?? runnable).reasons : [];
    return reasons.length === 0 ? [] : [chained(key, reasons)];
  });
  return chains.length === 0 ? [fate] : [...new Set(chains)];
}

/** One more link in front of a chain. In a very long one the middle is left out: its end is the cause. */
function chained(key: AssetKey, [first = '', ...more]: readonly string[]): string {
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const tail = first.length > maxChainLength ? `… ${first.slice(-maxChainLength / 2)}` : first;
  return `needs ${key}${first.startsWith('needs ') ? ', which ' : ': '}${tail}${rest}`;
}

function tiersOf(jobs: readonly JobReadiness[]): Readiness['tiers'] {
  const tiers = [...new Set(jobs.map(({ tier }) => tier ?? null))];
  return tiers
    .sort((a, b) => (a ?? Infinity) - (b ?? Infinity))
    .map((tier) => ({ tier, ...countsOf(jobs.filter((job) => (job.tier ?? null) === tier)) }));
}

function countsOf(jobs: readonly JobReadiness[]): ReadinessCounts {
  const counts: ReadinessCounts = { runnable: 0, degraded: 0, notRunnable: 0 };
  for (const { state } of jobs) counts[state] += 1;
  return counts;
}
