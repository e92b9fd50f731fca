import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Sample } from './adapter-estate';

const url = 'https://github.com/contoso/etl.git';
const path = '/Users/alice@example.com/etl/repo';

/** One git folder in a home, at a branch of its own, and one in /Repos with a sparse checkout. */
export function fillGitFolders(workspace: EmulatedWorkspace): Record<string, Sample> {
  const repo = { url, provider: 'gitHub' };
  const made = workspace.call('POST', '/api/2.0/repos', { ...repo, path }).json as { id: number };
  const sparse_checkout = { patterns: ['src'] };
  workspace.call('POST', '/api/2.0/repos', { ...repo, path: '/Repos/team/etl', sparse_checkout });
  const checkOut = (branch: string): void => {
    workspace.call('PATCH', `/api/2.0/repos/${made.id}`, { branch });
  };
  checkOut('release');
  return {
    'git-folder': {
      name: path,
      change: () => {
        checkOut('next');
      },
    },
  };
}
