import type { Workspace } from '../databricks/workspace';
import { DrError, hasCode } from '../domain/errors';
import type { Reference } from '../domain/references';
import { principalName, exists, textOf, type PrincipalName, type Principals } from './principal-name';
import type { Row } from './fields';

/** What queries, alerts and dashboards say about where they lie. */
export interface Placed {
  readonly display_name: string;
  /** Without the `/Workspace` that the API may give it with. */
  readonly parent_path: string;
}

export interface Owned {
  /** Set once it is there: who creates it owns it first. */
  readonly owner?: PrincipalName;
}

/** Where what lies in a folder points at: the folder, and who owns it. */
export const placedReferences: readonly Reference[] = [
  { at: 'parent_path', to: 'directory', by: 'path' },
  { at: 'owner.user_name', to: 'user', by: 'name' },
  { at: 'owner.service_principal_name', to: 'service-principal', by: 'name' },
];

/** The name and folder of a row of the API. */
export function placeOf(row: Row): Placed {
  const { display_name, parent_path } = row;
  const folder = typeof parent_path === 'string' ? parent_path : '';
  return {
    display_name: typeof display_name === 'string' ? display_name : '',
    parent_path: folder.replace(/^\/Workspace(?=\/|$)/, ''),
  };
}

/** The path under which it lies in the workspace. */
export function pathOf({ display_name, parent_path }: Placed, extension: string): string {
  return `${parent_path}/${display_name}${extension}`;
}

export function ownerOf({ owner_user_name }: Row): Owned {
  return typeof owner_user_name === 'string' && owner_user_name !== ''
    ? { owner: principalName(owner_user_name) }
    : {};
}

/** The body without an owner whom the target does not know. */
export function withExistingOwner<Body extends Owned>(body: Body, principals: Principals) {
  const { owner, ...rest } = body;
  if (owner === undefined || exists(owner, principals)) return { body, warnings: [] };
  const warnings = [`the app owns it: ${textOf(owner)} does not exist at the target`];
  return { body: rest as unknown as Body, warnings };
}

/** The rows as they are one by one. What was deleted since it was listed is not there any more. */
export async function readEach<Listed, Read>(
  from: Workspace,
  rows: readonly Listed[],
  read: (row: Listed) => Promise<Read>,
): Promise<Read[]> {
  const found = await from.each(rows, async (row) => {
    try {
      return [await read(row)];
    } catch (error) {
      if (!hasCode(error, 'DR_API_NOT_FOUND')) throw error;
      return [];
    }
  });
  return found.flat();
}

/** No update moves anything to another folder. Throws when what was updated does not lie where it should. */
export function refuseMoved(what: string, wanted: Placed, updated: Row): void {
  const { parent_path } = placeOf(updated);
  if (parent_path === '' || parent_path === wanted.parent_path) return;
  const message = `cannot move ${what} from ${parent_path} to ${wanted.parent_path}: no API does; move it in the workspace`;
  throw new DrError('DR_API_CONFLICT', message);
}
