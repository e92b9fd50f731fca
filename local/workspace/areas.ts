import { type Area, type Core } from './area';
import { ClusterPolicies } from './cluster-policies';
import { Clusters } from './clusters';
import { GitFoldersArea } from './git-folders';
import { GitFoldersArea } from './git-folders';
import { InstancePools } from './instance-pools';
import { JobsArea } from './jobs';
import { Libraries } from './libraries';
import { permissionsArea } from './permissions';
import { PipelinesArea } from './pipelines';
import { scimArea } from './scim';
import { SecretsArea } from './secrets';
import { treeArea } from './workspace-tree';

/** Everything that the workspace can do: one line an area. */
export function makeAreas(core: Core): Area[] {
  return [
    treeArea(core), //
    permissionsArea(core),
    scimArea(core),
    new GitFoldersArea(core),
    new GitFoldersArea(core),
    new InstancePools(core),
    new ClusterPolicies(core),
    new Clusters(core),
    new Libraries(core),
    new JobsArea(core),
    new SecretsArea(core),
    new PipelinesArea(core),
  ];
}
