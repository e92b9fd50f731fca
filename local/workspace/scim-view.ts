import { scimErrors } from './scim-error';
import { displayOf, membersOf, textOf, type Resource, type ResourceType, type ScimStore } from './scim-store';

const schemas = {
  Users: 'urn:ietf:params:scim:schemas:core:2.0:User',
  Groups: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  ServicePrincipals: 'urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal',
} as const satisfies Record<ResourceType, string>;

export const defaultCount = 100;

/** A resource as it is answered: with its memberships and the names of its members. */
export function showResource(store: ScimStore, type: ResourceType, resource: Resource): Resource {
  const groups = store.groupsOf(resource.id).map((group) => ({
    display: displayOf('Groups', group),
    type: 'direct',
    value: group.id,
    $ref: `Groups/${group.id}`,
  }));
  return {
    ...resource,
    schemas: [schemas[type]],
    ...(type === 'Groups' && { members: showMembers(store, resource) }),
    ...(groups.length > 0 && { groups }),
  };
}

function showMembers(store: ScimStore, group: Resource): object[] | undefined {
  const members = membersOf(group).flatMap(({ value }) => {
    const type = store.typeOf(value);
    if (!type) return [];
    return [{ display: displayOf(type, store.get(type, value)), value, $ref: `${type}/${value}` }];
  });
  return members.length > 0 ? members : undefined;
}

/** One page. `Resources` is left out when there are none. */
export function showPage(store: ScimStore, type: ResourceType, query: URLSearchParams): object {
  const matching = store.all(type).filter(makeFilter(query.get('filter')));
  const startIndex = Math.max(1, Number(query.get('startIndex') ?? 1));
  const count = Math.max(0, Number(query.get('count') ?? defaultCount));
  const page = matching.slice(startIndex - 1, startIndex - 1 + count);
  const choose = makeChoice(query);
  return {
    totalResults: matching.length,
    startIndex,
    itemsPerPage: page.length,
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    ...(page.length > 0 && { Resources: page.map((one) => choose(showResource(store, type, one))) }),
  };
}

/** `attributes` and `excludedAttributes`; `id` always stays. */
export function makeChoice(query: URLSearchParams): (resource: Resource) => Resource {
  const wanted = listOf(query.get('attributes'));
  const unwanted = listOf(query.get('excludedAttributes'));
  if (!wanted && !unwanted) return (resource) => resource;
  return (resource) => {
    const kept = Object.entries(resource).filter(([attribute]) => {
      const name = attribute.toLowerCase();
      return name === 'id' || ((wanted?.includes(name) ?? true) && !unwanted?.includes(name));
    });
    return Object.fromEntries(kept) as unknown as Resource;
  };
}

function listOf(text: string | null): string[] | undefined {
  return text ? text.split(',').map((name) => (name.trim().split('.')[0] ?? '').toLowerCase()) : undefined;
}

function makeFilter(text: string | null): (resource: Resource) => boolean {
  if (!text) return () => true;
  const [, attribute, operator, value] = /^\s*(\w+)\s+(eq|co|sw)\s+"?([^"]*)"?\s*$/i.exec(text) ?? [];
  if (attribute === undefined || operator === undefined || value === undefined)
    throw scimErrors.invalidFilter(text);
  const sought = value.toLowerCase();
  const compare = comparisons[operator.toLowerCase() as keyof typeof comparisons];
  return (resource) => {
    const found = Object.entries(resource).find(([name]) => name.toLowerCase() === attribute.toLowerCase());
    return compare(textOf(found?.[1] ?? '').toLowerCase(), sought);
  };
}

const comparisons = {
  eq: (text: string, sought: string) => text === sought,
  co: (text: string, sought: string) => text.includes(sought),
  sw: (text: string, sought: string) => text.startsWith(sought),
};
