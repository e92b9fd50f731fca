import type { PairConfig } from './config/schema';
import type { Session } from './databricks/client';
import type { Side } from './domain/asset';
import { DrError } from './domain/errors';
import { otherSide } from './domain/links-view';
import type { RunRequest } from './domain/run';
import type { RunContext } from './engine/run-context';
import type { Runtime } from './runtime';
import { toolVersion } from './version';
import { heartbeat } from './storage/claims';
import { readState } from './storage/pair-state';
import { readRequest, readRunConfig } from './storage/runs';

/** A work item begins no new asset after this time (ms). */
const itemBudgetMs = 60_000;
/** A write is only made on a claim that was seen at most this long ago (ms). Who takes over from another hub waits far longer. */
const claimFreshMs = 10_000;
/** The same for the fence of a side that came back, which holds no claim: a cutover back to it wakes nothing sooner (ms). */
const fenceFreshMs = 1_000;

/** Opens the context of a piece of work: its frozen request and configuration, its claim, its workspaces. */
export interface RunContexts {
  /** Throws DR_CLAIM_LOST or DR_RUN_CANCELLED when the run may not go on. */
  open(runId: string): Promise<RunContext>;
  /** For work that follows a run without its claim: its report. */
  openUnclaimed(runId: string): Promise<RunContext>;
  /** For quieting the side that a run left behind. Its writes throw DR_CLAIM_LOST when that side is, or may become, the active one. */
  openFence(runId: string): Promise<RunContext>;
  /** Ends every request that the run has under way in this process. */
  abort(runId: string, reason: string): void;
}

export function makeRunContexts(runtime: Runtime): RunContexts {
  const aborts = new Map<string, AbortController>();
  function abortOf(runId: string): AbortController {
    const known = aborts.get(runId) ?? new AbortController();
    aborts.set(runId, known);
    return known;
  }
  async function make(runId: string, guardOf?: (request: RunRequest) => Guard): Promise<RunContext> {
    const { request, pair } = await frozen(runtime, runId);
    // Before the claim is read: what takes it over afterwards ends this work too.
    const { signal } = abortOf(runId);
    const guard = guardOf?.(request);
    await guard?.();
    const session: Session = {
      readOnly: request.dryRun,
      signal,
      ...(guard === undefined ? {} : { beforeWrite: guard }),
    };
    return contextOf(runtime, request, pair, session, holderCheck(runtime, request, signal));
  }
  return {
    open: (runId) => make(runId, (request) => claimGuard(runtime, request)),
    openUnclaimed: (runId) => make(runId),
    openFence: (runId) => make(runId, (request) => fenceGuard(runtime, request)),
    abort(runId, reason) {
      abortOf(runId).abort(new DrError('DR_CLAIM_LOST', reason));
      aborts.delete(runId);
    },
  };
}

function contextOf(
  runtime: Runtime,
  request: RunRequest,
  pair: PairConfig,
  session: Session,
  holdsClaim: Guard,
): RunContext {
  const { source } = request;
  const target = otherSide(source);
  const opened = new Map<Side, ReturnType<Runtime['open']>>();
  const workspace = (side: Side): ReturnType<Runtime['open']> => {
    const known = opened.get(side) ?? runtime.open(pair, side, session);
    opened.set(side, known);
    return known;
  };
  return {
    request,
    pair,
    source,
    target,
    get from() {
      return workspace(source);
    },
    get to() {
      return workspace(target);
    },
    state: runtime.state,
    snapshots: runtime.snapshots,
    cache: runtime.cache,
    log: runtime.log.with({ runId: request.runId, pair: pair.name }),
    toolVersion,
    holdsClaim,
    probe: (side) => runtime.probe(pair, side),
    now: () => runtime.now(),
    sleep: (ms) => runtime.sleep(ms),
    deadlineMs: runtime.now() + itemBudgetMs,
  };
}

async function frozen(runtime: Runtime, runId: string): Promise<{ request: RunRequest; pair: PairConfig }> {
  return runtime.cache.once(`${runId}:request`, async () => {
    const request = await readRequest(runtime.state, runId);
    const stored = (await readRunConfig(runtime.state, runId)) as { pair?: PairConfig } | undefined;
    if (request === undefined || stored?.pair === undefined) {
      throw new DrError('DR_RUN_UNKNOWN', `cannot go on with ${runId}: there is no such run`);
    }
    return { request, pair: stored.pair };
  });
}

/** Throws when the work may no longer write. */
type Guard = () => Promise<void>;

/** Checks that the run still holds the claim and is not to stop; writes its heartbeat on the way. A dry run claims nothing. */
function claimGuard(runtime: Runtime, request: RunRequest): Guard {
  if (request.epoch === 0) return () => Promise.resolve();
  return atMostEvery(claimFreshMs, runtime, async (nowIso) => {
    const claim = await heartbeat(runtime.state, request.pair, request.runId, nowIso);
    if (claim.cancelRequested) {
      throw new DrError('DR_RUN_CANCELLED', `cannot go on with ${request.runId}: it was asked to stop`);
    }
  });
}

/** Checks that the run still holds the claim, whether or not it is to stop. */
function holderCheck(runtime: Runtime, request: RunRequest, signal: AbortSignal): Guard {
  if (request.epoch === 0) return () => Promise.resolve();
  const check = atMostEvery(claimFreshMs, runtime, async (nowIso) => {
    await heartbeat(runtime.state, request.pair, request.runId, nowIso);
  });
  return async () => {
    signal.throwIfAborted();
    await check();
  };
}

/** Checks that the source of the run is still the side that was left behind, and that nobody is making it the active one. */
function fenceGuard(runtime: Runtime, { pair, runId, source }: RunRequest): Guard {
  return atMostEvery(fenceFreshMs, runtime, async (nowIso) => {
    const { active, fence, fenceRunId, cutover } = await readState(runtime.state, pair, nowIso);
    const isLeft = active !== source && fence === 'pending' && fenceRunId === runId && cutover !== 'fencing';
    if (!isLeft)
      throw new DrError(
        'DR_CLAIM_LOST',
        `cannot quiet the ${source} of ${pair}: it is not the side that ${runId} left`,
      );
  });
}

function atMostEvery(freshMs: number, runtime: Runtime, check: (nowIso: string) => Promise<void>): Guard {
  let seenAtMs = -Infinity;
  return async () => {
    const nowMs = runtime.now();
    if (nowMs - seenAtMs < freshMs) return;
    await check(new Date(nowMs).toISOString());
    seenAtMs = nowMs;
  };
}
