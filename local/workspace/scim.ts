import { isFederated } from './account';
import { type Answer, type Area, type Call, type Caller, type Core, type Handler } from './area';
import { requireAdmin } from './auth';
import { addBuiltInGroups } from './built-in-groups';
import { type PrincipalField } from './grant-store';
import { scimErrors } from './scim-error';
import { applyPatch } from './scim-patch';
import {
  displayOf,
  naturalKeys,
  resourceTypes,
  ScimStore,
  textOf,
  type Member,
  type Resource,
  type ResourceType,
} from './scim-store';
import { makeChoice, showPage, showResource } from './scim-view';
import { type TreeArea } from './workspace-tree';

/** What other areas ask about people. */
export interface ScimArea extends Area {
  isActive(name: string): boolean;
  /** Makes sure that whoever calls exists, and is in `admins` when an administrator. */
  ensure(caller: Caller): void;
  /** Puts an identity of the account into the workspace, under the id that it has there, or takes it out. */
  enroll(type: ResourceType, resource: Resource): void;
  expel(type: ResourceType, id: string): void;
  /** The display name; undefined when there is no such principal. */
  findPrincipal(by: PrincipalField, name: string): string | undefined;
  isUserId(id: string): boolean;
}

const base = '/api/2.0/preview/scim/v2';
const typeOfField = {
  user_name: 'Users',
  group_name: 'Groups',
  service_principal_name: 'ServicePrincipals',
} as const;

const kept: Readonly<Record<ResourceType, readonly string[]>> = {
  Users: ['userName', 'displayName', 'name', 'emails', 'active', 'entitlements', 'roles', 'externalId'],
  Groups: ['displayName', 'members', 'entitlements', 'roles', 'externalId'],
  ServicePrincipals: ['applicationId', 'displayName', 'active', 'entitlements', 'roles', 'externalId'],
};

/**
 * Users, groups, service principals of one workspace; what comes from the account is assigned (see account).
 * Everybody is a member of `users` without being listed there; account groups have `meta.resourceType: Group`.
 */
export function scimArea(core: Core): ScimArea {
  const store = new ScimStore(core);
  addBuiltInGroups(store);
  const people = new People(core, store);
  return {
    name: 'scim',
    routes: routesOf(people, store),
    isActive: (name) => {
      const found = store.findByName('Users', name) ?? store.findByName('ServicePrincipals', name);
      return found !== undefined && found['active'] !== false;
    },
    ensure: (caller) => {
      people.ensure(caller);
    },
    enroll: (type, resource) => {
      people.enroll(type, resource);
    },
    expel: (type, id) => {
      store.remove(type, id);
    },
    findPrincipal: (by, name) => {
      const type = typeOfField[by];
      const found = store.findByName(type, name);
      return found && displayOf(type, found);
    },
    isUserId: (id) => store.typeOf(id) === 'Users',
  };
}

function routesOf(people: People, store: ScimStore): Record<string, Handler> {
  const routes: Record<string, Handler> = {
    [`GET ${base}/Me`]: ({ caller }) => ({ json: people.me(caller) }),
  };
  for (const type of resourceTypes) {
    const one = `${base}/${type}/{id}`;
    routes[`GET ${base}/${type}`] = ({ query }) => ({ json: showPage(store, type, query) });
    routes[`GET ${one}`] = ({ params, query }) => ({
      json: makeChoice(query)(showResource(store, type, store.get(type, params['id'] ?? ''))),
    });
    routes[`POST ${base}/${type}`] = (call) => people.create(type, call);
    routes[`PUT ${one}`] = (call) => people.put(type, call);
    routes[`PATCH ${one}`] = (call) => people.patch(type, call);
    routes[`DELETE ${one}`] = (call) => people.remove(type, call);
  }
  return routes;
}

class People {
  constructor(
    private readonly core: Core,
    private readonly store: ScimStore,
  ) {}

  me(caller: Caller): Resource {
    const type = typeOfCaller(caller);
    const resource = this.store.findByName(type, caller.name);
    if (!resource) throw scimErrors.notFound(type, caller.name);
    return showResource(this.store, type, resource);
  }

  ensure(caller: Caller): void {
    const type = typeOfCaller(caller);
    const existing = this.store.findByName(type, caller.name);
    const resource = existing ?? this.add(type, { [naturalKeys[type]]: caller.name });
    const admins = this.store.findByName('Groups', 'admins');
    if (!caller.admin || !admins || this.store.groupsOf(resource.id).includes(admins)) return;
    const value = { value: resource.id };
    this.store.put('Groups', applyPatch(admins, { Operations: [{ op: 'add', path: 'members', value }] }));
  }

  create(type: ResourceType, { body, caller, inProcess }: Call): Answer {
    requireAdmin(caller);
    if (!inProcess && isFederated(this.core)) throw scimErrors.federated(type);
    const level = inProcess && type === 'Groups' ? (body['meta'] as object | undefined) : undefined;
    const resource = this.add(type, { ...pick(type, body), ...(level && { meta: level }) });
    this.join(resource.id, body['groups']);
    return { status: 201, json: showResource(this.store, type, resource) };
  }

  enroll(type: ResourceType, { id, ...attributes }: Resource): void {
    if (this.store.typeOf(id)) return;
    this.store.put(type, { ...this.complete(type, attributes), id });
    if (type === 'Users') this.makeHome(String(attributes['userName']));
  }

  put(type: ResourceType, { params, body, caller }: Call): Answer {
    return this.change(type, this.open(type, params, caller), body);
  }

  patch(type: ResourceType, { params, body, caller }: Call): Answer {
    const before = this.open(type, params, caller);
    return this.change(type, before, applyPatch(before, body));
  }

  remove(type: ResourceType, { params, caller }: Call): Answer {
    const resource = this.open(type, params, caller);
    if (isBuiltIn(type, resource)) throw scimErrors.forbidden('A built-in group cannot be deleted.');
    this.store.remove(type, resource.id);
    return { status: 204, bytes: Buffer.alloc(0) };
  }

  private open(type: ResourceType, params: Call['params'], caller: Caller): Resource {
    requireAdmin(caller);
    return this.store.get(type, params['id'] ?? '');
  }

  private change(type: ResourceType, before: Resource, given: Readonly<Record<string, unknown>>): Answer {
    const key = naturalKeys[type];
    const wanted = pick(type, given);
    const isFixed = type !== 'Groups' || isBuiltIn(type, before);
    if (isFixed && before[key] !== wanted[key]) throw scimErrors.immutable(key);
    if (type === 'Users' && !isEqual(before['emails'], wanted['emails'] ?? before['emails']))
      throw scimErrors.immutable('emails');
    const isRenamed = wanted['displayName'] !== undefined && before['displayName'] !== wanted['displayName'];
    if (isRenamed && isFederated(this.core)) throw scimErrors.immutable('displayName');
    if (isAccountGroup(before) && !isEqual(memberIds(before), memberIds(wanted)))
      throw scimErrors.forbidden('Members of an account group are managed in the account.');
    const { id, meta } = before;
    // Not documented: that a group cannot be in itself is what its membership would mean.
    if (type === 'Groups' && this.store.isInside(id, (wanted['members'] ?? []) as readonly Member[]))
      throw scimErrors.invalid('A group cannot be a member of itself.');
    const after = { ...this.complete(type, wanted), id, ...(meta !== undefined && { meta }) };
    this.store.put(type, after);
    return { json: showResource(this.store, type, after) };
  }

  private add(type: ResourceType, attributes: Readonly<Record<string, unknown>>): Resource {
    const resource = this.store.add(type, this.complete(type, attributes));
    if (type === 'Users') this.makeHome(String(resource['userName']));
    return resource;
  }

  private makeHome(userName: string): void {
    this.core.area<TreeArea>('workspace-tree').makeHome(userName);
  }

  private complete<T extends Readonly<Record<string, unknown>>>(type: ResourceType, given: T): T {
    const key = naturalKeys[type];
    const name = given[key] ?? (type === 'ServicePrincipals' ? this.freshApplicationId() : undefined);
    if (typeof name !== 'string' || name === '') throw scimErrors.invalid(`${key} is required.`);
    if (type === 'Groups') {
      const members = memberIds(given).map((value) => ({ value }));
      for (const { value } of members)
        if (!this.store.typeOf(value)) throw scimErrors.notFound('Member', value);
      return { meta: { resourceType: 'WorkspaceGroup' }, ...given, members };
    }
    const emails = { emails: [{ type: 'work', value: name, primary: true }] };
    return {
      displayName: name,
      ...(type === 'Users' && emails),
      ...given,
      [key]: name,
      active: textOf(given['active'] ?? true).toLowerCase() === 'true',
    };
  }

  private join(id: string, groups: unknown): void {
    for (const { value } of (groups ?? []) as readonly Member[]) {
      const operation = { op: 'add', path: 'members', value: { value: id } };
      this.store.put('Groups', applyPatch(this.store.get('Groups', value), { Operations: [operation] }));
    }
  }

  private freshApplicationId(): string {
    const digits = this.core.nextNumber().toString(16).padStart(32, '0');
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}

function pick(type: ResourceType, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      const attribute = kept[type].find((known) => known.toLowerCase() === name.toLowerCase());
      return attribute === undefined ? [] : [[attribute, value]];
    }),
  );
}

function typeOfCaller(caller: Caller): ResourceType {
  return caller.servicePrincipal ? 'ServicePrincipals' : 'Users';
}

function isBuiltIn(type: ResourceType, resource: Resource): boolean {
  return type === 'Groups' && ['admins', 'users'].includes(String(resource['displayName']));
}

function isAccountGroup(resource: Resource): boolean {
  return (resource['meta'] as { resourceType?: string } | undefined)?.resourceType === 'Group';
}

function memberIds(group: Readonly<Record<string, unknown>>): string[] {
  return ((group['members'] ?? []) as readonly Member[]).map((member) => member.value);
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
