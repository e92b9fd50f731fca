import type { RequestTally } from '../storage/runs';

/** The requests of earlier tries and of this one. */
export function addRequests(before: RequestTally | undefined, now: RequestTally): RequestTally {
  return {
    calls: (before?.calls ?? 0) + now.calls,
    writes: (before?.writes ?? 0) + now.writes,
    throttled: (before?.throttled ?? 0) + now.throttled,
  };
}
