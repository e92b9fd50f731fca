import { type Answer } from './area';
import { type Json } from './fields';
import { type Offer } from './offer';

/** `[id, cores, memory in MB, category]` of the virtual machine sizes that both emulated regions offer. */
const sizes: readonly (readonly [string, number, number, string])[] = [
  ['Standard_DS3_v2', 4, 14_336, 'General Purpose'],
  ['Standard_DS4_v2', 8, 28_672, 'General Purpose'],
  ['Standard_DS5_v2', 16, 57_344, 'General Purpose'],
  ['Standard_DS12_v2', 4, 28_672, 'Memory Optimized'],
  ['Standard_DS13_v2', 8, 57_344, 'Memory Optimized'],
  ['Standard_D4s_v3', 4, 16_384, 'General Purpose'],
  ['Standard_D8s_v3', 8, 32_768, 'General Purpose'],
  ['Standard_D4ds_v5', 4, 16_384, 'General Purpose'],
  ['Standard_D8ds_v5', 8, 32_768, 'General Purpose'],
  ['Standard_D16ds_v5', 16, 65_536, 'General Purpose'],
  ['Standard_E4ds_v5', 4, 32_768, 'Memory Optimized'],
  ['Standard_E8ds_v5', 8, 65_536, 'Memory Optimized'],
  ['Standard_E16ds_v5', 16, 131_072, 'Memory Optimized'],
  ['Standard_F8s_v2', 8, 16_384, 'Compute Optimized'],
  ['Standard_L8s_v3', 8, 65_536, 'Storage Optimized'],
  ['Standard_NC4as_T4_v3', 4, 28_672, 'GPU Accelerated'],
  ['Standard_NC6s_v3', 6, 114_688, 'GPU Accelerated'],
];

const versions: readonly (readonly [string, string])[] = [
  ['17.3.x-scala2.13', '17.3 LTS (includes Apache Spark 4.0.0, Scala 2.13)'],
  ['17.3.x-cpu-ml-scala2.13', '17.3 LTS ML (includes Apache Spark 4.0.0, Scala 2.13)'],
  ['16.4.x-scala2.12', '16.4 LTS (includes Apache Spark 3.5.2, Scala 2.12)'],
  ['16.4.x-cpu-ml-scala2.12', '16.4 LTS ML (includes Apache Spark 3.5.2, Scala 2.12)'],
  ['15.4.x-scala2.12', '15.4 LTS (includes Apache Spark 3.5.0, Scala 2.12)'],
  ['15.4.x-gpu-ml-scala2.12', '15.4 LTS ML (includes Apache Spark 3.5.0, GPU, Scala 2.12)'],
  ['14.3.x-scala2.12', '14.3 LTS (includes Apache Spark 3.5.0, Scala 2.12)'],
  ['13.3.x-scala2.12', '13.3 LTS (includes Apache Spark 3.4.1, Scala 2.12)'],
];

const byId = new Map(sizes.map((size) => [size[0], { cores: size[1], memoryMb: size[2] }]));

export interface NodeSize {
  readonly cores: number;
  readonly memoryMb: number;
}

export function findNodeType(id: string): NodeSize | undefined {
  return byId.get(id);
}

/** Runtimes older than the listed ones still start, and so do custom images. */
export function isSparkVersion(version: string): boolean {
  return /^(\d+\.\d+\.x-[\w-]*scala2\.1[23]|custom:.+|auto:latest[\w-]*)$/.test(version);
}

export function runtimeMajor(version: string): number {
  return Number.parseInt(version, 10) || 0;
}

export function listNodeTypes(offer: Offer): Answer {
  const offered = sizes.filter(([id]) => offer.hasNodeType(id));
  const node_types = offered.map(([id, cores, memory, category]) => ({
    ...nodeType(id, cores, memory, category),
    node_info: nodeInfo(offer.quota(id)),
  }));
  return { json: { node_types } };
}

/** The quota is only there where the cloud told it. */
function nodeInfo(cores: number | undefined): Json {
  return cores === undefined ? { status: [] } : { status: [], available_core_quota: cores };
}

function nodeType(id: string, cores: number, memoryMb: number, category: string): Json {
  return {
    node_type_id: id,
    memory_mb: memoryMb,
    num_cores: cores,
    description: id,
    instance_type_id: id,
    category,
    is_deprecated: false,
    is_hidden: false,
    num_gpus: category === 'GPU Accelerated' ? 1 : 0,
    support_cluster_tags: true,
    support_ebs_volumes: true,
    photon_driver_capable: category !== 'GPU Accelerated',
    photon_worker_capable: category !== 'GPU Accelerated',
  };
}

export function listSparkVersions(offer: Offer): Answer {
  const offered = versions.filter(([key]) => offer.hasRuntime(key));
  return { json: { versions: offered.map(([key, name]) => ({ key, name })) } };
}

/** Azure has no zones to choose from here. */
export function listZones(): Answer {
  return { json: { zones: [], default_zone: '' } };
}
