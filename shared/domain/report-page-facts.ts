import { html, type Html } from './html';
import type { Report } from './report';
import { assetTable, folded, leftOutNote, maxRows } from './report-page-tables';
import { count, moment, number } from './report-words';
import { scopeWords } from './scope';

/** What changed since all was well: the first thing that a reader of many reports wants to know. */
export function sinceNote({ newSince, outcomes, readiness, wake }: Report): Html | undefined {
  if (!newSince) return undefined;
  const green = `the last green report of such a run, of ${moment(newSince.endedAt)}`;
  if (newSince.keys.length === 0) return html`<p class="soft">Nothing new since ${green}.</p>`;
  const known = [...outcomes, ...readiness.jobs, ...wake.asleep];
  const names = new Map(known.map(({ key, name }) => [key, name]));
  const shown = newSince.keys.slice(0, maxNamed);
  const more = newSince.keys.length - shown.length;
  return html`<p class="note">
    New since ${green}:
    ${shown.map((key, i) => html`${i > 0 ? ', ' : ''}<bdi>${names.get(key) ?? key}</bdi>`)}${more > 0 ? ` and ${number(more)} more` : ''}.
    Below they are marked <span class="new">new</span>
  </p>`;
}

const maxNamed = 10;

/** What the run was limited to, what names of the lost region are left, where paths lead, and what is known not to work. */
export function factFolds(report: Report): readonly (Html | undefined)[] {
  return [scopeFold(report), literalFold(report), pathFold(report), exceptionFold(report)];
}

function scopeFold({ scope }: Report): Html | undefined {
  if (scope === null) return undefined;
  const asked = scope.asked === null ? 'what the pair protects' : scopeWords(scope.asked);
  const rows = scope.reasons
    .slice(0, maxRows)
    .map(({ reason, count: value }) => `${number(value)}: ${reason}`);
  return folded(
    'Out of scope',
    `${count(scope.left, 'asset')} left alone; the run was for ${asked}`,
    html`${lines(rows)} ${leftOutNote(scope.reasons.length - rows.length)}`,
  );
}

function literalFold({ literals }: Report): Html | undefined {
  if (literals.assets === 0) return undefined;
  const names = literals.byLiteral.map(({ literal, assets }) => `${literal}: ${count(assets, 'asset')}`);
  const rows = literals.listed
    .slice(0, maxRows)
    .map(({ key, name, literals: found }) => ({ key, name, reason: found.join(', ') }));
  return folded(
    'Names of the other region',
    `left in ${count(literals.assets, 'asset')}: no rule changes them`,
    html`${lines(names.slice(0, maxRows))} ${assetTable('Look whether they work there.', rows, 'Names')}
    ${leftOutNote(literals.assets - rows.length)}`,
  );
}

function pathFold({ paths }: Report): Html | undefined {
  const { missing, unchecked } = paths.counts;
  if (missing + unchecked === 0) return undefined;
  const rows = [...paths.missing, ...paths.unchecked].slice(0, maxRows);
  const list = rows.map(({ key, at, path }) => `${path} (${key}, ${at})`);
  return folded(
    'Paths in parameters and settings',
    `${number(missing)} not in the snapshot, ${number(unchecked)} that cannot be checked`,
    html`${lines(list)} ${leftOutNote(missing + unchecked - rows.length)}`,
  );
}

function exceptionFold({ exceptions }: Report): Html | undefined {
  const used = exceptions.filter(({ matches }) => matches > 0);
  if (used.length === 0) return undefined;
  const rows = used.slice(0, maxRows).map(({ match, reason, owner, expires, expired, matches }) => {
    const until = expired ? `expired on ${expires}` : `until ${expires}`;
    return `${match}: ${reason} (${owner}, ${until}), ${count(matches, 'asset')}`;
  });
  return folded('Known exceptions', count(used.length, 'exception'), lines(rows));
}

function lines(all: readonly string[]): Html {
  return html`<ul class="plain">
    ${all.map((line) => html`<li><bdi>${line}</bdi></li>`)}
  </ul>`;
}
