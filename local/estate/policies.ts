import { type Caller } from '../workspace/area';
import { type Json } from '../workspace/fields';
import { type Builder } from './builder';
import { initScripts } from './files';
import { type People } from './people';

export interface Policy {
  readonly id: string;
  readonly forAllPurpose: boolean;
  /** Settings that obey it. */
  settings(owner: Caller): Json;
  readonly tags: Readonly<Record<string, string>>;
}

interface Draft {
  readonly body: Json;
  readonly forAllPurpose: boolean;
  readonly settings: (owner: Caller) => Json;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Policies with ids of pools inside their rules, of families with overrides, with libraries. */
export function fillPolicies(builder: Builder, { teams }: People, poolIds: readonly string[]): Policy[] {
  const count = Math.max(4, Math.ceil(builder.counts.clusters / 8));
  return Array.from({ length: count }, (_, at) => {
    const team = teams[at % teams.length]?.name ?? '';
    const draft = drafts[at % drafts.length]?.(`${team} ${at + 1}`, poolIds[at % poolIds.length] ?? '');
    if (!draft) throw new Error('there is no such policy');
    const id = String(builder.post('/2.0/policies/clusters/create', draft.body)['policy_id']);
    return { id, tags: {}, ...draft };
  });
}

const drafts: readonly ((label: string, poolId: string) => Draft)[] = [
  (label, poolId) => ({
    forAllPurpose: true,
    tags: { owner: label },
    settings: () => ({ instance_pool_id: poolId, autoscale: { min_workers: 1, max_workers: 3 } }),
    body: {
      name: `pooled ${label}`,
      description: 'Clusters from the pool of the team',
      definition: JSON.stringify({
        instance_pool_id: { type: 'fixed', value: poolId, hidden: true },
        'custom_tags.owner': { type: 'fixed', value: label },
        'autoscale.max_workers': { type: 'range', maxValue: 10, defaultValue: 3 },
      }),
      libraries: [{ pypi: { package: 'pyarrow==17.0.0' } }],
    },
  }),
  (label) => ({
    forAllPurpose: true,
    settings: (owner) => ({
      node_type_id: 'Standard_DS3_v2',
      num_workers: 0,
      autotermination_minutes: 30,
      data_security_mode: 'SINGLE_USER',
      single_user_name: owner.name,
    }),
    body: {
      name: `personal ${label}`,
      policy_family_id: 'personal-vm',
      policy_family_definition_overrides: JSON.stringify({
        autotermination_minutes: { type: 'fixed', value: 30, hidden: true },
      }),
      max_clusters_per_user: 2,
    },
  }),
  (label) => ({
    forAllPurpose: true,
    settings: () => ({
      node_type_id: 'Standard_DS4_v2',
      num_workers: 2,
      init_scripts: [{ workspace: { destination: initScripts[0] } }],
    }),
    body: {
      name: `bounded ${label}`,
      definition: JSON.stringify({
        node_type_id: { type: 'allowlist', values: ['Standard_DS3_v2', 'Standard_DS4_v2'] },
        num_workers: { type: 'range', maxValue: 8, isOptional: true },
        'init_scripts.0.workspace.destination': { type: 'fixed', value: initScripts[0] },
      }),
    },
  }),
  (label, poolId) => ({
    forAllPurpose: false,
    settings: () => ({ instance_pool_id: poolId, driver_instance_pool_id: poolId, num_workers: 2 }),
    body: {
      name: `jobs ${label}`,
      definition: JSON.stringify({
        cluster_type: { type: 'fixed', value: 'job' },
        instance_pool_id: { type: 'allowlist', values: [poolId] },
        driver_instance_pool_id: { type: 'fixed', value: poolId },
        num_workers: { type: 'range', maxValue: 20 },
      }),
    },
  }),
];
