import type { HttpResponseInit } from '@azure/functions';
import { DrError } from '../../shared/domain/errors';
import { readReadiness } from '../../shared/engine/readiness-judge';
import { mapAhead } from '../../shared/storage/bounded';
import { listRuns, readPlanHead, readReport, readReportHtml, readRequest } from '../../shared/storage/runs';
import { requestOf } from './decisions';
import { readPlanPage } from './plan-page';
import { limitOf, prefersHtml } from './query';
import { json, type Call } from './route';
import { noStore } from './problem';
import { viewRun, type RunView } from './run-view';

const runsAhead = 8;
/** The page has styles and no script; nothing is fetched. */
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The newest runs, of one pair or of all. */
export async function getRuns({ request, services: { runtime }, hub }: Call): Promise<HttpResponseInit> {
  const pair = request.query.get('pair') ?? undefined;
  const limit = limitOf(request, 20, 200);
  if (pair !== undefined) await runtime.pairOf(pair);
  const runs: RunView[] = [];
  const ids = await listRuns(runtime.state, pair, limit);
  const views = mapAhead(ids, runsAhead, async (runId) => {
    const asked = await readRequest(runtime.state, runId);
    return asked && viewRun(runtime.state, hub, asked);
  });
  for await (const view of views) if (view) runs.push(view);
  return json(200, { runs });
}

export async function getRun({ services: { runtime }, hub, param }: Call): Promise<HttpResponseInit> {
  const request = await requestOf(runtime.state, param('run'));
  return json(200, await viewRun(runtime.state, hub, request));
}

/** What a run will do, or would do. */
export async function getPlan({ request, services: { runtime }, param }: Call): Promise<HttpResponseInit> {
  const { runId, scope = null } = await requestOf(runtime.state, param('run'));
  const limit = limitOf(request, 200, 2_000);
  const plan = await readPlanHead(runtime.state, runId);
  if (plan === undefined)
    throw new DrError('DR_RUN_UNKNOWN', `cannot show the plan of ${runId}: it has none`);
  const { snapshot, counts, byKind, hash, trusted } = plan;
  const waves = plan.waves.map(({ wave, kinds, chunkItems }) => ({
    wave,
    kinds,
    items: chunkItems.reduce((sum, count) => sum + count, 0),
  }));
  const readiness = (await readReadiness(runtime, runId))?.tiers ?? [];
  const page = await readPlanPage(runtime.state, plan, request.query.get('cursor'), limit);
  return json(200, { runId, snapshot, scope, hash, counts, byKind, waves, readiness, trusted, ...page });
}

/** What a run did, for a program or for a person. */
export async function getReport({ request, services: { runtime }, param }: Call): Promise<HttpResponseInit> {
  const { runId } = await requestOf(runtime.state, param('run'));
  const missing = new DrError('DR_RUN_UNKNOWN', `cannot show the report of ${runId}: it has none yet`);
  if (!prefersHtml(request.headers.get('accept'))) {
    const report = await readReport(runtime.state, runId);
    if (report === undefined) throw missing;
    return json(200, report, { vary: 'accept' });
  }
  const page = await readReportHtml(runtime.state, runId);
  if (page === undefined) throw missing;
  const headers = {
    ...noStore,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': pagePolicy,
    vary: 'accept',
  };
  return { status: 200, headers, body: page };
}
