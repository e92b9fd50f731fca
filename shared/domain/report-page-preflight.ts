import { html, type Html } from './html';
import type { JudgedFinding, Light } from './preflight';
import type { Report } from './report';
import { count } from './report-words';

const lightTitles: Readonly<Record<Light, string>> = {
  green: 'ready',
  amber: 'ready, with reservations',
  red: 'not ready',
};

const keysShown = 5;

/** Whether a failover would work now: each tier, and what to do where it would not. */
export function preflightSection({ preflight }: Report): Html | undefined {
  if (preflight === null) return undefined;
  const troubled = preflight.checks.filter(({ light }) => light !== 'green');
  const fine = preflight.checks.filter(({ light }) => light === 'green');
  return html`<section aria-labelledby="preflight">
    <h2 id="preflight">If it happened now: ${lightTitles[preflight.light]}</h2>
    <p>${preflight.tiers.map(tierLine).join(' · ')}</p>
    ${troubled.length > 0 ? findingTable(troubled) : undefined}
    <p class="soft">${fine.map(({ what }) => what).join('; ')}</p>
  </section>`;
}

function tierLine({ tier, jobs, light }: NonNullable<Report['preflight']>['tiers'][number]): string {
  return `${tier === null ? 'no tier' : `tier ${tier}`}: ${count(jobs, 'job')}, ${lightTitles[light]}`;
}

function findingTable(findings: readonly JudgedFinding[]): Html {
  return html`<table class="assets">
    <thead>
      <tr>
        <th scope="col">Found</th>
        <th scope="col">What to do</th>
      </tr>
    </thead>
    <tbody>
      ${findings.map(findingRow)}
    </tbody>
  </table>`;
}

function findingRow({ check, light, what, fix = '', keys, keyCount }: JudgedFinding): Html {
  const shown = keys.slice(0, keysShown);
  const more = keyCount > shown.length ? `, and ${keyCount - shown.length} more` : '';
  const about = keyCount === 0 ? undefined : html`<span class="key">${shown.join(', ')}${more}</span>`;
  return html`<tr>
    <th scope="row"><bdi>${what}</bdi><span class="also">${check}: ${lightTitles[light]}</span>${about}</th>
    <td>${fix}</td>
  </tr>`;
}
