import type { HttpResponseInit } from '@azure/functions';
import type { PairConfig } from '../../shared/config/schema';
import { matchAlert, normaliseAlert } from '../../shared/domain/alert';
import { DrError } from '../../shared/domain/errors';
import type { Signal } from '../../shared/domain/signal';
import { reasonNotToSuspect } from '../../shared/engine/prober';
import { readState } from '../../shared/storage/pair-state';
import type { Runtime } from '../../shared/runtime';
import type { Hub } from '../app/hub';
import { handleEvent } from '../app/incident';
import { maxAlertBytes, readBody } from './body';
import { json, type Call } from './route';

/** What an alert came to for one pair. */
interface AlertOutcome {
  readonly pair: string;
  readonly taken: boolean;
  readonly reason: string;
}

/** Takes an alert of Azure Monitor in. Once it answers 202 the suspicion is stored; a 503 makes Azure send it again. */
export async function receiveAlert({ request, services, hub }: Call): Promise<HttpResponseInit> {
  const { runtime } = services;
  const signal = normaliseAlert(await readBody(request, maxAlertBytes));
  if (signal.kind === 'invalid') {
    throw new DrError('DR_ALERT_INVALID', `cannot read the alert: ${signal.reason}`);
  }
  if (signal.kind === 'ignored') {
    runtime.log.info('an alert is of no concern', { reason: signal.reason });
    return json(202, { status: 'ignored', reason: signal.reason, pairs: [] });
  }
  const { config } = await runtime.config();
  const pairs: AlertOutcome[] = [];
  for (const pair of config.pairs) pairs.push(await tellPair(runtime, hub, pair, signal));
  const { source, key, status, title } = signal;
  runtime.log.info('an alert was taken in', { source, key, status, title, pairs });
  const taken = pairs.some((outcome) => outcome.taken);
  const reason = taken ? 'it concerns a pair' : 'it concerns no pair';
  return json(202, { status: taken ? 'accepted' : 'ignored', reason, pairs });
}

async function tellPair(runtime: Runtime, hub: Hub, pair: PairConfig, signal: Signal): Promise<AlertOutcome> {
  const { name } = pair;
  const state = await readState(runtime.state, name, new Date(runtime.now()).toISOString());
  const { region } = pair[state.active];
  const { matches, reason } = matchAlert(signal, { name, region, services: pair.alert.services });
  if (!matches) return { pair: name, taken: false, reason };
  const why = signal.status === 'active' ? reasonNotToSuspect(pair, state) : undefined;
  if (why !== undefined) return { pair: name, taken: false, reason: why };
  const decided = await handleEvent(runtime, hub, pair, { kind: 'alert', signal });
  return { pair: name, taken: true, reason: decided.reason };
}
