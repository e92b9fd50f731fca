import { matches } from './reference-values';

/** How job owners, run-as identities and access lists name a principal: one of the three members is there. */
export interface PrincipalName {
  readonly user_name?: string;
  readonly group_name?: string;
  /** The application id. */
  readonly service_principal_name?: string;
}

/** The API gives creators and run-as identities as one text: an application id is a service principal, all else a user. */
export function principalName(text: string): PrincipalName {
  return matches.applicationId.test(text) ? { service_principal_name: text } : { user_name: text };
}

/** The names of the principals that exist in a workspace. */
export interface Principals {
  readonly users: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** Application ids. */
  readonly servicePrincipals: ReadonlySet<string>;
}

/** True when the named principal is among `principals`. */
export function exists(name: PrincipalName, principals: Principals): boolean {
  if (name.user_name !== undefined) return principals.users.has(name.user_name);
  if (name.group_name !== undefined) return principals.groups.has(name.group_name);
  return (
    name.service_principal_name !== undefined && principals.servicePrincipals.has(name.service_principal_name)
  );
}

/** The one name that is there, for messages and for ordering. */
export function textOf(name: PrincipalName): string {
  return name.user_name ?? name.group_name ?? name.service_principal_name ?? '';
}
