import { type Core } from './area';
import { scimErrors } from './scim-error';

export const resourceTypes = ['Users', 'Groups', 'ServicePrincipals'] as const;
export type ResourceType = (typeof resourceTypes)[number];

/** A SCIM resource as it is kept: without schemas and what is derived from others. */
export interface Resource {
  readonly id: string;
  [attribute: string]: unknown;
}

interface ScimSection {
  readonly Users: Record<string, Resource>;
  readonly Groups: Record<string, Resource>;
  readonly ServicePrincipals: Record<string, Resource>;
}

export interface Member {
  readonly value: string;
}

export const naturalKeys = {
  Users: 'userName',
  Groups: 'displayName',
  ServicePrincipals: 'applicationId',
} as const satisfies Record<ResourceType, string>;

/** Users, groups and service principals by id and by name; membership in both directions. */
export class ScimStore {
  private readonly section: ScimSection;
  private readonly idOf = new Map<string, string>();
  private parents: Map<string, string[]> | undefined;

  constructor(private readonly core: Core) {
    this.section = core.section<ScimSection>('scim', () => ({
      Users: {},
      Groups: {},
      ServicePrincipals: {},
    }));
    for (const type of resourceTypes)
      for (const resource of this.all(type))
        this.idOf.set(nameKey(type, nameOf(type, resource)), resource.id);
  }

  all(type: ResourceType): Resource[] {
    return Object.values(this.section[type]);
  }

  get(type: ResourceType, id: string): Resource {
    const resource = Object.hasOwn(this.section[type], id) ? this.section[type][id] : undefined;
    if (!resource) throw scimErrors.notFound(type, id);
    return resource;
  }

  findByName(type: ResourceType, name: string): Resource | undefined {
    const id = this.idOf.get(nameKey(type, name));
    return id === undefined ? undefined : this.section[type][id];
  }

  typeOf(id: string): ResourceType | undefined {
    return resourceTypes.find((type) => Object.hasOwn(this.section[type], id));
  }

  add(type: ResourceType, attributes: Readonly<Record<string, unknown>>): Resource {
    const resource: Resource = { ...attributes, id: String(this.core.nextNumber()) };
    this.put(type, resource);
    return resource;
  }

  /** Refuses a name that another one has. */
  put(type: ResourceType, resource: Resource): void {
    const name = nameOf(type, resource);
    const holder = this.idOf.get(nameKey(type, name));
    if (holder !== undefined && holder !== resource.id) throw scimErrors.taken(type, name);
    const before = this.section[type][resource.id];
    if (before) this.idOf.delete(nameKey(type, nameOf(type, before)));
    this.section[type][resource.id] = resource;
    this.idOf.set(nameKey(type, name), resource.id);
    if (type === 'Groups') this.parents = undefined;
  }

  remove(type: ResourceType, id: string): void {
    const resource = this.get(type, id);
    this.idOf.delete(nameKey(type, nameOf(type, resource)));
    Reflect.deleteProperty(this.section[type], id);
    for (const parent of this.groupsOf(id)) {
      const members = membersOf(parent).filter((member) => member.value !== id);
      this.section.Groups[parent.id] = { ...parent, members };
    }
    this.parents = undefined;
  }

  /** The groups that list it directly. `users` lists nobody, as on the platform. */
  groupsOf(id: string): Resource[] {
    this.parents ??= this.indexParents();
    return (this.parents.get(id) ?? []).map((group) => this.get('Groups', group));
  }

  /** True when the group is among these members, or among the members of one of them, and so on. */
  isInside(groupId: string, members: readonly Member[]): boolean {
    return members.some(({ value }) => {
      if (value === groupId) return true;
      return this.typeOf(value) === 'Groups' && this.isInside(groupId, membersOf(this.get('Groups', value)));
    });
  }

  private indexParents(): Map<string, string[]> {
    const parents = new Map<string, string[]>();
    for (const group of this.all('Groups'))
      for (const { value } of membersOf(group)) {
        const list = parents.get(value);
        if (list) list.push(group.id);
        else parents.set(value, [group.id]);
      }
    return parents;
  }
}

export function membersOf(group: Resource): readonly Member[] {
  return (group['members'] ?? []) as readonly Member[];
}

export function nameOf(type: ResourceType, resource: Resource): string {
  return textOf(resource[naturalKeys[type]]);
}

export function displayOf(type: ResourceType, resource: Resource): string {
  return textOf(resource['displayName'] ?? nameOf(type, resource));
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

function nameKey(type: ResourceType, name: string): string {
  return `${type}/${name.toLowerCase()}`;
}
