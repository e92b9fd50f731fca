import { type Json } from '../workspace/fields';
import { type Builder } from './builder';
import { type People } from './people';

const branches = ['main', 'release', 'develop'];

/** Clones of the teams' repositories, in the homes of people. */
export function fillGitFolders(builder: Builder, { teams }: People): void {
  const random = builder.random('git folders');
  for (const [at, team] of teams.entries()) {
    const owner = team.members[0];
    if (owner === undefined || at % 2 === 1) continue;
    const repo: Json = {
      url: `https://github.com/contoso/${team.name}.git`,
      provider: at % 4 === 0 ? 'gitHub' : 'azureDevOpsServices',
      path: `/Users/${owner.name}/${team.name}-repo`,
      ...(at % 8 === 0 ? { sparse_checkout: { patterns: ['src', 'jobs'] } } : {}),
    };
    const { id } = builder.post('/2.0/repos', repo, owner);
    const branch = random.pick(branches);
    if (branch !== 'main') builder.workspace.call('PATCH', `/api/2.0/repos/${String(id)}`, { branch }, owner);
    builder.grant('repos', String(id), [{ group_name: team.group, permission_level: 'CAN_RUN' }]);
  }
}
