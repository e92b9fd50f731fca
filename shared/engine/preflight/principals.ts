import type { AssetKey } from '../../domain/asset';
import type { Finding } from '../../domain/preflight';
import { listUnit } from '../listing';
import { principalKey, type PreflightContext, type PreflightFacts } from './facts';

const kinds = ['user', 'service-principal', 'group'] as const;

/** Whether everybody whom jobs and clusters run as is in the target, and may act there. */
export async function checkPrincipals(
  { to, target }: PreflightContext,
  { runAs }: PreflightFacts,
): Promise<Finding[]> {
  const active = new Map<AssetKey, boolean>();
  for (const kind of kinds) {
    const { stubs } = await listUnit(to, { partition: kind, kinds: [kind] });
    for (const { name, body } of stubs.get(kind) ?? [])
      active.set(principalKey(kind, name), (body as { active?: boolean } | undefined)?.active !== false);
  }
  const findings = [...runAs].flatMap(([principal, keys]): Finding[] => {
    const isActive = active.get(principal);
    if (isActive === true) return [];
    const state = isActive === undefined ? 'is not there' : 'is disabled there';
    return [
      {
        ...{ check: 'principals', light: 'red', keys },
        what: `${principal} runs something and ${state}, in the ${target}`,
        fix: 'run a refresh; if it stays so, add or enable it there, or let another one run these',
      },
    ];
  });
  if (findings.length > 0) return findings;
  return [{ check: 'principals', light: 'green', what: `everybody who runs something is in the ${target}` }];
}
