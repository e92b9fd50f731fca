import { type LoggedRequest } from '../local/workspace/request-log';
import { type World } from '../local/world';
import { sides } from '../local/world-record';

/** What both workspaces were asked. */
export interface Traffic {
  readonly requests: number;
  readonly writes: number;
  readonly throttled: number;
}

const probePaths: readonly string[] = ['/', '/api/2.0/workspace/get-status'];

/** Counts what the workspaces are asked from now on; probes are no part of a run. */
export function watchTraffic({ workspaces }: World): () => Traffic {
  const from = { primary: 0, secondary: 0 };
  for (const side of sides) from[side] = workspaces[side].requests.lastSeq();
  return () => {
    const seen = sides.flatMap((side) => workspaces[side].requests.since(from[side])).filter(isWork);
    return {
      requests: seen.length,
      writes: seen.filter(({ mutating }) => mutating).length,
      throttled: seen.filter(({ status }) => status === 429).length,
    };
  };
}

export function isWork({ path }: LoggedRequest): boolean {
  return !probePaths.includes(path);
}
