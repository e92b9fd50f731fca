import { scimErrors } from './scim-error';
import { type Resource } from './scim-store';

interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly attribute: string;
  /** `name.givenName`. */
  readonly part?: string;
  /** `members[value eq "…"]`. */
  readonly selected?: string;
  readonly value: unknown;
}

interface Valued {
  readonly value: string;
}

const multiValued: ReadonlySet<string> = new Set(['members', 'entitlements', 'roles', 'emails', 'groups']);
const pathForm = /^(\w+)(?:\.(\w+))?(?:\[value eq "([^"]*)"\])?$/i;

/** The resource after all operations of a PatchOp; refuses what the platform refuses. */
export function applyPatch(resource: Resource, body: Readonly<Record<string, unknown>>): Resource {
  const listed = body['Operations'] ?? body['operations'];
  if (!Array.isArray(listed)) throw scimErrors.invalid('Operations are missing.');
  const operations = (listed as Readonly<Record<string, unknown>>[]).flatMap(readOperations);
  return operations.reduce(applyOperation, resource);
}

function readOperations(raw: Readonly<Record<string, unknown>>): Operation[] {
  const op = String(raw['op']).toLowerCase();
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    throw scimErrors.invalid(`Unknown operation ${op}.`);
  const { path, value } = raw;
  if (typeof path === 'string') return [{ op, ...parsePath(path), value }];
  if (typeof value !== 'object' || value === null)
    throw scimErrors.invalid('A value is needed without a path.');
  return Object.entries(value).map(([attribute, each]) => ({ op, attribute, value: each as unknown }));
}

function parsePath(path: string): Pick<Operation, 'attribute' | 'part' | 'selected'> {
  const [, attribute, part, selected] = pathForm.exec(path) ?? [];
  if (attribute === undefined) throw scimErrors.invalidPath(path);
  return {
    attribute,
    ...(part !== undefined && { part }),
    ...(selected !== undefined && { selected }),
  };
}

function applyOperation(resource: Resource, operation: Operation): Resource {
  const attribute =
    Object.keys(resource).find((key) => key.toLowerCase() === operation.attribute.toLowerCase()) ??
    operation.attribute;
  const before = resource[attribute];
  if (multiValued.has(attribute))
    return { ...resource, [attribute]: changeList((before ?? []) as readonly Valued[], operation) };
  if (operation.part !== undefined)
    return { ...resource, [attribute]: { ...(before as object), [operation.part]: operation.value } };
  return { ...resource, [attribute]: operation.op === 'remove' ? undefined : operation.value };
}

function changeList(before: readonly Valued[], { op, selected, value }: Operation): readonly Valued[] {
  const given = value === undefined ? [] : ([value].flat() as unknown as readonly Valued[]);
  switch (op) {
    case 'replace':
      return given;
    case 'add':
      return [...before, ...given.filter((entry) => !before.some((other) => other.value === entry.value))];
    case 'remove': {
      const gone = selected === undefined ? given.map((entry) => entry.value) : [selected];
      return gone.length === 0 ? [] : before.filter((entry) => !gone.includes(entry.value));
    }
  }
}
