import { html, type Html } from './html';
import type { Report } from './report';
import type { JobReadiness } from './report-input';
import { fenceNote } from './report-page-run';
import { assetTable, type AssetRow } from './report-page-tables';
import { number, outcomeTitles } from './report-words';
import type { OutcomeVerb } from './run';

/** Everything that waits for a person, worst first; nothing of it is ever cut. */
export function personSection(report: Report): Html {
  const parts = [
    ...(['failed', 'blocked', 'conflict'] as const).map((verb) => outcomePart(report, verb)),
    asleepPart(report),
    jobPart(report, 'notRunnable', 'Would not run'),
    jobPart(report, 'degraded', 'Degraded'),
    warnedPart(report),
    manualPart(report),
    warningPart(report),
  ].filter((part) => part !== undefined);
  return html`<section aria-labelledby="person">
    <h2 id="person">What needs a person</h2>
    ${parts.length === 0 ? html`<p class="note good">Nothing. Everything is accounted for.</p>` : undefined}
    ${report.wake.switched && report.fence.state !== 'done' ? fenceNote(report) : undefined} ${parts}
  </section>`;
}

/** New ones first: they are what changed since all was well. */
function tabled(report: Report, title: string, caption: string, rows: readonly AssetRow[]): Html | undefined {
  if (rows.length === 0) return undefined;
  const fresh = new Set(report.newSince?.keys ?? []);
  const marked = rows.map((row) => ({ ...row, isNew: fresh.has(row.key) }));
  const ordered = [...marked.filter(({ isNew }) => isNew), ...marked.filter(({ isNew }) => !isNew)];
  return html`<h3>${title} <small>${number(rows.length)}</small></h3>
    ${assetTable(caption, ordered)}`;
}

const captions = {
  failed: 'What was tried, and what came back.',
  blocked: 'They wait for something that is not there; with it, the next run restores them.',
  conflict: 'Both sides changed, or something else has their place. Nothing was overwritten.',
} satisfies Partial<Record<OutcomeVerb, string>>;

function outcomePart(report: Report, verb: keyof typeof captions): Html | undefined {
  const rows = report.outcomes
    .filter(({ outcome }) => outcome === verb)
    .map(({ key, name, reason, warnings }) => ({ key, name, reason, also: warnings ?? [] }));
  return tabled(report, outcomeTitles[verb], captions[verb], rows);
}

function asleepPart(report: Report): Html | undefined {
  const judged = new Map(report.readiness.jobs.map(({ key, reasons }) => [key, reasons.join('; ')]));
  const rows = report.wake.asleep.map(({ key, name, triggers, reason }) => ({
    key,
    name,
    reason: [...new Set([reason, judged.get(key)])].filter(Boolean).join(': ') || 'not woken',
    also: [`asleep: ${triggers.join(', ')}`],
  }));
  return tabled(report, 'Still asleep', 'They ran before the cutover and do not run now.', rows);
}

function jobPart(report: Report, state: JobReadiness['state'], title: string): Html | undefined {
  const asleep = new Set(report.wake.asleep.map(({ key }) => key));
  const rows = report.readiness.jobs
    .filter((job) => job.state === state && !asleep.has(job.key))
    .map(({ key, name, reasons }) => ({ key, name, reason: reasons.join('; ') }));
  const caption =
    state === 'degraded'
      ? 'They run, but something that they use is missing.'
      : 'Jobs that lack what they need to run.';
  return tabled(report, title, caption, rows);
}

function warnedPart(report: Report): Html | undefined {
  const jobs = new Set(report.readiness.jobs.map(({ key }) => key));
  const rows = report.outcomes
    .filter(({ key, outcome, warnings }) => warnings && !(outcome in captions) && !jobs.has(key))
    .map(({ key, name, warnings = [] }) => ({ key, name, reason: warnings.join('; ') }));
  return tabled(report, 'With a warning', 'They are there, but something about them is not as it was.', rows);
}

function manualPart({ manualSteps }: Report): Html | undefined {
  if (manualSteps.length === 0) return undefined;
  return html`<h3>By hand <small>${number(manualSteps.length)}</small></h3>
    <ol class="todo">
      ${manualSteps.map((step) => html`<li>${step}</li>`)}
    </ol>`;
}

function warningPart({ warnings }: Report): Html | undefined {
  if (warnings.length === 0) return undefined;
  return html`<h3>To know <small>${number(warnings.length)}</small></h3>
    <ul class="plain">
      ${warnings.map((warning) => html`<li>${warning}</li>`)}
    </ul>`;
}
