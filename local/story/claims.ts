import { type Report } from '../../shared/domain/report';
import { count, duration } from '../../shared/domain/report-words';
import { type Screen } from '../screen';
import { type Firing } from '../workspace/job-record';
import { type Awake, sourceOf } from './side';

/** A sentence about what happened that was checked against both workspaces, not against the app. */
export interface Claim {
  readonly text: string;
  readonly holds: boolean;
  /** What speaks against it. */
  readonly details: readonly string[];
}

/** What both workspaces showed. */
export interface Evidence {
  readonly titles: { readonly source: string; readonly target: string };
  /** Awake at the source before the outage, and at the target after the cutover, by the ids of the source. */
  readonly before: readonly Awake[];
  readonly after: readonly Awake[];
  /** Awake at the source in the end. */
  readonly stillAwake: readonly Awake[];
  /** Absent when the cutover had begun before anybody could look. */
  readonly clustersBeforeCutover?: readonly string[];
  readonly firings: { readonly source: readonly Firing[]; readonly target: readonly Firing[] };
  /** Milliseconds since the epoch. */
  readonly approvedMs: number;
  readonly returnedMs: number;
  /** Undefined when it did not come to it in time. */
  readonly fencedMs: number | undefined;
}

const maxDetails = 5;

export function makeClaims(evidence: Evidence, report: Report): Claim[] {
  return [notBefore(evidence), ...noCluster(evidence), exactlyThese(evidence, report), quietAgain(evidence)];
}

function notBefore({ titles, firings, approvedMs }: Evidence): Claim {
  const early = ours(firings.target).filter(({ atMs }) => atMs < approvedMs);
  return {
    text: `nothing of ours ran in ${titles.target} before the cutover was approved`,
    holds: early.length === 0,
    details: early.map(({ jobName, atMs }) => `${jobName} at ${new Date(atMs).toISOString()}`),
  };
}

function noCluster({ titles, clustersBeforeCutover: running }: Evidence): Claim[] {
  if (running === undefined) return [];
  const text = `no cluster was left running in ${titles.target} by the restore`;
  return [{ text, holds: running.length === 0, details: running }];
}

/** What the report says stays asleep is told there, with its reason; all else must be as it was. */
function exactlyThese({ titles, before, after }: Evidence, { wake }: Report): Claim {
  const asleep = new Set<string>(
    wake.asleep.flatMap(({ key, name }) => [key, `${key.split('/')[0] ?? ''}/${name}`]),
  );
  const wanted = new Map(before.filter(({ key }) => !asleep.has(key)).map((one) => [one.key, one]));
  const got = new Map(after.map((one) => [one.key, one]));
  const lacking = [...wanted.values()].filter(({ key, triggers }) => got.get(key)?.triggers !== triggers);
  const extra = after.filter(({ key }) => !wanted.has(key));
  const left = wake.asleep.length;
  const rest = left === 0 ? '' : `; ${left} ${left === 1 ? 'stays' : 'stay'} asleep, as the report says`;
  return {
    text: `exactly what was awake in ${titles.source} is awake in ${titles.target}: ${after.length} of ${before.length}${rest}`,
    holds: lacking.length === 0 && extra.length === 0,
    details: [
      ...lacking.map(({ name, triggers }) => `not as before: ${name} (${triggers})`),
      ...extra.map(({ name, triggers }) => `was not awake before: ${name} (${triggers})`),
    ],
  };
}

function quietAgain({ titles, returnedMs, fencedMs, stillAwake, firings }: Evidence): Claim {
  const title = titles.source;
  if (fencedMs === undefined)
    return { text: `${title} was fenced after its return`, holds: false, details: ['it was not, in time'] };
  const late = firings.source.filter(({ atMs }) => atMs > fencedMs);
  return {
    text: `${title} was fenced ${duration((fencedMs - returnedMs) / 1000)} after its return and is quiet`,
    holds: stillAwake.length === 0 && late.length === 0,
    details: [
      ...stillAwake.map(({ name, triggers }) => `still awake: ${name} (${triggers})`),
      ...late.map(({ jobName }) => `ran after that: ${jobName}`),
    ],
  };
}

/** How long both sides were awake, and what ran on both of them in that time: a fact, not a promise. */
export function overlapWords({ titles, firings, returnedMs, fencedMs = Infinity }: Evidence): string {
  const isMeanwhile = ({ atMs }: Firing): boolean => atMs >= returnedMs && atMs <= fencedMs;
  const ran = firings.source.filter(isMeanwhile);
  const there = new Set(firings.target.filter(isMeanwhile).map(({ marker }) => sourceOf(marker)));
  const twice = ran.filter(({ jobId }) => there.has(String(jobId)));
  const seconds = fencedMs === Infinity ? 'still' : `for ${duration((fencedMs - returnedMs) / 1000)}`;
  const runs = `${count(ran.length, 'run')} began in ${titles.source}`;
  const both = twice.length === 0 ? 'none' : twice.length;
  return `both awake ${seconds}: ${runs}, ${both} of them in both`;
}

export function showClaims(screen: Screen, claims: readonly Claim[]): void {
  for (const { holds, text, details } of claims) {
    if (holds) screen.line(`  ${screen.style('green', '✓')} ${text}`);
    else {
      const more = details.length > maxDetails ? [`… and ${details.length - maxDetails} more`] : [];
      const lines = [...details.slice(0, maxDetails), ...more].map((detail) => `\n      ${detail}`);
      screen.alarm(`  ${screen.style('red', '✗')} ${text}${lines.join('')}`);
    }
  }
}

/** Firings of what the app made. */
function ours(firings: readonly Firing[]): Firing[] {
  return firings.filter(({ marker }) => marker !== undefined);
}
