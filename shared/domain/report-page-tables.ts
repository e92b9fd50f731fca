import type { AssetKey } from './asset';
import { html, type Html } from './html';
import { number } from './report-words';

/** Rows that the page shows of what needs nobody; the report as JSON has more. */
export const maxRows = 500;

/** One asset in a table: what it is, why it is here, what else is to be said. */
export interface AssetRow {
  readonly key: AssetKey;
  readonly name: string;
  readonly reason: string;
  readonly also?: readonly string[];
  readonly isNew?: boolean;
}

/** Assets with their reasons. The caption says what they have in common. */
export function assetTable(caption: string, rows: readonly AssetRow[], reasonTitle = 'Reason'): Html {
  return html`<table class="assets">
    <caption>
      ${caption}
    </caption>
    <colgroup>
      <col />
      <col />
    </colgroup>
    <thead>
      <tr>
        <th scope="col">Asset</th>
        <th scope="col">${reasonTitle}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(assetRow)}
    </tbody>
  </table>`;
}

function assetRow({ key, name, reason, also = [], isNew = false }: AssetRow): Html {
  const mark = isNew ? html`<span class="new">new</span>` : undefined;
  return html`<tr>
    <th scope="row"><bdi>${name}</bdi>${mark}<span class="key">${key}</span></th>
    <td>${reason}${also.map((text) => html`<span class="also">${text}</span>`)}</td>
  </tr>`;
}

/** Something to open for those who want it all; open on paper. */
export function folded(title: string, about: string, content: Html): Html {
  return html`<details>
    <summary>${title} <small>${about}</small></summary>
    <div>${content}</div>
  </details>`;
}

/** Says that a table is cut, if it is. */
export function leftOutNote(left: number): Html | undefined {
  if (left <= 0) return undefined;
  return html`<p class="soft">${number(left)} more are counted and not listed here.</p>`;
}
