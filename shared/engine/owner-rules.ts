import { principalName, textOf, type PrincipalName } from '../adapters/principal-name';
import { isMembers } from '../domain/body-path';
import type { FieldDiff } from '../domain/plan';
import type { RewriteRules } from '../domain/rewrite';

interface Grant extends PrincipalName {
  readonly permission_level?: string;
}

const owning = ['run_as', 'owner'] as const;

/** `body` with the owners and run-as identities that the rules give it, and each change. The given body is not changed. */
export function withMappedOwners<Body extends object>(
  body: Body,
  { owners }: RewriteRules,
): { readonly body: Body; readonly changes: readonly FieldDiff[] } {
  const { map = {} } = owners;
  if (Object.keys(map).length === 0) return { body, changes: [] };
  const changes: FieldDiff[] = [];
  const mapped: Record<string, unknown> = {};
  const renamed = (name: PrincipalName, path: string): PrincipalName => {
    const from = textOf(name);
    const to = Object.hasOwn(map, from) ? map[from] : undefined;
    if (to === undefined || name.group_name !== undefined) return name;
    changes.push({ path, from, to });
    return principalName(to);
  };
  for (const member of owning) {
    const name = (body as Record<string, unknown>)[member];
    if (isMembers(name)) mapped[member] = renamed(name, member);
  }
  const list = (body as { readonly access_control_list?: readonly Grant[] }).access_control_list;
  if (list !== undefined) mapped['access_control_list'] = withOwnerMapped(list, renamed);
  return changes.length === 0 ? { body, changes } : { body: { ...body, ...mapped }, changes };
}

/** The list with its owner renamed. Of several entries of one principal only the strongest would stay. */
function withOwnerMapped(
  list: readonly Grant[],
  renamed: (name: PrincipalName, path: string) => PrincipalName,
): readonly Grant[] {
  const owner = list.find(({ permission_level }) => permission_level === 'IS_OWNER');
  if (owner === undefined) return list;
  const next = renamed(owner, 'access_control_list[IS_OWNER]');
  if (next === owner) return list;
  const others = list.filter((grant) => grant !== owner && textOf(grant) !== textOf(next));
  return [...others, { ...next, permission_level: 'IS_OWNER' }];
}
