import type { Side } from '../domain/asset';
import { phases } from '../domain/run';
import { tallyResults, type RequestTally } from '../storage/runs';
import { readStage, writeStage } from '../storage/stages';
import type { RunContext } from './run-context';

const fenceStage = 'fence';
const none: RequestTally = { calls: 0, writes: 0, throttled: 0 };

interface FenceRequests {
  readonly formatVersion: 1;
  readonly requests: RequestTally;
}

/** The requests of earlier tries and of this one. */
export function addRequests(before: RequestTally | undefined, now: RequestTally): RequestTally {
  return {
    calls: (before?.calls ?? 0) + now.calls,
    writes: (before?.writes ?? 0) + now.writes,
    throttled: (before?.throttled ?? 0) + now.throttled,
  };
}

/** Adds what a slice of the fence has asked of the source. A fence has no work items that would keep it. */
export async function noteFenceRequests(context: RunContext): Promise<void> {
  const requests = addRequests(await fenceRequests(context), context.from.counts);
  const noted: FenceRequests = { formatVersion: 1, requests };
  await writeStage(context.state, context.request.runId, fenceStage, noted);
}

async function fenceRequests({ state, request }: RunContext): Promise<RequestTally> {
  const noted = await readStage<FenceRequests | undefined>(state, request.runId, fenceStage, true);
  return noted?.requests ?? none;
}

/** Requests of a run by side: listing, export and fence call the source, everything else the target. */
export async function requestsBySide(context: RunContext): Promise<Record<Side, RequestTally>> {
  const bySide = { primary: none, secondary: none };
  bySide[context.source] = await fenceRequests(context);
  for (const phase of phases) {
    const side = phase === 'syncing' ? context.source : context.target;
    const spent = await tallyResults(context.state, context.request.runId, phase);
    bySide[side] = addRequests(bySide[side], spent);
  }
  return bySide;
}
