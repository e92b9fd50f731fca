import type { Adapter } from '../adapters/adapter';
import { diff } from '../domain/diff';
import type { FieldDiff } from '../domain/plan';

/** What `settle` still has to bring. What the desired body does not say may be as it is. */
export function lateDiff({ late = [] }: Adapter, desired: object, actual: object): FieldDiff[] {
  const said = late.filter((name) => Object.hasOwn(desired, name));
  const pick = (body: object): object =>
    Object.fromEntries(Object.entries(body).filter(([name]) => said.includes(name)));
  return diff(pick(desired), pick(actual), []);
}
