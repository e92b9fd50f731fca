import { sides } from './asset';
import { html, type Html } from './html';
import type { Report } from './report';
import { pageHead, stepTable } from './report-page-head';
import { metastoreFold } from './report-page-metastores';
import { factFolds, sinceNote } from './report-page-facts';
import { personSection } from './report-page-person';
import { preflightSection } from './report-page-preflight';
import { retentionSection } from './report-page-retention';
import { cutoverSection, readinessSection, timelineSection } from './report-page-run';
import { assetTable, folded, leftOutNote, maxRows } from './report-page-tables';
import { reportStyle } from './report-style';
import { runTitle } from './report-verdict';
import { count, moment, number, outcomeTitles, sideTitle } from './report-words';
import type { OutcomeVerb } from './run';

/** What the page asks browsers to enforce: nothing is fetched, nothing is executed. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The report as one self-contained page: no script, nothing fetched, every text escaped. */
export function reportPage(report: Report): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${runTitle(report.run)}: ${report.verdict}</title>
        <style>
          ${{ markup: reportStyle }}
        </style>
      </head>
      <body>
        ${pageHead(report)}
        <main>
          ${sinceNote(report)} ${stepTable(report)} ${personSection(report)} ${cutoverSection(report)}
          ${retentionSection(report)} ${readinessSection(report)} ${preflightSection(report)}
          ${timelineSection(report)} ${restSection(report)} ${factSection(report)}
        </main>
        <footer>Run <bdi>${report.run.id}</bdi>. All times are UTC.</footer>
      </body>
    </html>`;
  return page.markup.trim();
}

function restSection(report: Report): Html {
  const retire = report.retire.slice(0, maxRows);
  const retired = folded(
    'Gone at the source',
    retiredWords(report),
    html`${assetTable('', retire)} ${leftOutNote(report.retire.length - retire.length)}`,
  );
  return html`<section aria-labelledby="rest">
    <h2 id="rest">Everything else</h2>
    ${(['restored', 'skipped'] as const).map((verb) => outcomeFold(report, verb) ?? html``)}
    ${report.retire.length > 0 ? retired : undefined} ${metastoreFold(report)}
    <p>${count(report.run.counts.unchanged, 'asset was', 'assets were')} already as they should be.</p>
  </section>`;
}

function retiredWords({ retire }: Report): string {
  const gone = retire.filter(({ fate }) => fate === 'removed').length;
  const removed = gone === 0 ? '' : `${number(gone)} removed from the target, `;
  return `${removed}${number(retire.length - gone)} still there`;
}

function outcomeFold({ outcomes, leftOut, run }: Report, verb: OutcomeVerb): Html | undefined {
  const all = outcomes.filter(({ outcome }) => outcome === verb);
  if (all.length === 0) return undefined;
  const rows = all.slice(0, maxRows).map(({ key, name, reason }) => ({ key, name, reason }));
  const title = run.dryRun && verb === 'restored' ? 'Would be restored' : outcomeTitles[verb];
  const left = all.length - rows.length + leftOut[verb];
  return folded(title, number(run.counts[verb]), html`${assetTable('', rows)} ${leftOutNote(left)}`);
}

function factSection(report: Report): Html {
  const { snapshot, tenure, run, requests, trusted, notCarried } = report;
  const regions = { primary: report.sides.primary.region, secondary: report.sides.secondary.region };
  const sealed = snapshot ? `${snapshot.id}, sealed ${moment(snapshot.sealedAt)}` : 'none';
  return html`<section aria-labelledby="facts">
    <h2 id="facts">Facts</h2>
    <table>
      <tbody>
        ${fact('Snapshot', sealed)}
        ${fact('Active side', `${sideTitle(report.active, regions)}, tenure ${tenure}`)}
        ${fact('Mode', run.dryRun ? `${run.mode}, dry run: nothing was changed` : run.mode)}
        ${sides.map((side) => fact(`Calls to ${sideTitle(side, regions)}`, calls(requests.bySide[side])))}
      </tbody>
    </table>
    ${factFolds(report).map((fold) => fold ?? html``)}
    ${trusted.length > 0 ? folded('Trusted, not listed again', count(trusted.length, 'partition'), trustedList(trusted)) : undefined}
    ${notCarried.length > 0 ? folded('Not carried', 'what this version leaves alone', plainList(notCarried)) : undefined}
  </section>`;
}

function fact(title: string, value: string): Html {
  return html`<tr>
    <th scope="row">${title}</th>
    <td>${value}</td>
  </tr>`;
}

function calls({ calls: all, writes, throttled }: Report['requests']['bySide']['primary']): string {
  const slowed = throttled > 0 ? `, ${number(throttled)} told to wait` : '';
  return `${number(all)}, ${count(writes, 'write')} among them${slowed}`;
}

function trustedList(trusted: Report['trusted']): Html {
  const shown = trusted
    .slice(0, maxRows)
    .map(({ partition, verifiedAt }) => `${partition}: seen ${moment(verifiedAt)}`);
  return html`${plainList(shown)} ${leftOutNote(trusted.length - shown.length)}`;
}

function plainList(lines: readonly string[]): Html {
  return html`<ul class="plain">
    ${lines.map((line) => html`<li><bdi>${line}</bdi></li>`)}
  </ul>`;
}
