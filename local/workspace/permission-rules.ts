import { ApiError } from './area';
import { isSame, type Grant, type PrincipalField } from './grant-store';
import { securableType } from './permission-levels';
import { type ScimArea } from './scim';

const principalFields: readonly PrincipalField[] = ['user_name', 'group_name', 'service_principal_name'];

/** The grants of a PUT or PATCH; the shape that GET answers with is not accepted. */
export function readGrants(type: string, body: Readonly<Record<string, unknown>>, people: ScimArea): Grant[] {
  const list = body['access_control_list'] ?? [];
  if (!Array.isArray(list)) throw invalid('access_control_list must be a list.');
  return strongest(
    type,
    (list as Readonly<Record<string, unknown>>[]).map((entry) => readGrant(type, entry, people)),
  );
}

function readGrant(type: string, entry: Readonly<Record<string, unknown>>, people: ScimArea): Grant {
  const level = entry['permission_level'];
  const named = principalFields.filter((field) => typeof entry[field] === 'string');
  const by = named[0];
  if (by === undefined || named.length > 1)
    throw invalid('Exactly one of user_name, group_name, service_principal_name is needed.');
  const name = String(entry[by]);
  if (typeof level !== 'string' || !securableType(type).levels.includes(level))
    throw invalid(`'${String(level)}' is not a permission level of ${type}.`);
  if (people.findPrincipal(by, name) === undefined)
    throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Principal: ${by}(${name}) does not exist.`);
  return { by, name, level };
}

/** One level per principal: of several, the highest. */
function strongest(type: string, grants: readonly Grant[]): Grant[] {
  const { levels } = securableType(type);
  return grants.filter((grant) => {
    const rivals = grants.filter((other) => isSame(other, grant));
    const best = Math.max(...rivals.map((other) => levels.indexOf(other.level)));
    return rivals.find((other) => levels.indexOf(other.level) === best) === grant;
  });
}

/** The direct grants as they may be kept: owners counted, administrators untouched. */
export function checkGrants(
  type: string,
  before: readonly Grant[],
  after: readonly Grant[],
  people: ScimArea,
): Grant[] {
  const { objectType, owned, adminLevel } = securableType(type);
  const isAdmins = (grant: Grant): boolean => grant.by === 'group_name' && grant.name === 'admins';
  if (after.some((grant) => isAdmins(grant) && grant.level !== adminLevel))
    throw invalid("The rights of the group 'admins' cannot be changed.");
  if (owned) {
    const owners = after.filter(
      (grant) => grant.level === 'IS_OWNER' && people.findPrincipal(grant.by, grant.name) !== undefined,
    );
    if (owners.some((grant) => grant.by === 'group_name'))
      throw invalid(`Groups can not be owners of a ${objectType}.`);
    if (owners.length !== 1) throw invalid(`The ${objectType} must have exactly one owner.`);
  }
  const kept = before.filter((grant) => isAdmins(grant) && !after.some(isAdmins));
  return [...kept, ...after];
}

function invalid(message: string): ApiError {
  return new ApiError(400, 'INVALID_PARAMETER_VALUE', message);
}
