import type { AssetKey } from './asset';

/** By severity. Amber: it would work, perhaps not for everything. Red: something would not come up. */
export const lights = ['green', 'amber', 'red'] as const;
export type Light = (typeof lights)[number];

export const checkNames = [
  'access',
  'snapshot',
  'readiness',
  'compute',
  'quota',
  'principals',
  'secrets',
  'network',
  'git',
] as const;
export type CheckName = (typeof checkNames)[number];

/** What one check found. */
export interface Finding {
  readonly check: CheckName;
  readonly light: Light;
  readonly what: string;
  /** What a person does about it; absent when all is well. */
  readonly fix?: string;
  /** The assets that it is about: only jobs that need one of them are touched by it. Absent: it touches everything. */
  readonly keys?: readonly AssetKey[];
}

/** A finding, with the tiers of the jobs that it touches; `null`: jobs without a tier. */
export interface JudgedFinding extends Omit<Finding, 'keys'> {
  /** The first of the assets. */
  readonly keys: readonly AssetKey[];
  readonly keyCount: number;
  readonly tiers: readonly (number | null)[];
}

/** Whether a failover would work, and what to do where it would not. */
export interface Preflight {
  readonly formatVersion: 1;
  readonly pair: string;
  readonly checkedAt: string;
  /** The run that looked; absent when somebody asked. */
  readonly runId?: string;
  readonly snapshot: string | null;
  readonly light: Light;
  /** Lowest first; `null`: jobs without a tier, which wake last. */
  readonly tiers: readonly { readonly tier: number | null; readonly jobs: number; readonly light: Light }[];
  /** The worst first. */
  readonly checks: readonly JudgedFinding[];
}

/** Jobs by key with their tiers, and what each asset needs. */
export interface PreflightEstate {
  readonly jobs: ReadonlyMap<AssetKey, number | null>;
  readonly needs: ReadonlyMap<AssetKey, readonly AssetKey[]>;
}

const keysShown = 50;

/** Puts findings together: each tier is as bad as the worst finding that touches one of its jobs. Pure. */
export function judgePreflight(
  head: Pick<Preflight, 'pair' | 'checkedAt' | 'runId' | 'snapshot'>,
  findings: readonly Finding[],
  { jobs, needs }: PreflightEstate,
): Preflight {
  const jobsByTier = Map.groupBy(jobs.keys(), (job) => jobs.get(job) ?? null);
  const tiers = [...jobsByTier.keys()].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
  const neededBy = reversed(needs);
  const checks = findings.map(({ keys, ...finding }): JudgedFinding => {
    const touched = keys === undefined ? tiers : tiersOf(keys, neededBy, jobs, tiers);
    const shown = (keys ?? []).slice(0, keysShown);
    return { ...finding, keys: shown, keyCount: keys?.length ?? 0, tiers: touched };
  });
  return {
    formatVersion: 1,
    ...head,
    light: worst(checks.map(({ light }) => light)),
    tiers: tiers.map((tier) => ({
      tier,
      jobs: jobsByTier.get(tier)?.length ?? 0,
      light: worst(checks.filter((check) => check.tiers.includes(tier)).map(({ light }) => light)),
    })),
    checks: checks.sort((a, b) => lights.indexOf(b.light) - lights.indexOf(a.light)),
  };
}

export function worst(all: readonly Light[]): Light {
  return lights[Math.max(0, ...all.map((light) => lights.indexOf(light)))] ?? 'green';
}

function reversed(needs: ReadonlyMap<AssetKey, readonly AssetKey[]>): Map<AssetKey, AssetKey[]> {
  const neededBy = new Map<AssetKey, AssetKey[]>();
  for (const [key, needed] of needs)
    for (const one of needed) neededBy.set(one, [...(neededBy.get(one) ?? []), key]);
  return neededBy;
}

/** The tiers of all jobs that need one of `keys`, directly or not. */
function tiersOf(
  keys: readonly AssetKey[],
  neededBy: ReadonlyMap<AssetKey, readonly AssetKey[]>,
  jobs: PreflightEstate['jobs'],
  order: readonly (number | null)[],
): (number | null)[] {
  const seen = new Set<AssetKey>(keys);
  for (const key of seen) for (const user of neededBy.get(key) ?? []) seen.add(user);
  const touched = new Set([...seen].flatMap((key) => (jobs.has(key) ? [jobs.get(key) ?? null] : [])));
  return order.filter((tier) => touched.has(tier));
}
