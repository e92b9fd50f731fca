import { html, type Html } from './html';
import type { Report, StepReport, StepState } from './report';
import { runTitle } from './report-verdict';
import {
  capital,
  count,
  duration,
  moment,
  number,
  outcomeTitles,
  regionTitle,
  sideTitle,
} from './report-words';
import { outcomes, type RunStatus } from './run';

const statusWords: Readonly<Record<RunStatus, readonly [text: string, tone: string]>> = {
  running: ['Running', 'calm'],
  succeeded: ['Succeeded', 'good'],
  partiallyFailed: ['Succeeded in part', 'warn'],
  failed: ['Failed', 'bad'],
  cancelled: ['Cancelled', 'calm'],
};

/** The verdict, what it is about, and the numbers that people ask for first. */
export function pageHead(report: Report): Html {
  const { run } = report;
  const [status, tone] = statusWords[run.status];
  const reason = run.status === 'succeeded' ? undefined : html`<p>${capital(run.reason)}.</p>`;
  return html`<header>
    <p class="eyebrow">
      <span class="badge ${tone}">${status}</span><span>${runTitle(run)}</span
      ><span>${direction(report)}</span>
    </p>
    <h1>${unbroken(report)}</h1>
    ${reason}
    <p class="soft">
      Started ${moment(run.startedAt)} by <bdi>${run.startedBy}</bdi>: <bdi>${run.requestReason}</bdi>. Ended
      ${moment(run.endedAt)}.
    </p>
    <dl class="figures">${figures(report)}</dl>
  </header>`;
}

function direction({ run, sides }: Report): string {
  const regions = { primary: sides.primary.region, secondary: sides.secondary.region };
  const target = run.source === 'primary' ? 'secondary' : 'primary';
  if (run.kind === 'sync' || run.kind === 'retention') return sideTitle(run.source, regions);
  return `${sideTitle(run.source, regions)} → ${sideTitle(target, regions)}`;
}

/** The verdict with names of regions that do not break over lines. */
function unbroken({ verdict, sides }: Report): string {
  return Object.values(sides).reduce((text, { region }) => {
    const title = regionTitle(region);
    return title ? text.replaceAll(title, title.replaceAll(' ', '\u00a0')) : text;
  }, verdict);
}

function figures(report: Report): readonly Html[] {
  const { run, wake, rtoSeconds, rpoSeconds } = report;
  const took = (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000;
  const time =
    rtoSeconds === null
      ? figure('Took', duration(took))
      : figure('Recovery time', duration(rtoSeconds), 'RTO, to the last wake');
  const age =
    rpoSeconds === null ? [] : [figure('Age of the data', duration(rpoSeconds), 'RPO, of the snapshot')];
  const awake = wake.switched
    ? [figure('Schedules awake', number(wake.woken.length), `of ${number(wake.awakeBefore)} before`)]
    : [];
  const written = run.dryRun ? 'to be written' : 'written';
  const assets = figure('Assets', number(run.counts.total), `${number(run.counts.restored)} ${written}`);
  return [time, ...age, ...awake, assets, people(report)];
}

function people({ run: { counts }, excepted, manualSteps }: Report): Html {
  const open = Math.max(0, counts.failed + counts.blocked + counts.conflict - excepted);
  const known = excepted > 0 ? [`beside ${count(excepted, 'known exception')}`] : [];
  const steps = manualSteps.length > 0 ? `and ${count(manualSteps.length, 'manual step')}` : 'no manual step';
  return figure('Need a person', count(open, 'asset'), [...known, steps].join(', '));
}

function figure(title: string, value: string, about?: string): Html {
  const small = about === undefined ? undefined : html`<small>${about}</small>`;
  return html`<div>
    <dt>${title}</dt>
    <dd>${value}${small}</dd>
  </div>`;
}

const stateWords: Readonly<Record<StepState, readonly [text: string, tone: string]>> = {
  done: ['Done', 'good'],
  attention: ['Needs a person', 'warn'],
  failed: ['Failed', 'bad'],
  incomplete: ['Not finished', 'warn'],
  manual: ['By hand', 'calm'],
  nothing: ['Nothing to do', 'soft'],
};

/** The ten steps with their states and counts, and what lies beyond them. */
export function stepTable({ steps, run }: Report): Html {
  return html`<section aria-labelledby="steps">
    <h2 id="steps">The ten steps</h2>
    <table class="steps">
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col" class="n">Assets</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        ${steps.map((step, at) => stepRow(step, at + 1, run.dryRun))}
      </tbody>
    </table>
  </section>`;
}

function stepRow(step: StepReport, at: number, dryRun: boolean): Html {
  const [word, tone] = stateWords[step.state];
  const text = step.state === 'done' && dryRun ? 'Ready' : word;
  const total = step.counts.total + step.left;
  return html`<tr>
    <th scope="row">
      <span class="no">${at > 10 ? '+' : at}</span>${step.title}<span class="sub"
        >${stepCounts(step, dryRun)}</span
      >
    </th>
    <td class="n">${total > 0 ? number(total) : ''}</td>
    <td><span class="state ${tone}">${text}</span></td>
  </tr>`;
}

function stepCounts({ counts, left, note }: StepReport, dryRun: boolean): string {
  const told = outcomes
    .filter((verb) => counts[verb] > 0)
    .map(
      (verb) =>
        `${number(counts[verb])} ${dryRun && verb === 'restored' ? 'to restore' : outcomeTitles[verb].toLowerCase()}`,
    );
  return [...told, ...(left > 0 ? [`${number(left)} not reached`] : []), ...(note ? [note] : [])].join(' · ');
}
