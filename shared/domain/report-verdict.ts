import { sides, type Side } from './asset';
import type { ReportInput } from './report-input';
import { addCounts } from './report-outcomes';
import { count, list, number, runTitles, sideTitle } from './report-words';

/** Who copied from whom, as sentences call them. */
export interface Titles {
  readonly source: string;
  readonly target: string;
  readonly active: string;
}

/** How the sides of a run are called in its report. */
export function titlesOf({
  request,
  sides: facts,
  active,
}: Pick<ReportInput, 'request' | 'sides' | 'active'>): Titles {
  const regions = { primary: facts.primary.region, secondary: facts.secondary.region };
  const title = (side: Side): string => sideTitle(side, regions);
  const target = sides.find((side) => side !== request.source) ?? 'secondary';
  return { source: title(request.source), target: title(target), active: title(active) };
}

/** What a person wants to know first, in one sentence. It never says more than what was counted. */
export function verdictOf(input: ReportInput): string {
  switch (input.request.kind) {
    case 'failover':
    case 'failback':
      return input.request.dryRun ? rehearsed(input) : switched(input);
    case 'refresh':
      return refreshed(input);
    case 'sync':
      return saved(input);
    case 'drill':
      return drilled(input);
    case 'retention':
      return retained(input);
  }
}

function switched(input: ReportInput): string {
  const { source, target } = titlesOf(input);
  const { cutover } = input;
  if (!cutover?.switched) return stayed(input);
  if (input.summary.status === 'failed' || input.summary.status === 'cancelled') {
    const woken = `${number(cutover.woken.length)} of ${count(cutover.awakeBefore, 'schedule')} awake`;
    return `${target} is the active side, but its ${input.request.kind} ${ended(input)}: ${woken}.`;
  }
  const open = openPoints(input);
  const degraded = input.readiness.filter(({ state }) => state === 'degraded').length;
  if (open.length > 0) return `${target} has taken over from ${source}; ${list(open)}.`;
  if (cutover.awakeBefore === 0) return `${target} has taken over from ${source}; no schedule was awake.`;
  const all = `Everything that ran in ${source} now runs in ${target}`;
  return degraded > 0 ? `${all}; ${count(degraded, 'job runs', 'jobs run')} degraded.` : `${all}.`;
}

function openPoints(input: ReportInput): readonly string[] {
  const asleep = input.cutover?.asleep.length ?? 0;
  const before = input.cutover?.awakeBefore ?? 0;
  const trouble = troubleOf(input);
  return [
    ...(asleep > 0
      ? [`${number(asleep)} of ${count(before, 'schedule')} ${asleep === 1 ? 'stays' : 'stay'} asleep`]
      : []),
    ...(trouble > 0 ? [`${count(trouble, 'asset needs', 'assets need')} a person`] : []),
  ];
}

function stayed(input: ReportInput): string {
  const { target, active } = titlesOf(input);
  const quiet = active === target ? 'nothing was switched' : `nothing was woken in ${target}`;
  return `The ${input.request.kind} ${ended(input)}: ${active} is still the active side, and ${quiet}.`;
}

function rehearsed(input: ReportInput): string {
  const { source, target } = titlesOf(input);
  const { status } = input.summary;
  if (status === 'failed' || status === 'cancelled')
    return `The dry run ${ended(input)}: nothing was changed.`;
  const trouble = troubleOf(input);
  if (trouble === 0) return `Nothing stands in the way: ${target} could take over from ${source} now.`;
  const people = `${count(trouble, 'asset')} would need a person`;
  return `${target} could take over from ${source} now, but ${people}.`;
}

function refreshed(input: ReportInput): string {
  const { source, target } = titlesOf(input);
  const { status } = input.summary;
  if (status === 'failed' || status === 'cancelled') {
    return `The refresh ${ended(input)}: ${target} is asleep and not up to date with ${source}.`;
  }
  const trouble = troubleOf(input);
  if (input.request.dryRun) {
    const total = count(addCounts(input.kinds.map(({ counts }) => counts)).restored, 'asset');
    return `A refresh now would write ${total} in ${target}; ${number(trouble)} would need a person.`;
  }
  if (trouble === 0) return `${target} is asleep and up to date with ${source}.`;
  return `${target} is asleep; ${count(trouble, 'asset')} of ${source} ${trouble === 1 ? 'needs' : 'need'} a person.`;
}

function saved(input: ReportInput): string {
  const { source } = titlesOf(input);
  const { status } = input.summary;
  if (status === 'failed' || status === 'cancelled') {
    return `The sync ${ended(input)}: the last good snapshot of ${source} stays the latest.`;
  }
  const trouble = troubleOf(input);
  const total = count(addCounts(input.kinds.map(({ counts }) => counts)).total, 'asset');
  const rest = trouble > 0 ? `; ${number(trouble)} of them ${trouble === 1 ? 'needs' : 'need'} a person` : '';
  return `${source} is saved: ${total} in a sealed snapshot${rest}.`;
}

function drilled(input: ReportInput): string {
  const { source, target } = titlesOf(input);
  const { status } = input.summary;
  if (status === 'failed' || status === 'cancelled') return `The drill ${ended(input)}.`;
  const trouble = troubleOf(input);
  const what = `The drill restored ${source} in ${target} beside what is there`;
  return trouble === 0 ? `${what}.` : `${what}; ${count(trouble, 'asset needs', 'assets need')} a person.`;
}

function retained(input: ReportInput): string {
  const { retention } = input;
  if (retention === undefined) return `Retention ${ended(input)}.`;
  const { kept, removed, damaged } = retention;
  const all = Object.values(kept).reduce((sum, one) => sum + one, 0);
  const what = `${count(all, 'snapshot')} kept, ${number(removed.snapshots)} removed`;
  if (damaged.length === 0) return `Retention ${ended(input)}: ${what}.`;
  return `Retention ${ended(input)}: ${what}; ${count(damaged.length, 'stored blob is', 'stored blobs are')} damaged.`;
}

function troubleOf(input: ReportInput): number {
  const { failed, blocked, conflict } = addCounts(input.kinds.map(({ counts }) => counts));
  return Math.max(0, failed + blocked + conflict - (input.excepted ?? 0));
}

function ended({ summary }: ReportInput): string {
  const words = {
    running: 'is still running',
    succeeded: 'succeeded',
    partiallyFailed: 'succeeded in part',
    failed: 'failed',
    cancelled: 'was cancelled',
  };
  return words[summary.status];
}

/** The title of a run's report: `Failover of analytics`. */
export function runTitle({
  kind,
  pair,
  dryRun,
}: {
  kind: keyof typeof runTitles;
  pair: string;
  dryRun: boolean;
}): string {
  return `${runTitles[kind]} of ${pair}${dryRun ? ' (dry run)' : ''}`;
}
