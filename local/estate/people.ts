import { type Caller } from '../workspace/area';
import { type Json } from '../workspace/fields';
import { type Builder } from './builder';
import { divisions, firstNames, lastNames, teamTopics } from './vocabulary';

export interface Team {
  readonly name: string;
  readonly group: string;
  readonly members: readonly Caller[];
  readonly robot: Caller;
}

export interface People {
  readonly users: readonly Caller[];
  readonly robots: readonly Caller[];
  readonly teams: readonly Team[];
  readonly divisionGroups: readonly string[];
}

const scim = '/2.0/preview/scim/v2';
const usersPerTeam = 8;

interface Made {
  readonly id: string;
  readonly caller: Caller;
}

/** Users, service principals for their robots, and groups three levels deep. */
export function fillPeople(builder: Builder): People {
  const users = fillUsers(builder);
  const teamCount = Math.max(4, Math.ceil(users.length / usersPerTeam));
  const robots = Array.from({ length: teamCount }, (_, at) => makeRobot(builder, at));
  const groupIds: { id: string; division: string }[] = [];
  const teams = robots.map((robot, at) => {
    const members = users.filter((_, user) => user % teamCount === at);
    const division = divisions[at % divisions.length] ?? '';
    const topic = teamTopics[at % teamTopics.length] ?? '';
    const name = `${topic}${at < teamTopics.length ? '' : `-${Math.floor(at / teamTopics.length) + 1}`}`;
    const group = `team-${name}`;
    groupIds.push({
      id: makeGroup(
        builder,
        group,
        [...members, robot].map((one) => one.id),
        at % 3 === 0,
      ),
      division,
    });
    return { name, group, members: members.map((one) => one.caller), robot: robot.caller };
  });
  const divisionGroups = fillDivisions(builder, groupIds);
  return {
    users: users.map((one) => one.caller),
    robots: robots.map((one) => one.caller),
    teams,
    divisionGroups,
  };
}

function fillDivisions(builder: Builder, teams: readonly { id: string; division: string }[]): string[] {
  const used = divisions.filter((division) => teams.some((team) => team.division === division));
  const ids = used.map((division) => {
    const members = teams.filter((team) => team.division === division).map((team) => team.id);
    return makeGroup(builder, `division-${division}`, members, false);
  });
  makeGroup(builder, 'data-platform', ids, true);
  return used.map((division) => `division-${division}`);
}

function fillUsers(builder: Builder): Made[] {
  const random = builder.random('users');
  const taken = new Set<string>();
  return Array.from({ length: builder.counts.users }, (_, at) => {
    const [first, last] = [random.pick(firstNames), random.pick(lastNames)];
    const plain = `${first}.${last}`
      .normalize('NFD')
      .replace(/[^\w.]/g, '')
      .toLowerCase();
    const name = `${plain}${taken.has(plain) ? at : ''}@contoso.com`;
    taken.add(plain);
    const { id } = builder.post(`${scim}/Users`, {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: name,
      displayName: `${first} ${last}`,
      name: { givenName: first, familyName: last },
      // Somebody has left; what they made is still there.
      active: at % 50 !== 49,
      ...(random.chance(0.3) ? { entitlements: [{ value: 'allow-cluster-create' }] } : {}),
    });
    return { id: String(id), caller: { name, servicePrincipal: false, admin: false } };
  });
}

function makeRobot(builder: Builder, at: number): Made {
  const digits = (at + 1).toString(16).padStart(4, '0');
  const applicationId = `5e9f${digits}-7a10-4c2b-9d3e-${digits.padStart(12, '0')}`;
  const { id } = builder.post(`${scim}/ServicePrincipals`, {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal'],
    applicationId,
    displayName: `robot ${at + 1}`,
    ...(at % 2 === 0 ? { entitlements: [{ value: 'allow-cluster-create' }] } : {}),
  });
  return { id: String(id), caller: { name: applicationId, servicePrincipal: true, admin: false } };
}

function makeGroup(builder: Builder, name: string, members: readonly string[], entitled: boolean): string {
  const body: Json = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: name,
    members: members.map((value) => ({ value })),
    ...(entitled
      ? { entitlements: [{ value: 'databricks-sql-access' }, { value: 'workspace-access' }] }
      : {}),
  };
  return String(builder.post(`${scim}/Groups`, body)['id']);
}
