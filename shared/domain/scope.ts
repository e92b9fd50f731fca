import type { AssetKey } from './asset';
import { patternFinder, type Tags } from './pattern';
import { list } from './report-words';

/** What a run was asked to be limited to. Jobs and what is included come with everything that they need. */
export interface RunScope {
  /** Jobs of these tiers. */
  readonly tiers?: readonly number[] | undefined;
  /** Jobs by id, or by their exact name. */
  readonly jobs?: readonly string[] | undefined;
  /** Assets by pattern. */
  readonly include?: readonly string[] | undefined;
  /** Assets that are left out even if something needs them. */
  readonly exclude?: readonly string[] | undefined;
}

/** What a pair is limited to. */
export interface PairScope {
  readonly include?: readonly string[] | undefined;
  readonly exclude: readonly string[];
}

/** An asset as a scope looks at it. */
export interface Candidate {
  readonly key: AssetKey;
  readonly name: string;
  readonly tags?: Tags | undefined;
  readonly tier?: number | undefined;
}

const job = 'job';

/** True when something has to be named to be in scope. */
export function isLimited({ tiers, jobs, include }: RunScope): boolean {
  return [tiers, jobs, include].some((named) => named !== undefined && named.length > 0);
}

/** Finds what a scope names itself: what that needs comes with it. */
export function seedFinder({ tiers = [], jobs = [], include = [] }: RunScope): (asset: Candidate) => boolean {
  const included = patternFinder(include);
  const named = new Set(jobs);
  return ({ key, name, tags, tier }) => {
    if (included(key, tags) !== undefined) return true;
    if (!key.startsWith(`${job}/`)) return false;
    return (
      named.has(key.slice(job.length + 1)) || named.has(name) || (tier !== undefined && tiers.includes(tier))
    );
  };
}

/** The pattern by which an asset is left out, with that of the object that it is a part of. */
export function excluder(...scopes: readonly { readonly exclude?: readonly string[] | undefined }[]) {
  return patternFinder(scopes.flatMap(({ exclude = [] }) => exclude));
}

/** Why an excluded asset is left alone. */
export function excludedReason(pattern: string): string {
  return `out of scope (pattern ${pattern})`;
}

/** Why an asset that a limited scope does not need is left alone. */
export function notNeededReason(scope: RunScope): string {
  return `out of scope (no part of ${scopeWords(scope)})`;
}

/** `jobs 12 and 17, tier 0, include job:tag:team=x`. */
export function scopeWords({ jobs = [], tiers = [], include = [], exclude = [] }: RunScope): string {
  const parts = [
    ...(jobs.length > 0 ? [`${jobs.length === 1 ? 'job' : 'jobs'} ${some(jobs)}`] : []),
    ...(tiers.length > 0 ? [`${tiers.length === 1 ? 'tier' : 'tiers'} ${some(tiers.map(String))}`] : []),
    ...(include.length > 0 ? [`what matches ${some(include)}`] : []),
    ...(exclude.length > 0 ? [`without ${some(exclude)}`] : []),
  ];
  return parts.join(', ');
}

const maxNamed = 5;

function some(names: readonly string[]): string {
  if (names.length <= maxNamed) return list(names);
  return `${names.slice(0, maxNamed).join(', ')} and ${names.length - maxNamed} more`;
}
