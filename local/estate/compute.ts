import { type Caller } from '../workspace/area';
import { type Clusters } from '../workspace/clusters';
import { type Json, jsonIn } from '../workspace/fields';
import { type Builder } from './builder';
import { initScripts, jars, wheel } from './files';
import { type People, type Team } from './people';
import { type Policy, fillPolicies } from './policies';
import { fillPools } from './pools';
import { type Random } from './random';

export interface Cluster {
  readonly id: string;
  readonly team: Team;
}

export interface Compute {
  readonly policies: readonly Policy[];
  readonly poolIds: readonly string[];
  readonly clusters: readonly Cluster[];
}

export const runtimes = [
  '17.3.x-scala2.13',
  '16.4.x-scala2.12',
  '15.4.x-scala2.12',
  '14.3.x-scala2.12',
] as const;
export const nodeTypes = [
  'Standard_DS3_v2',
  'Standard_DS4_v2',
  'Standard_D8ds_v5',
  'Standard_E8ds_v5',
] as const;

const clusterNames = ['shared', 'adhoc', 'ml', 'bi', 'etl', 'streaming'] as const;
const libraryChoices: readonly Json[] = [
  { pypi: { package: 'great-expectations==1.2.5' } },
  { pypi: { package: 'lightgbm==4.5.0', repo: 'https://pypi.contoso.example/simple' } },
  { pypi: { package: 'openpyxl' } },
  { maven: { coordinates: 'com.databricks:spark-xml_2.12:0.18.0' } },
  {
    maven: {
      coordinates: 'com.microsoft.azure:azure-eventhubs-spark_2.12:2.3.22',
      exclusions: ['org.slf4j:*'],
    },
  },
  { cran: { package: 'forecast' } },
  ...jars.map((path) => ({ jar: `/Workspace${path}` })),
  { whl: `/Workspace${wheel}` },
];

export function fillCompute(builder: Builder, people: People): Compute {
  const poolIds = fillPools(builder, people);
  const policies = fillPolicies(builder, people, poolIds);
  const random = builder.random('clusters');
  const clusters = Array.from({ length: builder.counts.clusters }, (_, at) => {
    const team = people.teams[at % people.teams.length];
    if (!team) throw new Error('an estate needs teams');
    const owner = at % 7 === 3 ? team.robot : random.pick(team.members);
    const spec = clusterSpec(random, at, { team, owner, policies, poolIds });
    const id = String(builder.post('/2.1/clusters/create', spec, owner)['cluster_id']);
    finishCluster(builder, random, at, id);
    return { id, team };
  });
  fillJobClusters(builder, people);
  return { policies, poolIds, clusters };
}

interface Around {
  readonly team: Team;
  readonly owner: Caller;
  readonly policies: readonly Policy[];
  readonly poolIds: readonly string[];
}

/** Settings of one cluster: on a policy, on a pool, of one user, scaled or fixed. */
function clusterSpec(random: Random, at: number, { team, owner, policies, poolIds }: Around): Json {
  const base: Json = {
    cluster_name: `${team.name} ${random.pick(clusterNames)}`,
    spark_version: random.pick(runtimes),
    autotermination_minutes: random.pick([20, 30, 60, 120]),
    custom_tags: { team: team.name, 'cost center': String(random.between(1_000, 9_999)) },
    ...extras(random, at),
  };
  switch (at % 5) {
    case 0:
      return withPolicy(base, random.pick(policies.filter((one) => one.forAllPurpose)), owner);
    case 1:
      return {
        ...base,
        instance_pool_id: random.pick(poolIds),
        autoscale: { min_workers: 1, max_workers: 4 },
      };
    case 2:
      return {
        ...base,
        node_type_id: random.pick(nodeTypes),
        num_workers: 0,
        data_security_mode: 'SINGLE_USER',
        single_user_name: owner.name,
        spark_conf: { 'spark.master': 'local[*, 4]', 'spark.databricks.cluster.profile': 'singleNode' },
      };
    case 3:
      return {
        ...base,
        node_type_id: random.pick(nodeTypes),
        driver_node_type_id: 'Standard_DS4_v2',
        autoscale: { min_workers: 2, max_workers: random.between(4, 12) },
        data_security_mode: 'USER_ISOLATION',
        runtime_engine: 'PHOTON',
        enable_elastic_disk: true,
      };
    default:
      return { ...base, node_type_id: random.pick(nodeTypes), num_workers: random.between(1, 6) };
  }
}

/** Settings that obey a policy. */
export function withPolicy(base: Json, policy: Policy, owner: Caller): Json {
  const custom_tags = { ...jsonIn(base, 'custom_tags'), ...policy.tags };
  return { ...base, ...policy.settings(owner), policy_id: policy.id, custom_tags };
}

function extras(random: Random, at: number): Json {
  return {
    ...(at % 3 === 0
      ? {
          spark_conf: {
            'spark.sql.shuffle.partitions': String(random.between(50, 800)),
            'spark.speculation': 'true',
          },
        }
      : {}),
    ...(at % 4 === 1 ? { spark_env_vars: { STAGE: 'production', TZ: 'Europe/Berlin' } } : {}),
    ...(at % 4 === 2 ? { init_scripts: [{ workspace: { destination: random.pick(initScripts) } }] } : {}),
    ...(at % 6 === 4
      ? {
          azure_attributes: {
            first_on_demand: 1,
            availability: 'SPOT_WITH_FALLBACK_AZURE',
            spot_bid_max_price: -1,
          },
        }
      : {}),
  };
}

/** Pins and libraries. */
function finishCluster(builder: Builder, random: Random, at: number, id: string): void {
  if (at % 5 === 1 && at < 250) builder.post('/2.1/clusters/pin', { cluster_id: id });
  if (at % 2 === 1) return;
  const libraries = libraryChoices.filter(() => random.chance(0.3));
  if (libraries.length > 0) builder.post('/2.0/libraries/install', { cluster_id: id, libraries });
}

/** What runs of yesterday left behind: nobody's settings, not to be carried. */
function fillJobClusters(builder: Builder, { teams }: People): void {
  const clusters = builder.workspace.core.area<Clusters>('clusters');
  for (const [at, team] of teams.slice(0, 10).entries()) {
    const spec = {
      cluster_name: `job-${at + 1}-run-${at + 1}`,
      spark_version: runtimes[0],
      node_type_id: nodeTypes[0],
      num_workers: 1,
    };
    const madeFor = { jobId: at + 1, runId: at + 1, runName: `${team.name} nightly` };
    clusters.make({ spec, owner: team.robot.name, source: 'JOB', madeFor });
  }
}
