import type { RunKind } from '../../shared/domain/run';
import {
  heartbeat,
  readClaim,
  releaseClaim,
  passPointOfNoReturn,
  requestCancel,
  takeClaim,
  type ClaimWish,
} from '../../shared/storage/claims';
import { faultOnce } from '../support/blob-proxy';
import { startTestBlobs, type TestBlobs } from '../support/blob-stores';

let blobs: TestBlobs;
let pair: string;
let pairs = 0;
beforeAll(async () => {
  blobs = await startTestBlobs();
});
afterAll(() => blobs.close());
beforeEach(() => {
  pair = `pair-${(pairs += 1)}`;
  blobs.proxy.primary.fault = () => undefined;
});

/** The moment `seconds` after the beginning. */
function at(seconds: number): string {
  return new Date(Date.parse('2026-11-01T00:00:00Z') + seconds * 1000).toISOString();
}

function wish(runId: string, kind: RunKind, more: Partial<ClaimWish> = {}): ClaimWish {
  return { runId, kind, hub: 'hub', nowIso: at(0), ...more };
}

function take(runId: string, kind: RunKind, more?: Partial<ClaimWish>) {
  return takeClaim(blobs.stores.state, pair, wish(runId, kind, more));
}

describe('taking a claim', () => {
  it('gives a free pair to one of 50 that ask at the same moment', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, (_none, n) => take(`run-${n}`, 'failover')));

    const winners = results.flatMap((result) => ('taken' in result ? [result.taken.runId] : []));
    const holders = results.flatMap((result) => ('busy' in result ? [result.busy.runId] : []));
    expect(winners).toHaveLength(1);
    expect(new Set(holders)).toEqual(new Set(winners));
    expect(await readClaim(blobs.stores.state, pair)).toMatchObject({ runId: winners[0], epoch: 1 });
  });

  it.each<{ holder: RunKind; kind: RunKind; wins: boolean }>([
    { holder: 'refresh', kind: 'failover', wins: true },
    { holder: 'failback', kind: 'failover', wins: true },
    { holder: 'refresh', kind: 'drill', wins: true },
    { holder: 'retention', kind: 'sync', wins: true },
    { holder: 'failover', kind: 'failover', wins: false },
    { holder: 'failover', kind: 'failback', wins: false },
    { holder: 'refresh', kind: 'sync', wins: false },
  ])('$kind against $holder: $wins', async ({ holder, kind, wins }) => {
    await take('old', holder);

    const result = await take('new', kind);

    if (wins) expect(result).toMatchObject({ taken: { runId: 'new', epoch: 2 }, previous: { runId: 'old' } });
    else expect(result).toMatchObject({ busy: { runId: 'old', epoch: 1 } });
  });

  it('takes a released one with the next epoch, and nobody to end', async () => {
    await take('old', 'failover');
    await releaseClaim(blobs.stores.state, pair, 'old');

    expect(await take('new', 'retention')).toEqual({
      taken: expect.objectContaining({ runId: 'new', epoch: 2, released: false }),
    });
  });

  it('changes nothing when the run has it already', async () => {
    const first = await take('run', 'refresh');
    await requestCancel(blobs.stores.state, pair, 'run');

    const again = await take('run', 'refresh', { nowIso: at(60) });

    expect(again).toEqual({ taken: { ...('taken' in first ? first.taken : {}), cancelRequested: true } });
  });

  it('recognises its own claim when the answer got lost', async () => {
    await take('old', 'refresh');
    blobs.proxy.primary.fault = faultOnce('resetAfterwards', ({ method }) => method === 'PUT');

    const result = await takeClaim(blobs.viaProxy().state, pair, wish('new', 'failover'));

    expect(result).toMatchObject({ taken: { runId: 'new', epoch: 2 }, previous: { runId: 'old' } });
  });

  it.each([
    { name: 'alive', seconds: 10, force: true, wins: false },
    { name: 'silent, and nobody insists', seconds: 600, force: false, wins: false },
    { name: 'silent, and an operator insists', seconds: 600, force: true, wins: true },
  ])("takes another hub's claim only from the dead: $name", async ({ seconds, force, wins }) => {
    await take('theirs', 'refresh', { hub: 'other' });

    const result = await take('ours', 'failover', { nowIso: at(seconds), force, staleAfterMs: 180_000 });

    expect('taken' in result).toBe(wins);
  });
});

describe('holding a claim', () => {
  it('beats at most every 5 s, and shows what was asked of the run', async () => {
    const { state } = blobs.stores;
    await take('run', 'refresh');

    expect((await heartbeat(state, pair, 'run', at(4))).heartbeat).toBe(at(0));
    expect((await heartbeat(state, pair, 'run', at(5))).heartbeat).toBe(at(5));
    expect(await requestCancel(state, pair, 'run')).toBe(true);
    expect(await heartbeat(state, pair, 'run', at(20))).toMatchObject({ cancelRequested: true, epoch: 1 });
  });

  it('is asked to stop or cuts over, whichever comes first', async () => {
    const { state } = blobs.stores;
    await take('first', 'failover');
    await requestCancel(state, pair, 'first');
    await expect(passPointOfNoReturn(state, pair, 'first')).rejects.toMatchObject({
      code: 'DR_RUN_CANCELLED',
    });
    await releaseClaim(state, pair, 'first');
    await expect(passPointOfNoReturn(state, pair, 'first')).rejects.toMatchObject({ code: 'DR_CLAIM_LOST' });

    await take('second', 'failover');
    await passPointOfNoReturn(state, pair, 'second');
    await passPointOfNoReturn(state, pair, 'second');
    expect(await requestCancel(state, pair, 'second')).toBe(false);
    expect(await readClaim(state, pair)).toMatchObject({ cancelRequested: false, cuttingOver: true });
  });

  it('survives ten heartbeats at the same moment', async () => {
    await take('run', 'refresh');

    const beats = await Promise.all(
      Array.from({ length: 10 }, () => heartbeat(blobs.stores.state, pair, 'run', at(30))),
    );

    expect(new Set(beats.map((claim) => claim.heartbeat))).toEqual(new Set([at(30)]));
  });

  it('is lost to a higher kind, and when it was released', async () => {
    const { state } = blobs.stores;
    await take('low', 'refresh');
    await take('high', 'failover');

    await expect(heartbeat(state, pair, 'low', at(10))).rejects.toMatchObject({
      code: 'DR_CLAIM_LOST',
      details: { holder: 'high', epoch: 2 },
    });
    expect(await requestCancel(state, pair, 'low')).toBe(false);
    await releaseClaim(state, pair, 'low');
    expect(await readClaim(state, pair)).toMatchObject({ runId: 'high', released: false });

    await releaseClaim(state, pair, 'high');
    await expect(heartbeat(state, pair, 'high', at(10))).rejects.toMatchObject({ code: 'DR_CLAIM_LOST' });
  });

  it('has nothing to hold where nobody claimed', async () => {
    await expect(heartbeat(blobs.stores.state, pair, 'run', at(0))).rejects.toMatchObject({
      code: 'DR_CLAIM_LOST',
    });
    await expect(releaseClaim(blobs.stores.state, pair, 'run')).resolves.toBeUndefined();
  });
});
