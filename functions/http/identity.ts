import { isMembers } from '../../shared/domain/body-path';
import { DrError } from '../../shared/domain/errors';

/** App roles of the Entra application. `ActionGroupsSecureWebhook` is the name that Azure Monitor's own setup script gives its role. */
export type Role = 'DR.Reader' | 'DR.Operator' | 'DR.Approver' | 'DR.Alert' | 'ActionGroupsSecureWebhook';

/** Who asks. Without roles it was let in by its function key alone. */
export interface Caller {
  readonly who: string;
  readonly roles?: readonly string[];
}

const byKey: Caller = { who: 'function key' };

/** Claims that name a person or an application, best first. */
const nameClaims = [
  'preferred_username',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  'upn',
  'name',
  'appid',
  'azp',
  'http://schemas.microsoft.com/identity/claims/objectidentifier',
  'oid',
];
const roleClaims = ['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'];

/**
 * The caller by the principal header of App Service authentication (`x-ms-client-principal`). Where that is not switched on
 * (`checked` false) anybody can send the header: it can only take rights away, and the name is marked.
 * Throws DR_REQUEST_FORBIDDEN for a header that cannot be read.
 */
export function callerOf(header: string | null, checked: boolean): Caller {
  if (header === null || header === '') return byKey;
  const principal = parse(header);
  const claims = isMembers(principal) && Array.isArray(principal['claims']) ? principal['claims'] : undefined;
  if (!isMembers(principal) || claims === undefined) throw forbidden('the principal header cannot be read');
  const valuesOf = (type: unknown): string[] =>
    claims.flatMap((claim: unknown) =>
      isMembers(claim) && claim['typ'] === type && typeof claim['val'] === 'string' ? [claim['val']] : [],
    );
  const [name] = [principal['name_typ'], ...nameClaims].flatMap(valuesOf);
  if (name === undefined) throw forbidden('the principal header names nobody');
  const roles = [principal['role_typ'], ...roleClaims].flatMap(valuesOf);
  return { who: checked ? name : `${name} (not verified)`, roles };
}

/** Throws DR_REQUEST_FORBIDDEN unless the caller has one of the roles, or was let in by a function key. */
export function requireRole({ who, roles }: Caller, allowed: readonly Role[]): void {
  if (roles === undefined || allowed.some((role) => roles.includes(role))) return;
  throw forbidden(`${who} has none of the roles ${allowed.join(', ')}`);
}

function parse(header: string): unknown {
  try {
    return JSON.parse(Buffer.from(header, 'base64').toString()) as unknown;
  } catch {
    return undefined;
  }
}

function forbidden(why: string): DrError {
  return new DrError('DR_REQUEST_FORBIDDEN', `cannot let this in: ${why}`);
}
