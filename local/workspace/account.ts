import { ApiError, type Answer, type Area, type Call, type Core } from './area';
import { requireAdmin } from './auth';
import { invalid, rowsIn, type Json } from './fields';
import { type ScimArea } from './scim';
import { membersOf, naturalKeys, type ResourceType } from './scim-store';

/** An identity of the account: it has the same id in every workspace that it is assigned to. */
export interface AccountPrincipal {
  readonly type: ResourceType;
  readonly id: string;
  /** userName, display name of a group, application id. */
  readonly name: string;
  /** Whatever else SCIM tells of it. */
  readonly attributes?: Readonly<Json>;
}

interface AccountSection {
  isFederated: boolean;
  principals: AccountPrincipal[];
  /** By id: USER or ADMIN. */
  readonly assigned: Record<string, readonly string[]>;
}

const typeOfName = {
  user_name: 'Users',
  group_name: 'Groups',
  service_principal_name: 'ServicePrincipals',
} as const satisfies Record<string, ResourceType>;
const nameFields = Object.keys(typeOfName) as (keyof typeof typeOfName)[];

function sectionOf(core: Core): AccountSection {
  return core.section<AccountSection>('account', () => ({
    isFederated: false,
    principals: [],
    assigned: {},
  }));
}

/** With identity federation users and groups are made in the account, and only assigned here. */
export function isFederated(core: Core): boolean {
  return sectionOf(core).isFederated;
}

/**
 * Assignment of the account's identities to this workspace, as clients use it:
 * https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/permission_assignment
 */
export class PermissionAssignments implements Area {
  readonly name = 'permission-assignments';
  readonly routes: Area['routes'];
  private readonly section: AccountSection;

  constructor(private readonly core: Core) {
    this.section = sectionOf(core);
    const all = '/api/2.0/preview/permissionassignments';
    const guarded = (handler: (call: Call) => Answer) => (call: Call) => {
      requireAdmin(call.caller);
      if (!this.section.isFederated)
        throw new ApiError(
          404,
          'FEATURE_DISABLED',
          'Permission assignment APIs are not available for this workspace.',
        );
      return handler(call);
    };
    this.routes = {
      [`GET ${all}`]: guarded(() => ({ json: { permission_assignments: this.list() } })),
      [`POST ${all}`]: guarded((call) => this.assignByName(call)),
      [`PUT ${all}/principals/{id}`]: guarded((call) => this.assignById(call)),
      [`DELETE ${all}/principals/{id}`]: guarded((call) => this.remove(call)),
    };
  }

  /** Switches identity federation on, with these identities in the account. */
  federate(principals: readonly AccountPrincipal[]): void {
    this.section.isFederated = true;
    this.section.principals = [...principals];
  }

  private list(): object[] {
    return this.section.principals.flatMap((one) => {
      const permissions = this.section.assigned[one.id];
      return permissions === undefined ? [] : [shown(one, permissions)];
    });
  }

  /** Each is answered for itself: what cannot be done has an `error`. */
  private assignByName({ body }: Call): Answer {
    const answers = rowsIn(body, 'permission_assignments').map((row) => {
      const field = nameFields.find((name) => typeof row[name] === 'string');
      if (field === undefined) throw invalid('A principal is missing.');
      const found = this.section.principals.find(
        ({ type, name }) => type === typeOfName[field] && name === row[field],
      );
      if (!found)
        return { principal: { [field]: row[field] }, error: `Principal not found: ${String(row[field])}` };
      return this.assign(found, row['permissions']);
    });
    return { json: { permission_assignments: answers } };
  }

  private assignById({ params, body }: Call): Answer {
    return { json: this.assign(this.find(params['id']), body['permissions']) };
  }

  private assign(principal: AccountPrincipal, given: unknown): object {
    const permissions = Array.isArray(given) ? given.map(String) : [];
    if (permissions.length !== 1 || !['USER', 'ADMIN'].includes(permissions[0] ?? ''))
      throw invalid('permissions must be USER or ADMIN');
    const { type, id, name, attributes } = principal;
    const meta = type === 'Groups' ? { meta: { resourceType: 'Group' } } : {};
    for (const member of membersOf({ ...attributes, id })) this.enrollMember(member.value);
    this.scim().enroll(type, { ...attributes, ...meta, id, [naturalKeys[type]]: name });
    this.section.assigned[id] = permissions;
    return shown(principal, permissions);
  }

  /** Who is in a group comes into the workspace with it. */
  private enrollMember(id: string): void {
    const found = this.section.principals.find((one) => one.id === id && one.type !== 'Groups');
    if (found)
      this.scim().enroll(found.type, { ...found.attributes, id, [naturalKeys[found.type]]: found.name });
  }

  private remove({ params }: Call): Answer {
    const { type, id } = this.find(params['id']);
    this.scim().expel(type, id);
    Reflect.deleteProperty(this.section.assigned, id);
    return {};
  }

  private find(id: string | undefined): AccountPrincipal {
    const found = this.section.principals.find((one) => one.id === id);
    if (found) return found;
    throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Principal ${id ?? ''} is not in the account.`);
  }

  private scim(): ScimArea {
    return this.core.area<ScimArea>('scim');
  }
}

function shown({ type, id, name }: AccountPrincipal, permissions: readonly string[]): object {
  const field = nameFields.find((one) => typeOfName[one] === type) ?? 'user_name';
  return { permissions, principal: { principal_id: Number(id), [field]: name, display_name: name } };
}
