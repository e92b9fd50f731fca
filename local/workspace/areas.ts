import { PermissionAssignments } from './account';
import { type Area, type Core } from './area';
import { ClusterPolicies } from './cluster-policies';
import { Clusters } from './clusters';
import { DbfsArea } from './dbfs';
import { GitFoldersArea } from './git-folders';
import { GlobalInitScripts } from './global-init-scripts';
import { InstancePools } from './instance-pools';
import { IpAccessLists } from './ip-access-lists';
import { JobsArea } from './jobs';
import { Lakeview } from './lakeview';
import { LegacyDashboards } from './legacy-dashboards';
import { Libraries } from './libraries';
import { MountsArea } from './mounts';
import { NotificationDestinations } from './notification-destinations';
import { permissionsArea } from './permissions';
import { PipelinesArea } from './pipelines';
import { scimArea } from './scim';
import { SecretsArea } from './secrets';
import { legacyAlerts, sqlAlerts } from './sql-alerts';
import { sqlQueries } from './sql-queries';
import { SqlWarehouses } from './sql-warehouses';
import { workspaceConfArea } from './workspace-conf';
import { treeArea } from './workspace-tree';

/** Everything that the workspace can do: one line an area. */
export function makeAreas(core: Core): Area[] {
  return [
    treeArea(core), //
    permissionsArea(core),
    scimArea(core),
    new PermissionAssignments(core),
    new GitFoldersArea(core),
    workspaceConfArea(core),
    new IpAccessLists(core),
    new DbfsArea(core),
    new GlobalInitScripts(core),
    new InstancePools(core),
    new ClusterPolicies(core),
    new Clusters(core),
    new Libraries(core),
    new JobsArea(core),
    new SecretsArea(core),
    new PipelinesArea(core),
    new MountsArea(core),
    new SqlWarehouses(core),
    sqlQueries(core),
    sqlAlerts(core),
    legacyAlerts(core),
    new Lakeview(core),
    new LegacyDashboards(core),
    new NotificationDestinations(core),
  ];
}
