import { Random } from '../local/estate/random';
import { phases, type Phase } from '../shared/domain/run';

/** When the app host is to be killed: in a phase, after so many requests of it. */
export interface Moment {
  readonly phase: Phase;
  readonly requests: number;
}

/** Requests that the workspaces get in each phase of an undisturbed run. */
export type Profile = Readonly<Partial<Record<Phase, number>>>;

/** A phase that ends before it can be watched. */
const short: readonly Phase[] = ['starting', 'approving', 'reporting'];

/** Moments by chance, spread evenly over the phases that make requests; in the order in which they come. */
export function chooseMoments(profile: Profile, count: number, seed: number): Moment[] {
  const random = new Random(seed, 'kills');
  const busy = phases.filter((phase) => (profile[phase] ?? 0) > 0 && !short.includes(phase));
  const moments = Array.from({ length: count }, (_none, at): Moment => {
    const phase = busy[at % busy.length] ?? 'restoring';
    return { phase, requests: random.between(0, (profile[phase] ?? 1) - 1) };
  });
  return moments.sort((a, b) => orderOf(a.phase) - orderOf(b.phase) || a.requests - b.requests);
}

export function orderOf(phase: Phase): number {
  return phases.indexOf(phase);
}
