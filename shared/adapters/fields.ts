/** A JSON object as the API gives it: only the members in use are typed, the rest is kept as it came. */
export type Row = Readonly<Record<string, unknown>>;

/** The object without these members. */
export function omit(row: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

/** True for a JSON object: not an array, not null. */
export function isRow(value: unknown): value is Row {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The string members of an object of tags. */
export function tagsOf(tags: unknown): Record<string, string> {
  if (!isRow(tags)) return {};
  return Object.fromEntries(
    Object.entries(tags).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

const markerTag = 'dr_source_id';

/** The part of a stub that says whose copy an asset is. */
export function markerIn(tags: unknown): { marker?: string } {
  const marker = tagsOf(tags)[markerTag];
  return marker === undefined ? {} : { marker };
}

/** Orders by a text that each element has: lists that are sets get one order. */
export function sortedBy<T>(list: readonly T[], textOf: (one: T) => string): T[] {
  const keyed = list.map((one) => ({ one, text: textOf(one) }));
  return keyed.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ one }) => one);
}
