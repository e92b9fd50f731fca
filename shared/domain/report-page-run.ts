import { html, type Html } from './html';
import type { Report } from './report';
import type { Triggered } from './report-input';
import { assetTable, folded, leftOutNote, maxRows } from './report-page-tables';
import { count, duration, moment, number, phaseTitles, sideTitle } from './report-words';

/** How ready the jobs are, tier by tier. */
export function readinessSection({ readiness }: Report): Html | undefined {
  if (readiness.tiers.length === 0) return undefined;
  return html`<section aria-labelledby="readiness">
    <h2 id="readiness">Readiness of jobs</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Tier</th>
          <th scope="col" class="n">Runnable</th>
          <th scope="col" class="n">Degraded</th>
          <th scope="col" class="n">Not runnable</th>
        </tr>
      </thead>
      <tbody>
        ${readiness.tiers.map(
          ({ tier, runnable, degraded, notRunnable }) =>
            html`<tr>
              <th scope="row">${tier === null ? 'No tier (wakes last)' : `Tier ${tier}`}</th>
              <td class="n">${number(runnable)}</td>
              <td class="n ${degraded > 0 ? 'warn' : 'soft'}">${number(degraded)}</td>
              <td class="n ${notRunnable > 0 ? 'bad' : 'soft'}">${number(notRunnable)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** Where the time went: a bar for the eye, a table for everyone. */
export function timelineSection({ timings }: Report): Html | undefined {
  if (timings.length === 0) return undefined;
  const tones = timings.map(({ phase }, at) => (phase === 'approving' ? 'wait' : at % 2 === 1 ? 'alt' : ''));
  const total = timings.reduce((sum, { seconds }) => sum + seconds, 0);
  return html`<section aria-labelledby="timeline">
    <h2 id="timeline">Where the time went</h2>
    <div class="bar" aria-hidden="true">
      ${timings.map(({ seconds }, at) => html`<i class="${tones[at]}" style="flex-grow:${share(seconds, total)}"></i>`)}
    </div>
    <table>
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col">Began</th>
          <th scope="col" class="n">Took</th>
        </tr>
      </thead>
      <tbody>
        ${timings.map(
          ({ phase, startedAt, seconds }, at) =>
            html`<tr>
              <th scope="row"><span class="dot ${tones[at]}"></span>${phaseTitles[phase]}</th>
              <td>${moment(startedAt).split(', ').at(-1)}</td>
              <td class="n">${duration(seconds)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function share(seconds: number, total: number): string {
  return total > 0 ? ((100 * seconds) / total).toFixed(2) : '1';
}

/** What the cutover did: who decided, what is quiet, what was woken. */
export function cutoverSection(report: Report): Html | undefined {
  const { wake, decisions } = report;
  if (!wake.switched && decisions.length === 0) return undefined;
  return html`<section aria-labelledby="cutover">
    <h2 id="cutover">Cutover</h2>
    ${decisions.map(
      ({ at, verb, who, why }) =>
        html`<p>${moment(at)}: <strong>${verb}</strong> by <bdi>${who}</bdi>: <bdi>${why}</bdi></p>`,
    )}
    ${wake.switched ? html`${report.fence.state === 'done' ? fenceNote(report) : undefined} ${wakeList(report)}` : undefined}
  </section>`;
}

/** Whether the side that lost its role is quiet; if not, what may still start there. */
export function fenceNote({ fence, run, sides }: Report): Html {
  const regions = { primary: sides.primary.region, secondary: sides.secondary.region };
  const source = sideTitle(run.source, regions);
  if (fence.state === 'done') {
    return html`<p class="note good">
      ${source} is fenced: ${count(fence.quieted, 'asset')} stilled, nothing there starts work.
    </p>`;
  }
  const awake = fence.triggersStillAwake;
  const list =
    awake.length > 0
      ? folded(
          `May still start in ${source}`,
          count(awake.length, 'asset'),
          triggerTable('Until it is fenced.', awake),
        )
      : undefined;
  return html`<p class="note bad">
      ${source} is not fenced (policy: ${fence.policy}; ${number(fence.quieted)} stilled so far). It is fenced
      as soon as it answers; until then what was awake there may start as well.
    </p>
    ${list}`;
}

function wakeList({ wake }: Report): Html | undefined {
  if (wake.woken.length === 0) return undefined;
  const about = `${number(wake.woken.length)} of ${number(wake.awakeBefore)} that were awake`;
  return folded('Woken', about, triggerTable('Exactly what was awake before.', wake.woken));
}

function triggerTable(caption: string, all: readonly Triggered[]): Html {
  const rows = all
    .slice(0, maxRows)
    .map(({ key, name, triggers }) => ({ key, name, reason: triggers.join(', ') }));
  return html`${assetTable(caption, rows, 'Triggers')} ${leftOutNote(all.length - rows.length)}`;
}
