import { kindWords, number } from './report-words';

/** What became of the assets of a kind since the snapshot before. */
export interface KindChange {
  /** Assets that the snapshot before had. */
  readonly before: number;
  readonly gone: number;
  readonly changed: number;
}

/** Fewer than so many never make a snapshot suspect: in a small workspace an afternoon's work is a large part. */
const minAssets = 10;

/**
 * Why a snapshot may be half a listing, or the state after somebody's mistake: kinds and figures. Empty when it may be applied.
 * `sameTool`: both snapshots were taken by one version of the app; else bodies may differ by how they are written down.
 */
export function suspicions(
  changes: Readonly<Record<string, KindChange>>,
  maxChange: number,
  sameTool: boolean,
): string[] {
  const isMuch = (count: number, before: number): boolean => count >= minAssets && count > before * maxChange;
  const found = Object.entries(changes).flatMap(([kind, { before, gone, changed }]) => {
    const of = `of ${number(before)} ${kindWords(kind, before)}`;
    if (isMuch(gone, before)) return [`${number(gone)} ${of} are gone`];
    return sameTool && isMuch(changed, before) ? [`${number(changed)} ${of} have changed`] : [];
  });
  if (found.length > 0) return found;
  const all = Object.values(changes).reduce((sum, one) => sum + one.before, 0);
  const gone = Object.values(changes).reduce((sum, one) => sum + one.gone, 0);
  return isMuch(gone, all) ? [`${number(gone)} of ${number(all)} assets are gone`] : [];
}

/** The changes of several partitions together. */
export function addChanges(
  sum: Record<string, KindChange>,
  more: Readonly<Record<string, KindChange>>,
): Record<string, KindChange> {
  for (const [kind, { before, gone, changed }] of Object.entries(more)) {
    const known = sum[kind] ?? { before: 0, gone: 0, changed: 0 };
    sum[kind] = {
      before: known.before + before,
      gone: known.gone + gone,
      changed: known.changed + changed,
    };
  }
  return sum;
}
