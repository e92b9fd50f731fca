import type { AssetKey, Side } from '../../domain/asset';
import type { Workspace } from '../../databricks/workspace';
import { hasCode } from '../../domain/errors';
import type { Finding } from '../../domain/preflight';
import type { PreflightContext, PreflightFacts } from './facts';

/** When each secret of a scope was last set (ms), by `scope/key`. */
type Secrets = ReadonlyMap<string, number>;

/** Whether every secret that a body names is in the target, and was set there no earlier than at the source. */
export async function checkSecrets(
  { from, to, source, target }: PreflightContext,
  { secrets }: PreflightFacts,
  open: ReadonlySet<Side>,
): Promise<Finding[]> {
  if (secrets.size === 0) return [];
  const scopes = [...new Set([...secrets.keys()].map((name) => name.slice(0, name.indexOf('/'))))];
  const there = await secretsOf(to, scopes);
  const here: Secrets = open.has(source) ? await secretsOf(from, scopes) : new Map<string, number>();
  const missing = [...secrets.keys()].filter((name) => !there.has(name));
  const stale = [...secrets.keys()].filter((name) => (there.get(name) ?? Infinity) < (here.get(name) ?? 0));
  const keysOf = (names: readonly string[]): AssetKey[] => [
    ...new Set(names.flatMap((name) => secrets.get(name) ?? [])),
  ];
  const findings: Finding[] = [];
  if (missing.length > 0)
    findings.push({
      ...{ check: 'secrets', light: 'red', keys: keysOf(missing) },
      what: `secrets that are needed are not in the ${target}: ${missing.join(', ')}`,
      fix: `set their values in the ${target}, or in the vault behind the scope`,
    });
  if (stale.length > 0)
    findings.push({
      ...{ check: 'secrets', light: 'amber', keys: keysOf(stale) },
      what: `secrets were set anew in the ${source} after they were in the ${target}: ${stale.join(', ')}`,
      fix: `set their new values in the ${target}`,
    });
  if (findings.length > 0) return findings;
  return [{ check: 'secrets', light: 'green', what: `every secret that is needed is in the ${target}` }];
}

async function secretsOf(workspace: Workspace, scopes: readonly string[]): Promise<Secrets> {
  const listed = await workspace.each(scopes, async (scope) => {
    try {
      const { secrets = [] } = await workspace.get<{
        secrets?: { key: string; last_updated_timestamp?: number }[];
      }>('/api/2.0/secrets/list', { scope });
      return secrets.map(({ key, last_updated_timestamp = 0 }): [string, number] => [
        `${scope}/${key}`,
        last_updated_timestamp,
      ]);
    } catch (error) {
      if (hasCode(error, 'DR_API_NOT_FOUND', 'DR_API_FEATURE_DISABLED')) return [];
      throw error;
    }
  });
  return new Map(listed.flat());
}
