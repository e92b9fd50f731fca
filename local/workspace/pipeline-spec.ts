import { type Core } from './area';
import { type ClusterPolicies } from './cluster-policies';
import { invalid, type Json, jsonIn, rowsIn, textIn, without } from './fields';
import { type InstancePools, poolIdMissing } from './instance-pools';

const maxTags = 25;
const libraryTypes = ['notebook', 'file', 'glob', 'jar', 'maven', 'whl'];
/** Of the request, not of the pipeline. */
const notKept = ['allow_duplicate_names', 'dry_run', 'run_as', 'expected_last_modified', 'id', 'pipeline_id'];

/** The settings of a request as they are kept; throws what the workspace would refuse. */
export function makeSpec(core: Core, sent: Readonly<Json>): Json {
  const spec = without(sent, ...notKept);
  if (Object.keys(jsonIn(spec, 'tags')).length > maxTags)
    throw invalid(`A pipeline can have at most ${maxTags} tags`);
  if (textIn(spec, 'catalog') !== undefined && textIn(spec, 'storage') !== undefined)
    throw invalid('A pipeline of Unity Catalog cannot have a storage location.');
  const clusters = rowsIn(spec, 'clusters');
  if (spec['serverless'] === true && clusters.length > 0)
    throw invalid('You cannot provide cluster settings when using serverless compute.');
  for (const library of rowsIn(spec, 'libraries')) checkLibrary(library);
  for (const cluster of clusters) checkCluster(core, cluster);
  return spec;
}

function checkLibrary(library: Json): void {
  const given = libraryTypes.filter((type) => library[type] !== undefined);
  if (given.length !== 1) throw invalid(`A library must have exactly one of ${libraryTypes.join(', ')}`);
  const path = textIn(jsonIn(library, 'notebook'), 'path') ?? textIn(jsonIn(library, 'file'), 'path') ?? '/';
  if (!path.startsWith('/')) throw invalid(`Library paths must be absolute: ${path}`);
}

function checkCluster(core: Core, cluster: Json): void {
  if (cluster['spark_version'] !== undefined)
    throw invalid('spark_version cannot be set: the channel of the pipeline decides it.');
  for (const field of ['instance_pool_id', 'driver_instance_pool_id']) {
    const id = textIn(cluster, field);
    if (id !== undefined && !core.area<InstancePools>('instance-pools').find(id))
      throw invalid(`Cluster validation error: ${poolIdMissing(id)}`);
  }
  const policyId = textIn(cluster, 'policy_id');
  if (policyId !== undefined) core.area<ClusterPolicies>('cluster-policies').definitionFor(policyId);
}

/** The settings as `get` shows them: with what the workspace fills in. */
export function shownSpec(id: string, spec: Json): Json {
  return {
    id,
    pipeline_type: 'WORKSPACE',
    ...(spec['catalog'] === undefined ? { storage: `dbfs:/pipelines/${id}` } : {}),
    continuous: false,
    development: false,
    photon: false,
    edition: 'ADVANCED',
    channel: 'CURRENT',
    libraries: [],
    ...spec,
  };
}

/** True for a pipeline that the platform keeps running by itself. */
export function runsByItself(spec: Json): boolean {
  return spec['continuous'] === true && spec['development'] !== true;
}
