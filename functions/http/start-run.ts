import type { HttpResponseInit } from '@azure/functions';
import type { PairConfig } from '../../shared/config/schema';
import { invalidRequest, parseStartBody, type StartBody } from '../../shared/config/request-bodies';
import { DrError, hasCode } from '../../shared/domain/errors';
import type { RunKind } from '../../shared/domain/run';
import type { Manifest } from '../../shared/domain/snapshot';
import type { PairState } from '../../shared/domain/state';
import { reserveRunId } from '../../shared/storage/idempotency';
import { readState } from '../../shared/storage/pair-state';
import { readRequest } from '../../shared/storage/runs';
import { readLatest, readManifest } from '../../shared/storage/snapshots';
import type { Runtime } from '../../shared/runtime';
import { launch } from '../app/launch';
import { readBody } from './body';
import { json, type Call } from './route';
import { scopeFaults, unknownJobs } from './scope-faults';

/** The kinds of runs that can be asked for. */
type StartedKind = Extract<RunKind, 'sync' | 'refresh' | 'failover'>;

const keySyntax = /^[\x21-\x7e]{1,200}$/;

/** Starts a run of `kind` for the pair in the path. */
export async function startRunOf(kind: StartedKind, call: Call): Promise<HttpResponseInit> {
  const { runtime } = call.services;
  const pair = await runtime.pairOf(call.param('pair'));
  const body = parseStartBody(await readBody(call.request));
  refuseUnbuilt(kind, body);
  refuse(faultsOf(kind, body, pair));
  const runId = await runIdFor(kind, call, pair, body);
  // The same request came before: it gets the same answer, whatever has changed since.
  if ((await readRequest(runtime.state, runId)) !== undefined) return accepted(runId, pair.name);
  const state = await readState(runtime.state, pair.name, new Date(runtime.now()).toISOString());
  refuseWayBack(kind, body, state);
  refuse(await snapshotFaults(kind, body, pair, state, runtime));
  const started = await launch(call.services, call.hub, {
    pair,
    kind,
    mode: body.mode,
    dryRun: body.dryRun,
    reason: body.reason ?? 'none was given',
    startedBy: call.caller.who,
    force: body.force,
    runId,
    ...(body.snapshot === undefined ? {} : { snapshot: body.snapshot }),
    ...(body.scope === undefined ? {} : { scope: body.scope }),
    ...(body.fence === undefined ? {} : { fence: body.fence }),
    ...(body.expectActive === undefined ? {} : { expectActive: body.expectActive }),
  });
  if ('busy' in started) {
    const { runId: holder, kind: held } = started.busy;
    const message = `cannot start a ${kind} of ${pair.name}: ${held} ${holder} has the pair`;
    throw new DrError('DR_CLAIM_BUSY', message, { runId: holder });
  }
  return accepted(runId, pair.name);
}

function accepted(runId: string, pair: string): HttpResponseInit {
  const self = `/api/runs/${runId}`;
  const links = { self, plan: `${self}/plan`, report: `${self}/report`, pair: `/api/pairs/${pair}` };
  return json(202, { id: runId, links }, { location: self });
}

function notBuilt(kind: StartedKind, what: string): DrError {
  return new DrError('DR_FEATURE_NOT_BUILT', `cannot start this ${kind}: this version has no ${what}`);
}

function refuseUnbuilt(kind: StartedKind, { mode }: StartBody): void {
  if (mode === 'planned') throw notBuilt(kind, 'planned mode');
}

/** Until the cutover is committed, the side that was left holds what a way back needs: nothing is written there. */
function refuseWayBack(kind: StartedKind, { dryRun }: StartBody, { committed }: PairState): void {
  if (kind !== 'sync' && !dryRun && !committed)
    throw notBuilt(kind, 'way back after a cutover that is not committed');
}

type Faults = { path: string; message: string }[];

function refuse(faults: Faults): void {
  if (faults.length > 0) throw invalidRequest(faults);
}

function faultsOf(kind: StartedKind, body: StartBody, pair: PairConfig): Faults {
  const faults: Faults = scopeFaults(body.scope, kind !== 'sync');
  const restores = kind === 'refresh' || (kind === 'failover' && !body.dryRun);
  if (restores && pair.mode === 'observe')
    faults.push({ path: 'pair', message: 'is only observed: nothing is restored' });
  if (kind !== 'failover') {
    for (const name of ['dryRun', 'snapshot', 'fence'] as const) {
      if (name === 'snapshot' && kind === 'refresh') continue;
      if (body[name] !== undefined && body[name] !== false)
        faults.push({ path: name, message: 'is for a failover' });
    }
  } else if (!body.dryRun) {
    if (body.confirm !== pair.name)
      faults.push({ path: 'confirm', message: `must be the name of the pair, ${JSON.stringify(pair.name)}` });
    if (body.reason === undefined) faults.push({ path: 'reason', message: 'is missing: say why' });
  }
  return faults;
}

/** A refresh may name a suspect one, to accept it. A failover reads only a snapshot: without one of the active side it would find out too late. */
async function snapshotFaults(
  kind: StartedKind,
  body: StartBody,
  pair: PairConfig,
  state: PairState,
  runtime: Runtime,
): Promise<Faults> {
  if (kind !== 'failover' && body.snapshot === undefined) return [];
  const path = 'snapshot';
  const latest = await readLatest(runtime, pair.name);
  const id = body.snapshot ?? latest?.id;
  if (id === undefined)
    return [{ path, message: 'is missing: there is none yet, run a refresh or a sync first' }];
  const manifest = await namedManifest(runtime, pair.name, id);
  const { source, sealedAt } = manifest;
  if (kind === 'refresh' && latest !== undefined && sealedAt <= latest.sealedAt)
    return [
      { path, message: 'is not newer than the latest: a refresh accepts only one that was not applied' },
    ];
  // A refresh may be for jobs that came since.
  if (source.side === state.active)
    return kind === 'failover' ? unknownJobs(runtime, pair, manifest, body.scope) : [];
  return [
    { path, message: `is one of the ${source.side}, and the ${state.active} is active: run a sync first` },
  ];
}

async function namedManifest(runtime: Runtime, pair: string, id: string): Promise<Manifest> {
  try {
    return await readManifest(runtime, pair, id);
  } catch (error) {
    if (!hasCode(error, 'DR_SNAPSHOT_MISSING')) throw error;
    const errors = [{ path: 'snapshot', message: `is no snapshot of ${pair}` }];
    throw new DrError('DR_SNAPSHOT_MISSING', error.message, { errors });
  }
}

/** The id of the run: a new one, or the one that this `Idempotency-Key` got before. */
async function runIdFor(
  kind: StartedKind,
  { request, services: { runtime } }: Call,
  pair: PairConfig,
  body: StartBody,
): Promise<string> {
  const fresh = runtime.newRunId(pair.name);
  const key = request.headers.get('idempotency-key');
  if (key === null) return fresh;
  const path = 'Idempotency-Key';
  if (!keySyntax.test(key))
    throw invalidRequest([{ path, message: 'must have 1 to 200 visible ASCII characters' }]);
  const runId = await reserveRunId(runtime.state, { pair: pair.name, kind, key, body }, fresh);
  if (runId !== undefined) return runId;
  throw invalidRequest([{ path, message: 'was used with another body' }]);
}
