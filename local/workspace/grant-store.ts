import { type Caller, type SecurableCreated } from './area';
import { isTreeType, securableType } from './permission-levels';

export type PrincipalField = 'user_name' | 'group_name' | 'service_principal_name';

export interface Grant {
  readonly by: PrincipalField;
  readonly name: string;
  readonly level: string;
}

export interface InheritedGrant extends Grant {
  /** The object that gives it: `/directories/12`, or the root of the type: `/jobs/`. */
  readonly from: string;
}

interface Securable {
  /** Key of the directory whose grants it inherits. */
  readonly parent?: string;
  grants: Grant[];
}

interface GrantSection {
  readonly objects: Record<string, Securable>;
}

interface Sections {
  section<T extends object>(name: string, initial: () => T): T;
}

const adminGrant = (level: string): Grant => ({ by: 'group_name', name: 'admins', level });

/** Who may do what with which object: direct grants are stored, inherited ones are found on the way up. */
export class GrantStore {
  private readonly objects: Record<string, Securable>;

  constructor(sections: Sections) {
    this.objects = sections.section<GrantSection>('permissions', () => ({ objects: {} })).objects;
  }

  created({ type, id, creator, parent }: SecurableCreated): void {
    const key = keyOf(type, id);
    const securable: Securable = { ...(parent && { parent: keyOf(parent.type, parent.id) }), grants: [] };
    this.objects[key] = securable;
    if (isTreeType(type) && !parent) securable.grants.push(adminGrant(securableType(type).adminLevel));
    const level = securableType(type).creatorLevel;
    if (level === undefined) return;
    const grant = grantOf(creator, level);
    // In a home nothing is added: the owner manages it all by inheritance.
    const inherits = this.inherited(type, id).some((other) => isSame(other, grant) && other.level === level);
    if (!inherits && !(isTreeType(type) && !parent)) securable.grants.push(grant);
  }

  removed(type: string, id: string): void {
    Reflect.deleteProperty(this.objects, keyOf(type, id));
  }

  has(type: string, id: string): boolean {
    return Object.hasOwn(this.objects, keyOf(type, id));
  }

  direct(type: string, id: string): readonly Grant[] {
    return this.objects[keyOf(type, id)]?.grants ?? [];
  }

  replace(type: string, id: string, grants: Grant[]): void {
    const securable = this.objects[keyOf(type, id)];
    if (securable) securable.grants = grants;
  }

  inherited(type: string, id: string): InheritedGrant[] {
    const found: InheritedGrant[] = [];
    let key = this.objects[keyOf(type, id)]?.parent;
    while (key !== undefined) {
      const holder: Securable | undefined = this.objects[key];
      // The root goes without its number.
      const from = holder?.parent === undefined ? '/directories/' : `/${key}`;
      for (const grant of holder?.grants ?? []) found.push({ ...grant, from });
      key = holder?.parent;
    }
    if (!isTreeType(type)) found.push({ ...adminGrant(securableType(type).adminLevel), from: `/${type}/` });
    return found;
  }
}

export function grantOf(caller: Caller, level: string): Grant {
  return { by: caller.servicePrincipal ? 'service_principal_name' : 'user_name', name: caller.name, level };
}

export function isSame(one: Grant, other: Grant): boolean {
  return one.by === other.by && one.name === other.name;
}

function keyOf(type: string, id: string): string {
  return `${type}/${id}`;
}
