import type { HttpResponseInit } from '@azure/functions';
import { adapters } from '../../shared/adapters/registry';
import type { PairConfig } from '../../shared/config/schema';
import { invalidRequest } from '../../shared/config/request-bodies';
import type { Side } from '../../shared/domain/asset';
import type { Preflight } from '../../shared/domain/preflight';
import type { PairHealth } from '../../shared/engine/prober';
import { mapAhead } from '../../shared/storage/bounded';
import { readDocument } from '../../shared/storage/documents';
import { paths } from '../../shared/storage/layout';
import { readClaim } from '../../shared/storage/claims';
import { readDamage } from '../../shared/storage/damage';
import { listLinkPartitions } from '../../shared/storage/links';
import { readHealth, readState } from '../../shared/storage/pair-state';
import { readLatest } from '../../shared/storage/snapshots';
import { readSuspect } from '../../shared/storage/suspects';
import type { Runtime } from '../../shared/runtime';
import { lastReadiness } from './last-readiness';
import { limitOf } from './query';
import { json, type Call } from './route';

const pairsAhead = 4;

/** Every pair, and those that cannot be used because of their configuration. */
export async function getPairs({ services: { runtime } }: Call): Promise<HttpResponseInit> {
  const { config, refused, errors, warnings } = await runtime.config();
  const pairs: object[] = [];
  for await (const view of mapAhead(config.pairs, pairsAhead, (pair) => viewPair(runtime, pair)))
    pairs.push(view);
  return json(200, { pairs, refused, errors, warnings });
}

export async function getPair({ services: { runtime }, param }: Call): Promise<HttpResponseInit> {
  return json(200, await viewPair(runtime, await runtime.pairOf(param('pair'))));
}

async function viewPair(runtime: Runtime, pair: PairConfig): Promise<object> {
  const { name, mode } = pair;
  const now = new Date(runtime.now());
  const { active, tenure, committed, cutover, fence } = await readState(
    runtime.state,
    name,
    now.toISOString(),
  );
  const latest = await readLatest(runtime, name);
  const claim = await readClaim(runtime.state, name);
  const health = await readHealth<PairHealth>(runtime.state, name);
  const preflight = await readDocument<Preflight>(runtime.state, paths.preflight(name));
  const side = (role: Side): object => ({ region: pair[role].region, ...health?.[role] });
  return {
    name,
    mode,
    active,
    tenure,
    committed,
    cutover,
    fence,
    snapshot: latest === undefined ? null : snapshotOf(latest, now.getTime()),
    suspect: await suspectOf(runtime, name),
    damaged: await readDamage(runtime.state, name),
    readiness: (await lastReadiness(runtime, name))?.tiers ?? [],
    preflight: preflight === undefined ? null : preflightOf(preflight.value),
    lastDrill: null,
    health: { checkedAt: health?.checkedAt ?? null, primary: side('primary'), secondary: side('secondary') },
    run: claim === undefined || claim.released ? null : claim.runId,
  };
}

/** The snapshot that was not applied because too much has changed, until a person accepts it or a good one follows. */
async function suspectOf(runtime: Runtime, pair: string): Promise<object | null> {
  const suspect = await readSuspect(runtime, pair);
  if (suspect === undefined) return null;
  const { id, sealedAt, reasons } = suspect;
  return { id, sealedAt, reasons };
}

/** The lights; what is behind them is in the answer to a preflight and in reports. */
function preflightOf({ checkedAt, light, tiers }: Preflight) {
  return { checkedAt, light, tiers };
}

function snapshotOf({ id, sealedAt }: { readonly id: string; readonly sealedAt: string }, nowMs: number) {
  return { id, sealedAt, ageSeconds: Math.max(0, Math.round((nowMs - Date.parse(sealedAt)) / 1000)) };
}

/** The id map: what an asset of one side is called at the other. */
export async function getMap({ request, services: { runtime }, param }: Call): Promise<HttpResponseInit> {
  const { name } = await runtime.pairOf(param('pair'));
  const limit = limitOf(request, 10_000, 100_000);
  const sourceId = request.query.get('sourceId');
  const asked = request.query.get('kind');
  const kinds = adapters.map(({ kind }) => kind).filter((kind) => asked === null || kind === asked);
  if (kinds.length === 0)
    throw invalidRequest([
      { path: 'kind', message: `is none of ${adapters.map(({ kind }) => kind).join(', ')}` },
    ]);
  const links: object[] = [];
  let truncated = false;
  for await (const link of linksOf(runtime, name, kinds)) {
    if (sourceId !== null && link.primary !== sourceId && link.secondary !== sourceId) continue;
    if (links.length === limit) {
      truncated = true;
      break;
    }
    links.push(link);
  }
  return json(200, { pair: name, links, truncated });
}

async function* linksOf(runtime: Runtime, pair: string, kinds: readonly string[]) {
  for (const kind of kinds) {
    for await (const { links } of listLinkPartitions(runtime.state, pair, kind)) {
      for (const { primary, secondary, verifiedAt, ours } of links)
        yield { kind, primary, secondary, verifiedAt: verifiedAt ?? null, ours };
    }
  }
}
