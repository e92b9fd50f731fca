import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseKey } from '../../shared/domain/asset';
import { type Report, type StepReport, type StepState } from '../../shared/domain/report';
import { type SideFacts } from '../../shared/domain/report-input';
import { count, duration, kindWords, number, regionTitle } from '../../shared/domain/report-words';
import { type AppClient } from '../app-client';
import { type Screen } from '../screen';
import { type StateFolder } from '../state-folder';
import { type Telling } from './run-watch';

type Style = Parameters<Screen['style']>[0];

const marks: Readonly<Record<StepState, readonly [mark: string, style: Style]>> = {
  done: ['✓', 'green'],
  attention: ['!', 'yellow'],
  failed: ['✗', 'red'],
  incomplete: ['✗', 'red'],
  manual: ['☞', 'yellow'],
  nothing: ['–', 'dim'],
};
const stateWords: Readonly<Record<StepState, string>> = {
  done: '',
  attention: 'needs a person',
  failed: 'failed',
  incomplete: 'not finished',
  manual: 'by hand',
  nothing: 'nothing of it',
};
/** Title and total, the total at the right end. */
const titleWidth = 44;
/** Steps beyond the ten have no number. */
const numbered = 10;

/** The report on one screen: verdict, the ten steps, and the numbers that count. */
export function showReport(screen: Screen, report: Report): void {
  const isGood = report.run.status === 'succeeded';
  screen.line(`  ${screen.style(['bold', isGood ? 'green' : 'yellow'], report.verdict)}`);
  screen.line();
  report.steps.forEach((step, at) => {
    screen.line(stepLine(screen, withShortNote(step, report), at + 1));
  });
  screen.line();
  for (const [name, value, note] of facts(report))
    screen.line(`  ${name.padEnd(16)}${screen.style('bold', value.padEnd(14))}${screen.style('dim', note)}`);
}

/** The two steps that are about the sides themselves, in words that fit on a line. */
function withShortNote(step: StepReport, { sides }: Report): StepReport {
  const both = [sides.secondary, sides.primary];
  const say = (words: (side: SideFacts) => string): StepReport => ({
    ...step,
    note: both.map((side) => `${regionTitle(side.region)} ${words(side)}`).join(' · '),
  });
  if (step.step === 'connect') return say(({ reachable }) => (reachable ? 'answers' : 'is silent'));
  if (step.step === 'profiles')
    return say(({ reachable, token }) =>
      token ? 'lets us in' : reachable ? 'has no token for us' : 'is silent',
    );
  return step;
}

function stepLine(screen: Screen, { title, state, counts, note }: StepReport, at: number): string {
  const [mark, style] = marks[state];
  const { total, restored, unchanged, skipped, conflict, blocked, failed } = counts;
  const parts = { restored, unchanged, skipped, 'in conflict': conflict, blocked, failed };
  const words = Object.entries(parts).flatMap(([name, value]) =>
    value > 0 ? [`${number(value)} ${name}`] : [],
  );
  const said = [...words, state === 'failed' && failed > 0 ? '' : stateWords[state], note ?? '']
    .filter((text) => text !== '')
    .join(' · ');
  const head = `${String(at <= numbered ? at : '').padStart(4)}  ${title}`;
  const sum = (total > 0 ? number(total) : '').padStart(titleWidth - title.length);
  return `  ${screen.style(style, mark)}${head}${sum}  ${screen.style('dim', said)}`;
}

function facts(report: Report): [name: string, value: string, note: string][] {
  const { rtoSeconds, rpoSeconds, wake, requests, manualSteps } = report;
  const rows: [name: string, value: string | false, note: string][] = [
    [
      'Recovery time',
      rtoSeconds !== null && duration(rtoSeconds),
      'from the outage to the last schedule awake',
    ],
    ['Recovery point', rpoSeconds !== null && duration(rpoSeconds), 'age of the snapshot at the outage'],
    ['Woken', wake.switched && `${wake.woken.length} of ${wake.awakeBefore}`, wokenWords(report)],
    ['Requests', number(requests.calls), requestWords(requests)],
    ['By hand', manualSteps.length > 0 && count(manualSteps.length, 'step'), 'listed in the report'],
  ];
  return rows.flatMap(([name, value, note]) => (value === false ? [] : [[name, value, note]]));
}

/** What wakes, most of it first: `22 jobs, 4 pipelines, 2 instance pools; none stays asleep`. */
function wokenWords({ wake }: Report): string {
  const kinds = Map.groupBy(wake.woken, ({ key }) => parseKey(key).kind);
  const most = [...kinds].sort(([, a], [, b]) => b.length - a.length);
  const woken = most.map(([kind, { length }]) => `${number(length)} ${kindWords(kind, length)}`).join(', ');
  const { length: asleep } = wake.asleep;
  const rest =
    asleep === 0 ? 'none stays asleep' : `${number(asleep)} ${asleep === 1 ? 'stays' : 'stay'} asleep`;
  return woken === '' ? rest : `${woken}; ${rest}`;
}

/** How many calls changed something, and how many were answered 429. */
export function requestWords({ writes, throttled }: Report['requests']): string {
  return `${number(writes)} of them writes · ${number(throttled)} told to wait`;
}

export function fetchReport({ app }: { readonly app: AppClient }, runId: string): Promise<Report> {
  return app.get<Report>(`/api/runs/${runId}/report`);
}

/** Where the page can be read: at the app, and in a file that outlives it. */
export async function saveReportPage(
  { app, screen }: Telling,
  runId: string,
  folder: StateFolder,
): Promise<void> {
  const path = `/api/runs/${runId}/report`;
  const { body } = await app.send<string>('GET', path, { headers: { accept: 'text/html' } });
  const name = `failover-report-${runId}.html`;
  const file = folder.isKept ? folder.file(name) : join(tmpdir(), name);
  writeFileSync(file, body);
  screen.line(`  ${'Page'.padEnd(16)}${app.url}${path}`);
  screen.line(`  ${''.padEnd(16)}${file}`);
}
