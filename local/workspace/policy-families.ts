/** A family of policies that the platform keeps; a policy of a family is its definition with overrides. */
export interface PolicyFamily {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly definition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const anyNodes = { type: 'unlimited', defaultValue: 'Standard_DS3_v2', isOptional: true };
const latestRuntime = { type: 'unlimited', defaultValue: 'auto:latest-lts', isOptional: true };

export const policyFamilies: readonly PolicyFamily[] = [
  {
    id: 'personal-vm',
    name: 'Personal Compute',
    description:
      'Use with small-to-medium data or libraries like pandas and scikit-learn. Spark runs in local mode.',
    definition: {
      node_type_id: anyNodes,
      spark_version: { type: 'unlimited', defaultValue: 'auto:latest-lts-ml', isOptional: true },
      num_workers: { type: 'fixed', value: 0, hidden: true },
      data_security_mode: { type: 'fixed', value: 'SINGLE_USER', hidden: true },
      driver_instance_pool_id: { type: 'forbidden', hidden: true },
      instance_pool_id: { type: 'forbidden', hidden: true },
      autotermination_minutes: { type: 'unlimited', defaultValue: 4320, isOptional: true },
    },
  },
  {
    id: 'shared-compute',
    name: 'Shared Compute',
    description: 'For a team of engineers, analysts and scientists that work together.',
    definition: {
      node_type_id: anyNodes,
      spark_version: latestRuntime,
      data_security_mode: { type: 'fixed', value: 'USER_ISOLATION', hidden: true },
      autotermination_minutes: { type: 'unlimited', defaultValue: 120, isOptional: true },
    },
  },
  {
    id: 'power-user',
    name: 'Power User Compute',
    description: 'For larger data and complex work that needs distributed compute.',
    definition: {
      node_type_id: anyNodes,
      spark_version: latestRuntime,
      data_security_mode: { type: 'fixed', value: 'SINGLE_USER', hidden: true },
      autotermination_minutes: { type: 'unlimited', defaultValue: 4320, isOptional: true },
    },
  },
  {
    id: 'job-cluster',
    name: 'Job Compute',
    description: 'For clusters of jobs.',
    definition: {
      cluster_type: { type: 'fixed', value: 'job' },
      node_type_id: anyNodes,
      spark_version: latestRuntime,
    },
  },
];

export function findPolicyFamily(id: string): PolicyFamily | undefined {
  return policyFamilies.find((family) => family.id === id);
}
