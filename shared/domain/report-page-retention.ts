import { html, type Html } from './html';
import type { Report } from './report';
import { keepReasons, type KeepReason } from './retention';
import { leftOutNote, maxRows } from './report-page-tables';
import { count, list, moment, number } from './report-words';

const keptFor: Readonly<Record<KeepReason, string>> = {
  latest: 'the latest',
  pinned: 'in use',
  recent: 'recent',
  daily: 'the last of a day',
  monthly: 'the last of a month',
};

/** What a retention run kept, removed and found damaged. */
export function retentionSection({ retention }: Report): Html | undefined {
  if (retention === null) return undefined;
  const { kept, removed, refused, damaged, verifiedPacks, verifiedIndexes, packsKept } = retention;
  const why = keepReasons.filter((reason) => kept[reason] > 0);
  const rows: readonly (readonly [string, string])[] = [
    ['Snapshots kept', list(why.map((reason) => `${number(kept[reason])} ${keptFor[reason]}`))],
    ['Snapshots removed', number(removed.snapshots)],
    ['Packs and indexes removed', `${number(removed.packs)} and ${number(removed.indexes)}`],
    [
      'Working data removed of',
      `${count(removed.runs, 'run')}, ${count(removed.requestKeys, 'request key')}`,
    ],
    ['Bytes freed', number(removed.bytes)],
    ['Not let go by the storage account', number(refused)],
    ['Verified', `${count(verifiedPacks, 'pack')}, ${count(verifiedIndexes, 'index', 'indexes')}`],
  ];
  return html`<section aria-labelledby="retention">
    <h2 id="retention">Retention</h2>
    <table>
      <tbody>
        ${rows.map(
          ([title, value]) =>
            html`<tr>
              <th scope="row">${title}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${packsKept === undefined ? undefined : html`<p class="note bad">No pack or index was removed: ${packsKept}.</p>`}
    ${damaged.length === 0 ? undefined : damageTable(damaged)}
  </section>`;
}

function damageTable(damaged: NonNullable<Report['retention']>['damaged']): Html {
  const shown = damaged.slice(0, maxRows);
  return html`<p class="note bad">
      What was stored is not what it should be. The next sync stores anew what it can; restore the others from
      a version of the blob.
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">Blob</th>
          <th scope="col">Fault</th>
          <th scope="col">Since</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          ({ what, name, fault, since }) =>
            html`<tr>
              <th scope="row">${what} <bdi>${name}</bdi></th>
              <td class="bad">${fault}</td>
              <td>${moment(since)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${leftOutNote(damaged.length - shown.length)}`;
}
