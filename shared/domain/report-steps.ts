import { sides, steps, type Side, type Step } from './asset';
import type { StepReport, StepState } from './report';
import type { KindTally, ReportInput } from './report-input';
import { addCounts, type CountsWithTotal } from './report-outcomes';
import { list, sideTitle, stepTitles } from './report-words';
import { noOutcomes } from './run';

/** The ten steps in their order, and what lies beyond them, each with what became of it. */
export function makeSteps(input: ReportInput): readonly StepReport[] {
  return steps.map((step) => {
    if (step === 'connect' || step === 'profiles') return factStep(input, step);
    return assetStep(
      step,
      input.kinds.filter((kind) => kind.step === step),
    );
  });
}

function assetStep(step: Step, kinds: readonly KindTally[]): StepReport {
  const counts = addCounts(kinds.map((kind) => kind.counts));
  const planned = kinds.reduce((sum, kind) => sum + (kind.planned ?? addCounts([kind.counts]).total), 0);
  const left = Math.max(0, planned - counts.total);
  const title = stepTitles[step];
  if (kinds.length === 0)
    return { step, title, state: 'manual', counts, left, note: 'not carried by this version' };
  if (counts.total === 0 && kinds.every(({ notAsked }) => notAsked))
    return {
      step,
      title,
      state: 'manual',
      counts,
      left,
      note: 'by hand: the configuration does not ask for it',
    };
  return { step, title, state: stateOf(counts, left), counts, left };
}

function stateOf(counts: CountsWithTotal, left: number): StepState {
  if (counts.failed > 0) return 'failed';
  if (left > 0) return 'incomplete';
  if (counts.blocked + counts.conflict > 0) return 'attention';
  return counts.total > 0 ? 'done' : 'nothing';
}

/**
 * The first two steps move no assets: facts take the place of counts. In an unplanned run the source may be gone;
 * that is why there is a run, not a fault of it.
 */
function factStep(input: ReportInput, step: 'connect' | 'profiles'): StepReport {
  const { request } = input;
  const met = (side: Side): boolean => input.sides[side][step === 'connect' ? 'reachable' : 'token'];
  const mayBeGone = (side: Side): boolean =>
    request.mode === 'unplanned' && request.kind === 'failover' && side === request.source;
  const good = sides.filter(met);
  const bad = sides.filter((side) => !met(side));
  const words = step === 'connect' ? facts.connect : facts.profiles;
  const regions = { primary: input.sides.primary.region, secondary: input.sides.secondary.region };
  const title = (side: Side): string => sideTitle(side, regions);
  const why = (side: Side): string => {
    const fault = mayBeGone(side) ? 'its region is down' : input.sides[side].fault;
    return fault ? `${title(side)} (${fault})` : title(side);
  };
  const note = [
    ...(good.length > 0 ? [`${list(good.map(title))}: ${words.good}`] : []),
    ...(bad.length > 0 ? [`${list(bad.map(why))}: ${words.bad}`] : []),
  ].join('; ');
  const state = bad.length === 0 ? 'done' : bad.every(mayBeGone) ? 'done' : 'failed';
  return { step, title: stepTitles[step], state, counts: { ...noOutcomes(), total: 0 }, left: 0, note };
}

const facts = {
  connect: { good: 'answers', bad: 'no answer' },
  profiles: { good: 'token obtained', bad: 'no token' },
};
