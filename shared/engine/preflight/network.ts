import type { Workspace } from '../../databricks/workspace';
import { hasCode } from '../../domain/errors';
import type { Side } from '../../domain/asset';
import type { Finding } from '../../domain/preflight';
import type { PreflightContext } from './facts';

interface IpList {
  readonly label: string;
  readonly enabled?: boolean;
}

/** Whether the target guards its door as the source does: lists are copied asleep and enabled after the app has proved that it still gets in. */
export async function checkNetwork(
  { from, to, source, target }: PreflightContext,
  open: ReadonlySet<Side>,
): Promise<Finding[]> {
  if (!open.has(source)) return [];
  const here = await enabledLists(from);
  const there = await enabledLists(to);
  const missing = [...here].filter((label) => !there.has(label));
  if (missing.length === 0)
    return [
      { check: 'network', light: 'green', what: `the ${target} has the IP access lists of the ${source}` },
    ];
  return [
    {
      ...{ check: 'network', light: 'amber' },
      what: `IP access lists of the ${source} are not enabled in the ${target}: ${missing.join(', ')}`,
      fix: `see that the addresses of the app and of your people at the time of a failover are in them, then enable them in the ${target}`,
    },
  ];
}

/** Labels of the lists in force; none where the feature is not there. */
async function enabledLists(workspace: Workspace): Promise<Set<string>> {
  try {
    const { ip_access_lists = [] } = await workspace.get<{ ip_access_lists?: IpList[] }>(
      '/api/2.0/ip-access-lists',
    );
    return new Set(ip_access_lists.filter(({ enabled }) => enabled !== false).map(({ label }) => label));
  } catch (error) {
    if (hasCode(error, 'DR_API_FEATURE_DISABLED', 'DR_API_NOT_FOUND')) return new Set();
    throw error;
  }
}
