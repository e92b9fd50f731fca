import type { Finding } from '../../domain/preflight';
import type { PreflightContext, PreflightFacts } from './facts';

/** Whether jobs that take their code from a git repository would get it: credentials belong to an identity and are carried by nobody. */
export async function checkGit(
  { to, target }: PreflightContext,
  { fromGit }: PreflightFacts,
): Promise<Finding[]> {
  if (fromGit.length === 0) return [];
  const { credentials = [] } = await to.get<{ credentials?: object[] }>('/api/2.0/git-credentials');
  if (credentials.length > 0)
    return [{ check: 'git', light: 'green', what: `the app has git credentials in the ${target}` }];
  return [
    {
      ...{ check: 'git', light: 'amber', keys: fromGit },
      what: `${fromGit.length} jobs take their code from git; whether those who run them have credentials in the ${target} cannot be seen`,
      fix: `let each identity that runs them set its git credentials in the ${target}, or make sure that the repositories are public`,
    },
  ];
}
