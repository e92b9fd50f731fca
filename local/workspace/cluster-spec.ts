import { type Core } from './area';
import { type ClusterPolicies } from './cluster-policies';
import { type Clusters } from './clusters';
import { checkTags } from './custom-tags';
import { invalid, type Json, jsonIn, numberIn, requiredText, textIn } from './fields';
import { type InstancePools, poolIdMissing } from './instance-pools';
import { isSparkVersion } from './node-types';
import { type Offer } from './offer';
import { checkAgainstPolicy } from './policy-rules';
import { isPrincipal } from './principals';

/** Refuses settings that the workspace would refuse, for clusters of users and of jobs alike. */
export function checkClusterSpec(core: Core, spec: Json): void {
  const version = requiredText(spec, 'spark_version');
  if (!isSparkVersion(version)) throw invalid(`Invalid spark version ${version}.`);
  checkTags(jsonIn(spec, 'custom_tags'));
  checkSize(spec);
  checkNodes(core, spec);
  checkAutotermination(spec);
  const user = textIn(spec, 'single_user_name');
  if (user !== undefined && !isPrincipal(core, user)) throw invalid(`User ${user} does not exist`);
  const policyId = textIn(spec, 'policy_id');
  if (policyId !== undefined) checkAgainstPolicy(policies(core).definitionFor(policyId), spec);
}

function policies(core: Core): ClusterPolicies {
  return core.area<ClusterPolicies>('cluster-policies');
}

function offer(core: Core): Offer {
  return core.area<Clusters>('clusters').offer;
}

function pools(core: Core): InstancePools {
  return core.area<InstancePools>('instance-pools');
}

function checkSize(spec: Json): void {
  const workers = numberIn(spec, 'num_workers');
  const isScaled = spec['autoscale'] !== undefined;
  const isSingle = spec['is_single_node'] === true;
  if (isSingle ? isScaled || (workers ?? 0) > 0 : isScaled === (workers !== undefined))
    throw invalid('Exactly 1 of num_workers or autoscale must be specified.');
  if (workers !== undefined && workers < 0) throw invalid('num_workers must not be negative');
  const scale = jsonIn(spec, 'autoscale');
  if (isScaled && (numberIn(scale, 'min_workers') ?? 0) > (numberIn(scale, 'max_workers') ?? 0))
    throw invalid('min_workers must be less than or equal to max_workers');
}

function checkNodes(core: Core, spec: Json): void {
  for (const field of ['instance_pool_id', 'driver_instance_pool_id']) {
    const id = textIn(spec, field);
    if (id !== undefined && !pools(core).find(id))
      throw invalid(`Cluster validation error: ${poolIdMissing(id)}`);
  }
  const hasPool = textIn(spec, 'instance_pool_id') !== undefined;
  for (const field of ['node_type_id', 'driver_node_type_id']) {
    const id = textIn(spec, field);
    if (id !== undefined && hasPool)
      throw invalid(`The field '${field}' cannot be supplied when an instance pool ID is provided.`);
    if (id !== undefined) offer(core).nodeType(id);
  }
  if (!hasPool && textIn(spec, 'node_type_id') === undefined && spec['apply_policy_default_values'] !== true)
    throw invalid('Either node_type_id or instance_pool_id must be specified.');
}

function checkAutotermination(spec: Json): void {
  const minutes = numberIn(spec, 'autotermination_minutes') ?? 0;
  if (minutes !== 0 && (minutes < 10 || minutes > 10_000))
    throw invalid('autotermination_minutes must be 0 or between 10 and 10000');
}

/** The settings in force: what the user sent, and what the workspace makes of the rest. */
export function effectiveSpec(core: Core, spec: Json): Json {
  const poolId = textIn(spec, 'instance_pool_id');
  const driverPoolId = textIn(spec, 'driver_instance_pool_id') ?? poolId;
  const node = nodeTypeOf(core, poolId) ?? textIn(spec, 'node_type_id') ?? 'Standard_DS3_v2';
  const driver = nodeTypeOf(core, driverPoolId) ?? textIn(spec, 'driver_node_type_id') ?? node;
  return {
    cluster_name: '',
    autotermination_minutes: 0,
    enable_elastic_disk: true,
    enable_local_disk_encryption: false,
    azure_attributes: { first_on_demand: 1, availability: 'ON_DEMAND_AZURE', spot_bid_max_price: -1 },
    ...(spec['is_single_node'] === true ? { num_workers: 0 } : {}),
    ...spec,
    ...(driverPoolId === undefined ? {} : { driver_instance_pool_id: driverPoolId }),
    node_type_id: node,
    driver_node_type_id: driver,
  };
}

function nodeTypeOf(core: Core, poolId: string | undefined): string | undefined {
  const pool = poolId === undefined ? undefined : pools(core).find(poolId);
  return pool && textIn(pool.settings, 'node_type_id');
}
