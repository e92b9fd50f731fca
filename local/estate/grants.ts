import { type Json } from '../workspace/fields';
import { type TreeArea } from '../workspace/workspace-tree';
import { type Builder } from './builder';
import { type Compute } from './compute';
import { teamFolder } from './folders';
import { type EstateJob } from './jobs';
import { type People, type Team } from './people';
import { type Random } from './random';
import { type Tree } from './tree';

/** Direct grants to groups, people and service principals; the rest is inherited. */
export function fillGrants(
  builder: Builder,
  people: People,
  made: { tree: Tree; compute: Compute; jobs: readonly EstateJob[] },
): void {
  const random = builder.random('grants');
  grantTree(builder, people, made.tree, random);
  for (const [at, { id, team }] of made.compute.clusters.entries())
    if (at % 2 === 0)
      builder.grant('clusters', id, [toGroup(team, at % 4 === 0 ? 'CAN_RESTART' : 'CAN_ATTACH_TO')]);
  for (const id of made.compute.poolIds)
    builder.grant('instance-pools', id, [toGroup(random.pick(people.teams), 'CAN_ATTACH_TO')]);
  for (const policy of made.compute.policies)
    builder.grant('cluster-policies', policy.id, [toGroup(random.pick(people.teams), 'CAN_USE')]);
  for (const [at, { id, team }] of made.jobs.entries()) grantJob(builder, id, team, at);
  for (const team of people.teams.slice(0, 2))
    builder.grant('authorization', 'tokens', [toGroup(team, 'CAN_USE')]);
}

function grantTree(
  builder: Builder,
  people: People,
  { folders, notebooks, files }: Tree,
  random: Random,
): void {
  const { tree } = builder.workspace.core.area<TreeArea>('workspace-tree');
  const grant = (type: string, path: string, level: string): void => {
    const team = random.pick(people.teams);
    const entries = random.chance(0.7)
      ? [toGroup(team, level)]
      : [toGroup(team, level), ...toMember(random, team)];
    builder.grant(type, tree.get(path).id, entries);
  };
  for (const team of people.teams)
    builder.grant('directories', tree.get(teamFolder(team)).id, [toGroup(team, 'CAN_MANAGE')]);
  for (const { path } of folders)
    if (random.chance(0.1)) grant('directories', path, random.pick(['CAN_READ', 'CAN_EDIT']));
  for (const { path } of notebooks)
    if (random.chance(0.03)) grant('notebooks', path, random.pick(['CAN_READ', 'CAN_RUN']));
  for (const path of files) if (random.chance(0.05)) grant('files', path, 'CAN_READ');
}

function grantJob(builder: Builder, jobId: number, team: Team, at: number): void {
  const id = String(jobId);
  if (at % 9 === 5) {
    // Handed over: the creator is no longer the owner.
    const owner = { service_principal_name: team.robot.name, permission_level: 'IS_OWNER' };
    const body = { access_control_list: [owner, toGroup(team, 'CAN_MANAGE')] };
    builder.workspace.call('PUT', `/api/2.0/permissions/jobs/${id}`, body);
  } else if (at % 3 !== 0)
    builder.grant('jobs', id, [toGroup(team, at % 2 === 0 ? 'CAN_MANAGE_RUN' : 'CAN_VIEW')]);
}

function toGroup(team: Team, level: string): Json {
  return { group_name: team.group, permission_level: level };
}

function toMember(random: Random, team: Team): Json[] {
  return [{ user_name: random.pick(team.members).name, permission_level: 'CAN_MANAGE' }];
}
