import { createInterface } from 'node:readline/promises';
import { type RunView } from '../../functions/http/run-view';
import { type Readiness } from '../../shared/domain/readiness';
import { noProgress } from './progress';
import { type Telling, watchRun } from './run-watch';

interface PairView {
  readonly readiness: Readiness['tiers'];
}

/** What the approver wants to know: would the jobs run? Tiers are only named where one would not. */
export async function showReadiness({ app, screen }: Telling, pair: string): Promise<void> {
  const { readiness } = await app.get<PairView>(`/api/pairs/${pair}`);
  let [jobs, ready] = [0, 0];
  const troubles = readiness.flatMap(({ tier, runnable, degraded, notRunnable }) => {
    jobs += runnable + degraded + notRunnable;
    ready += runnable;
    const words = [degraded > 0 ? `${degraded} degraded` : '', notRunnable > 0 ? `${notRunnable} not` : ''];
    const said = words.filter((word) => word !== '').join(', ');
    return said === '' ? [] : [`${tier === null ? 'no tier' : `tier ${tier}`}: ${said}`];
  });
  screen.step('Readiness', [`${ready} of ${jobs} jobs would run`, ...troubles].join(' · '));
}

/** Gives the approval, or asks for it on the terminal. Whoever is first counts: it can be given over HTTP as well. */
export async function decideCutover(
  telling: Telling,
  run: RunView,
  target: string,
  isAsked: boolean,
): Promise<void> {
  const { app, screen } = telling;
  if (!isAsked) {
    await decide(telling, run, 'approve', 'the story');
    screen.step('Approval', 'given by the story (with --ask it is yours)');
    return;
  }
  const verb = await ask(telling, run, `Cut over to ${target}? [y/n] `);
  if (verb !== undefined) await decide(telling, run, verb, 'the terminal');
  screen.step(
    'Approval',
    verb === undefined
      ? `decided through ${app.url}`
      : `${verb === 'approve' ? 'approved' : 'rejected'} on this terminal`,
  );
}

async function decide({ app }: Telling, { id }: RunView, verb: string, who: string): Promise<void> {
  const why = verb === 'approve' ? 'confirmed, restored and verified' : 'not now';
  const body = { who, why };
  // 409: an earlier try went through, or somebody else was faster.
  await app.send('POST', `/api/runs/${id}/${verb}`, { body, also: [409] });
}

/** Undefined when somebody decided elsewhere, or when nobody is at the terminal and somebody did in the end. */
async function ask(telling: Telling, run: RunView, question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const elsewhere = new AbortController();
  const quiet = { ...telling, progress: noProgress };
  const isDecided = ({ approval }: RunView): boolean => approval === null || elsewhere.signal.aborted;
  const decided = watchRun(quiet, run.id, isDecided, run);
  try {
    return await Promise.race([decided.then(() => undefined), answerOf(lines, question)]);
  } finally {
    elsewhere.abort();
    lines.close();
  }
}

async function answerOf(
  lines: ReturnType<typeof createInterface>,
  question: string,
): Promise<'approve' | 'reject'> {
  for (;;) {
    const answer = (await lines.question(question)).trim().toLowerCase();
    if (answer === 'y' || answer === 'yes') return 'approve';
    if (answer === 'n' || answer === 'no') return 'reject';
  }
}
