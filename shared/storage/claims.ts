import { preempts, type Claim } from '../domain/claim';
import { DrError } from '../domain/errors';
import type { RunKind } from '../domain/run';
import type { BlobStore } from './blob-store';
import { readDocument, updateDocument } from './documents';
import { paths } from './layout';

/** Activities and the probe timer write the heartbeat at least every minute or two. */
const defaultStaleAfterMs = 5 * 60_000;
/** Ten activities at a time beat the same heart. */
const heartbeatEveryMs = 5000;

export interface ClaimWish {
  readonly runId: string;
  readonly kind: RunKind;
  readonly hub: string;
  readonly nowIso: string;
  /** An operator says that the holder is gone. Believed only when its heartbeat is stale too. */
  readonly force?: boolean;
  /** @default 300_000 */
  readonly staleAfterMs?: number;
}

/** `previous`: the open claim that was taken over; its run has to end. */
export type TakeResult = { taken: Claim; previous?: Claim } | { busy: Claim };

/** Takes the claim of a pair for a run, if precedence lets it. Asking again for a run that has it changes nothing. */
export async function takeClaim(state: BlobStore, pair: string, wish: ClaimWish): Promise<TakeResult> {
  let previous: Claim | undefined;
  const held = await updateDocument<Claim>(
    state,
    paths.claim(pair),
    (current) => {
      const open = current && !current.released ? current : undefined;
      if (open && !mayTake(open, wish)) return undefined;
      previous = open;
      return claimFor(wish, (current?.epoch ?? 0) + 1);
    },
    (stored) => isHeldBy(stored, wish.runId),
  );
  if (held === undefined) throw new DrError('DR_INTERNAL', `cannot claim ${pair}: nothing was stored`);
  if (!isHeldBy(held, wish.runId)) return { busy: held };
  return previous ? { taken: held, previous } : { taken: held };
}

function claimFor({ runId, kind, hub, nowIso }: ClaimWish, epoch: number): Claim {
  return {
    formatVersion: 1,
    runId,
    kind,
    hub,
    epoch,
    claimedAt: nowIso,
    heartbeat: nowIso,
    cancelRequested: false,
    released: false,
  };
}

/** Another hub that cannot be reached is not taken for gone: that needs a stale heartbeat and an operator. */
function mayTake(open: Claim, wish: ClaimWish): boolean {
  if (open.runId === wish.runId) return false;
  const ageMs = Date.parse(wish.nowIso) - Date.parse(open.heartbeat);
  if (wish.force && ageMs >= (wish.staleAfterMs ?? defaultStaleAfterMs)) return true;
  return open.hub === wish.hub && preempts(wish.kind, open.kind);
}

function isHeldBy(claim: Claim, runId: string): boolean {
  return claim.runId === runId && !claim.released;
}

export async function readClaim(state: BlobStore, pair: string): Promise<Claim | undefined> {
  return (await readDocument<Claim>(state, paths.claim(pair)))?.value;
}

/** Says that the run lives, at most every 5 s. DR_CLAIM_LOST when the claim is not, or no longer, this run's. */
export async function heartbeat(
  state: BlobStore,
  pair: string,
  runId: string,
  nowIso: string,
): Promise<Claim> {
  const claim = await updateDocument<Claim>(state, paths.claim(pair), (current) => {
    if (!current || !isHeldBy(current, runId)) return undefined;
    const ageMs = Date.parse(nowIso) - Date.parse(current.heartbeat);
    return ageMs < heartbeatEveryMs ? undefined : { ...current, heartbeat: nowIso };
  });
  if (claim && isHeldBy(claim, runId)) return claim;
  throw claimLost(pair, runId, claim);
}

/** Asks the run that holds the claim to stop. False when it does not hold it, or when its cutover has begun. */
export async function requestCancel(state: BlobStore, pair: string, runId: string): Promise<boolean> {
  const claim = await updateDocument<Claim>(state, paths.claim(pair), (current) =>
    current && isHeldBy(current, runId) && !current.cancelRequested && current.cuttingOver !== true
      ? { ...current, cancelRequested: true }
      : undefined,
  );
  return claim !== undefined && isHeldBy(claim, runId) && claim.cancelRequested;
}

/**
 * Passes the point after which nobody can stop the run: half of the schedules awake is worse than all of them. Of this and a
 * request to stop the first one counts. Throws DR_RUN_CANCELLED, DR_CLAIM_LOST.
 */
export async function passPointOfNoReturn(state: BlobStore, pair: string, runId: string): Promise<void> {
  const claim = await updateDocument<Claim>(state, paths.claim(pair), (current) =>
    current && isHeldBy(current, runId) && !current.cancelRequested && current.cuttingOver !== true
      ? { ...current, cuttingOver: true }
      : undefined,
  );
  if (!claim || !isHeldBy(claim, runId)) throw claimLost(pair, runId, claim);
  if (claim.cancelRequested)
    throw new DrError('DR_RUN_CANCELLED', `cannot cut over by ${runId}: it was asked to stop`);
}

function claimLost(pair: string, runId: string, claim: Claim | undefined): DrError {
  return new DrError('DR_CLAIM_LOST', `cannot go on with ${runId}: the claim of ${pair} is not its own`, {
    holder: claim?.runId,
    epoch: claim?.epoch,
  });
}

/** Lets anyone claim the pair. Nothing happens when the claim is another run's. */
export async function releaseClaim(state: BlobStore, pair: string, runId: string): Promise<void> {
  await updateDocument<Claim>(state, paths.claim(pair), (current) =>
    current && isHeldBy(current, runId) ? { ...current, released: true } : undefined,
  );
}
