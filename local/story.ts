import { randomUUID } from 'node:crypto';
import { type RunView } from '../functions/http/run-view';
import { type Report } from '../shared/domain/report';
import { number } from '../shared/domain/report-words';
import { type WorldFacts } from './control';
import { LocalError } from './local-error';
import { type Options } from './options';
import { pairName } from './pair-config';
import { type Screen } from './screen';
import { type Session } from './session';
import { decideCutover, showReadiness } from './story/approval';
import { type Claim, type Evidence, makeClaims, overlapWords, showClaims } from './story/claims';
import { goDark, waitForFailover, waitForFence } from './story/outage';
import { makeProgress } from './story/progress';
import { fetchReport, requestWords, saveReportPage, showReport } from './story/report-summary';
import { isOver, type Telling, watchRun } from './story/run-watch';
import { type Awake, StorySide } from './story/side';

interface PairView {
  readonly active: 'primary' | 'secondary';
  readonly run: string | null;
}

interface Story extends Telling {
  readonly session: Session;
  readonly options: Options;
  readonly source: StorySide;
  readonly target: StorySide;
}

/**
 * An outage from the first sign to the fence, told as it happens, through the app's HTTP API and the admin routes of the workspaces.
 * Whether all went well and both workspaces bear it out; undefined when there was nothing to tell.
 */
export async function tellStory(
  session: Session,
  options: Options,
  screen: Screen,
): Promise<boolean | undefined> {
  const { app } = session;
  const { workspaces } = await app.get<WorldFacts>('/local/world');
  if (workspaces === undefined) throw new LocalError('there are no emulated workspaces to tell of');
  const [source, target] = [workspaces.primary, workspaces.secondary].map(
    ({ region, url, token }) => new StorySide(region, url, token),
  ) as [StorySide, StorySide];
  const story = { app, screen, progress: makeProgress(screen), session, options, source, target };
  const { active, run } = await app.get<PairView>(`/api/pairs/${pairName}`);
  if (active === 'secondary') {
    screen.alarm(`${target.title} is the active side already: the story begins with another --state folder`);
    return undefined;
  }
  try {
    return await tell(story, run);
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    story.progress.clear();
    screen.alarm(`the story ends here: ${error.message}`);
    return false;
  }
}

/** `openRun`: what an earlier process left unfinished. */
async function tell(story: Story, openRun: string | null): Promise<boolean> {
  const { app, screen, source } = story;
  const open = openRun === null ? undefined : await app.get<RunView>(`/api/runs/${openRun}`);
  const isGoingOn = open?.kind === 'failover' && !isOver(open);
  if (!isGoingOn) {
    const refreshed = await refresh(story);
    if (refreshed.status !== 'succeeded') return endEarly(story, refreshed);
  }
  const before = await source.awake('id');
  screen.heading(`2  ${source.title} goes dark`);
  await goDark(story, source);
  const failover = isGoingOn ? open : await waitForFailover(story, pairName);
  return failOver(story, failover, before);
}

async function refresh(story: Story): Promise<RunView> {
  const { app, screen, source, target } = story;
  screen.heading(`1  A normal day: ${target.title} becomes a sleeping copy of ${source.title}`);
  // A refresh that an earlier process left open is as good as a new one: 409 says where it is.
  const { location } = await app.send('POST', `/api/pairs/${pairName}/refresh`, {
    body: { reason: 'the first act of the story' },
    headers: { 'idempotency-key': randomUUID() },
    also: [409],
  });
  const runId = location?.split('/').at(-1) ?? '';
  const run = await watchRun(story, runId, isOver);
  const { requests } = await fetchReport(story, runId);
  screen.step('Requests', `${number(requests.calls)}, ${requestWords(requests)}`);
  return run;
}

async function failOver(story: Story, opened: RunView, before: readonly Awake[]): Promise<boolean> {
  const { screen, source, target } = story;
  screen.heading(`3  Restore and verify in ${target.title}`);
  screen.step('Run', opened.id);
  const ready = await watchRun(story, opened.id, (run) => isOver(run) || run.approval !== null, opened);
  // One that an earlier process saw approved comes to its end by itself.
  const { over, ...seen } = isOver(ready) ? { over: ready } : await cutOver(story, ready);
  const after = await target.awake('marker');
  if (over.status === 'cancelled' || over.status === 'failed') return endEarly(story, over);
  const report = await tellReport(story, over, '5  Report');

  screen.heading(`6  ${source.title} returns`);
  const times = await waitForFence(story, pairName, source);
  const evidence: Evidence = {
    titles: { source: source.title, target: target.title },
    ...{ before, after, ...seen, ...times },
    approvedMs: Date.parse(report.decisions.at(-1)?.at ?? over.startedAt),
    stillAwake: await source.awake('id'),
    firings: { source: await source.firings(), target: await target.firings() },
  };
  screen.step('Meanwhile', overlapWords(evidence));
  return finish(story, over, makeClaims(evidence, report));
}

/** Asks for the decision and sees the cutover through. */
async function cutOver(
  story: Story,
  ready: RunView,
): Promise<{ over: RunView; clustersBeforeCutover: readonly string[] }> {
  const { screen, target, options } = story;
  await showReadiness(story, pairName);
  const clustersBeforeCutover = await target.runningClusters();
  screen.heading('4  Approval and cutover');
  await decideCutover(story, ready, target.title, options.ask);
  const over = await watchRun(story, ready.id, isOver, { ...ready, approval: null });
  return { over, clustersBeforeCutover };
}

async function tellReport(story: Story, { id }: RunView, heading: string): Promise<Report> {
  story.screen.heading(heading);
  const report = await fetchReport(story, id);
  showReport(story.screen, report);
  await saveReportPage(story, id, story.session.folder);
  return report;
}

/** A run that did not come to its end: what it came to, and why. */
async function endEarly(story: Story, run: RunView): Promise<boolean> {
  await tellReport(story, run, 'Report');
  story.screen.line();
  return finish(story, run, []);
}

/** The last lines: what holds, and the last event. */
async function finish({ app, screen }: Story, run: RunView, claims: readonly Claim[]): Promise<boolean> {
  const { id: runId, status, counts, reason } = run;
  if (claims.length > 0) screen.heading('7  Checked in both workspaces');
  showClaims(screen, claims);
  // What is blocked or in conflict is in the exceptions then; what differs from the source has failed, and never is.
  const isClean = status === 'succeeded' && counts.failed === 0;
  if (!isClean) screen.alarm(`run ${runId} ended ${status}: ${reason ?? ''}`);
  const { rtoSeconds, rpoSeconds } = await fetchReport({ app }, runId);
  screen.event({ event: 'finished', runId, status, counts, rtoSeconds, rpoSeconds });
  return isClean && claims.length > 0 && claims.every(({ holds }) => holds);
}
