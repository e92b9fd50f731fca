import type { Workspace } from '../databricks/workspace';
import { DrError, hasCode } from '../domain/errors';
import type { PrincipalName } from './principal-name';
import { createPrincipal, replaceAttributes, type Collection, type ScimValue } from './scim';

interface Assignable {
  readonly active?: boolean;
  readonly entitlements: readonly ScimValue[];
}

interface Assignments {
  readonly permission_assignments?: readonly {
    readonly principal?: { readonly principal_id?: number };
    readonly error?: string;
  }[];
}

const path = '/api/2.0/preview/permissionassignments';

/**
 * Creates an identity; where the workspace refuses that because its identities come from the account (identity federation), assigns the
 * one that the account has. What the workspace has to say about it, its entitlements and whether it is disabled, is brought in either case.
 */
export async function createOrAssign(
  target: Workspace,
  collection: Exclude<Collection, 'Groups'>,
  body: Assignable,
  name: PrincipalName,
): Promise<string> {
  try {
    return await createPrincipal(target, collection, body);
  } catch (error) {
    if (!hasCode(error, 'DR_API_FORBIDDEN')) throw error;
    return assignPrincipal(target, collection, body, name);
  }
}

/**
 * Assigns an identity of the account to the workspace, and returns its id, which is the same in all workspaces of the account.
 * Throws DR_ASSET_BLOCKED when the platform does not do it: then an admin of the account has to.
 * https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/permission_assignment
 */
export async function assignPrincipal(
  target: Workspace,
  collection: Collection,
  { active, entitlements }: Assignable,
  name: PrincipalName,
): Promise<string> {
  const request = { permission_assignments: [{ ...name, permissions: ['USER'] }] };
  let answer: Assignments;
  try {
    answer = await target.post<Assignments & object>(path, request, { repeatable: true });
  } catch (error) {
    if (!(error instanceof DrError) || error.retryable) throw error;
    if (hasCode(error, 'DR_CLAIM_LOST', 'DR_RUN_CANCELLED', 'DR_API_UNAUTHORIZED')) throw error;
    throw blocked(name, error.message, error);
  }
  // Each is answered for itself, with 200.
  const [first] = answer.permission_assignments ?? [];
  const id = first?.principal?.principal_id;
  if (id === undefined || first?.error !== undefined)
    throw blocked(name, first?.error ?? 'no answer about it');
  // A crash before this leaves an identity that is found by its name, and updated.
  const attributes = { ...(active !== undefined && { active }), entitlements };
  await replaceAttributes(target, collection, String(id), attributes);
  return String(id);
}

/** Takes an identity of the account out of the workspace again. */
export async function unassignPrincipal(target: Workspace, id: string): Promise<void> {
  await target.delete(`${path}/principals/${id}`);
}

function blocked(name: PrincipalName, why: string, cause?: DrError): DrError {
  const who = Object.values(name).join();
  const message = `assign in account: the workspace takes ${who} only from the account, and does not assign it itself (${why}); assign it to the workspace in the account console`;
  return new DrError('DR_ASSET_BLOCKED', message, cause?.details ?? {}, cause === undefined ? {} : { cause });
}
