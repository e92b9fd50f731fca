import type { HttpResponseInit } from '@azure/functions';
import { parseDecisionBody } from '../../shared/config/request-bodies';
import { DrError } from '../../shared/domain/errors';
import type { Decision, RunRequest } from '../../shared/domain/run';
import { readRequest } from '../../shared/storage/runs';
import type { BlobStore } from '../../shared/storage/blob-store';
import { cancel, decide } from '../app/decide';
import { readBody } from './body';
import type { Caller } from './identity';
import { json, type Call } from './route';

/** What a run was asked to do. Throws DR_RUN_UNKNOWN. */
export async function requestOf(state: BlobStore, runId: string): Promise<RunRequest> {
  const request = await readRequest(state, runId);
  if (request !== undefined) return request;
  throw new DrError('DR_RUN_UNKNOWN', `cannot find run ${runId}`);
}

/** Takes a decision about the run in the path. */
export async function decideRun(
  verb: Extract<Decision['verb'], 'approve' | 'reject' | 'cancel'>,
  call: Call,
): Promise<HttpResponseInit> {
  const { runtime } = call.services;
  const request = await requestOf(runtime.state, call.param('run'));
  const { who, why } = parseDecisionBody(await readBody(call.request));
  const decision: Decision = { verb, who: nameOf(call.caller, who), why };
  await (verb === 'cancel' ? cancel : decide)(runtime, call.hub, request, decision);
  const self = `/api/runs/${request.runId}`;
  return json(202, { id: request.runId, ...decision, links: { self } }, { location: self });
}

/** The identity comes from the token; a name in the body only says who used the key. */
function nameOf({ who, roles }: Caller, claimed: string | undefined): string {
  return roles === undefined && claimed !== undefined ? `${claimed} (${who})` : who;
}
