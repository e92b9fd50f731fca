import type { HttpResponseInit } from '@azure/functions';
import { otherSide } from '../../shared/domain/links-view';
import { checkPair } from '../../shared/engine/preflight/preflight';
import { readState } from '../../shared/storage/pair-state';
import { lastReadiness } from './last-readiness';
import { json, type Call } from './route';

/** Less than a gateway before the app waits for an answer (ms). */
const patienceMs = 200_000;

/** Looks whether a failover of the pair would work now. Changes nothing in its workspaces. */
export async function postPreflight({ services: { runtime }, param }: Call): Promise<HttpResponseInit> {
  const pair = await runtime.pairOf(param('pair'));
  const { active: source } = await readState(runtime.state, pair.name, new Date(runtime.now()).toISOString());
  const target = otherSide(source);
  const session = { readOnly: true, signal: AbortSignal.timeout(patienceMs) };
  const preflight = await checkPair(
    {
      ...{ pair, source, target, state: runtime.state, snapshots: runtime.snapshots },
      from: runtime.open(pair, source, session),
      to: runtime.open(pair, target, session),
      log: runtime.log.with({ pair: pair.name }),
      probe: (side) => runtime.probe(pair, side),
      now: () => runtime.now(),
    },
    await lastReadiness(runtime, pair.name),
  );
  return json(200, preflight);
}
