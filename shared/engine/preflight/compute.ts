import type { AssetKey } from '../../domain/asset';
import type { Finding } from '../../domain/preflight';
import type { PreflightContext, PreflightFacts } from './facts';

interface NodeType {
  readonly node_type_id: string;
  readonly num_cores: number;
  readonly node_info?: { readonly status?: readonly string[]; readonly available_core_quota?: number };
}

/** Whether the target has the machines, the runtimes and the cores that jobs ask for. */
export async function checkCompute(
  { to, target }: PreflightContext,
  facts: PreflightFacts,
): Promise<Finding[]> {
  const { node_types = [] } = await to.get<{ node_types?: NodeType[] }>('/api/2.1/clusters/list-node-types');
  const { versions = [] } = await to.get<{ versions?: { key: string }[] }>(
    '/api/2.1/clusters/spark-versions',
  );
  const offered = new Map(node_types.map((type) => [type.node_type_id, type]));
  const runtimes = new Set(versions.map(({ key }) => key));
  const findings = [
    ...missingTypes(facts.nodeTypes, offered, target),
    ...missingRuntimes(facts.runtimes, runtimes, target),
  ];
  const all: Finding = {
    check: 'compute',
    light: 'green',
    what: `the ${target} has every node type and runtime`,
  };
  return [...(findings.length === 0 ? [all] : findings), ...quotas(facts, offered, target)];
}

function missingTypes(
  used: ReadonlyMap<string, readonly AssetKey[]>,
  offered: ReadonlyMap<string, NodeType>,
  target: string,
): Finding[] {
  return [...used].flatMap(([name, keys]): Finding[] => {
    const type = offered.get(name);
    const status = type?.node_info?.status ?? [];
    if (type !== undefined && status.length === 0) return [];
    const why = status.length === 0 ? '' : ` (${status.join(', ')})`;
    return [
      {
        ...{ check: 'compute', light: 'red', keys },
        what: `the ${target} does not offer the node type ${name}${why}`,
        fix: `name a replacement: rewrite.nodeTypes.${name}, or have it enabled for the subscription in that region`,
      },
    ];
  });
}

/** Runtimes that left the list may still start: a warning. Names that the platform resolves itself are fine. */
function missingRuntimes(
  used: ReadonlyMap<string, readonly AssetKey[]>,
  offered: ReadonlySet<string>,
  target: string,
): Finding[] {
  return [...used].flatMap(([name, keys]): Finding[] =>
    offered.has(name) || /^(?:auto|custom):/.test(name)
      ? []
      : [
          {
            ...{ check: 'compute', light: 'amber', keys },
            what: `the ${target} does not list the runtime ${name}`,
            fix: 'move to a runtime that is supported: what is out of support may fail to start',
          },
        ],
  );
}

/** Whether everything that is awake could start at once, as far as the API tells the quota. */
function quotas(facts: PreflightFacts, offered: ReadonlyMap<string, NodeType>, target: string): Finding[] {
  const byType = Map.groupBy(facts.demand, ({ nodeType }) => nodeType);
  return [...byType].flatMap(([name, demands]): Finding[] => {
    const type = offered.get(name);
    const quota = type?.node_info?.available_core_quota;
    if (type === undefined || quota === undefined) return [];
    const cores = demands.reduce((sum, { nodes }) => sum + nodes, 0) * type.num_cores;
    if (cores <= quota) return [];
    return [
      {
        ...{ check: 'quota', light: 'amber', keys: [...new Set(demands.map(({ key }) => key))] },
        what: `what is awake would take ${cores} cores of ${name} if all of it ran at once, and the ${target} has ${quota}`,
        fix: 'ask for more cores in that region, or wake more slowly: cutover.wakePerMinute',
      },
    ];
  });
}
