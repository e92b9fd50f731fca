import { html, type Html } from './html';
import type { Report } from './report';
import { assetTable, folded, leftOutNote, maxRows } from './report-page-tables';
import { count, list } from './report-words';

/** The settings of external Hive metastores; nothing where there are none. */
export function metastoreFold({ metastores }: Report): Html | undefined {
  if (metastores.length === 0) return undefined;
  const rows = metastores.slice(0, maxRows).map(({ key, name, at, setting, value, changed, left }) => ({
    key,
    name,
    reason: `${setting} = ${value}`,
    also: [
      `at ${at}; ${changed ? 'changed by a rewrite rule' : 'as at the source'}`,
      ...(left.length > 0 ? [`still names ${list(left)}`] : []),
    ],
  }));
  const stale = metastores.filter(({ left }) => left.length > 0).length;
  const about = `${count(metastores.length, 'setting')}, ${stale} of them with names of the source region`;
  return folded(
    'External Hive metastore',
    about,
    html`${assetTable('', rows, 'Setting')} ${leftOutNote(metastores.length - rows.length)}`,
  );
}
