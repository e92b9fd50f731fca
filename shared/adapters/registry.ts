import { DrError } from '../domain/errors';
import type { Adapter } from './adapter';
import { alert } from './alert';
import { cluster } from './cluster';
import { clusterLibrary } from './cluster-library';
import { clusterPolicy } from './cluster-policy';
import { dashboard } from './dashboard';
import { dashboardSchedule } from './dashboard-schedule';
import { dbfsFile } from './dbfs-file';
import { directory } from './directory';
import { gitFolder } from './git-folder';
import { globalInitScript } from './global-init-script';
import { group } from './group';
import { instancePool } from './instance-pool';
import { ipAccessList } from './ip-access-list';
import { job } from './job';
import { mount } from './mount';
import { notebook } from './notebook';
import { notificationDestination } from './notification-destination';
import { permission } from './permission';
import { pipeline } from './pipeline';
import { query } from './query';
import { faultsOf } from './registry-check';
import { secret } from './secret';
import { secretAcl } from './secret-acl';
import { secretScope } from './secret-scope';
import { servicePrincipal } from './service-principal';
import { sqlWarehouse } from './sql-warehouse';
import { tokenPermission } from './token-permission';
import { user } from './user';
import { workspaceAdmin } from './workspace-admin';
import { workspaceConf } from './workspace-conf';
import { workspaceFile } from './workspace-file';

/** Every kind that the app carries: one line a kind, in the order in which the README lists them. */
export const adapters: readonly Adapter[] = [
  user,
  servicePrincipal,
  group,
  workspaceAdmin,
  directory,
  notebook,
  workspaceFile,
  gitFolder,
  dbfsFile,
  globalInitScript,
  instancePool,
  clusterPolicy,
  cluster,
  pipeline,
  notificationDestination,
  sqlWarehouse,
  query,
  alert,
  dashboard,
  dashboardSchedule,
  job,
  secretScope,
  secretAcl,
  secret,
  clusterLibrary,
  mount,
  permission,
  tokenPermission,
  workspaceConf,
  ipAccessList,
];

/** Kinds that bodies may point at and that are not carried yet: a reference to one by id blocks, by path or name it degrades. */
export const laterKinds: ReadonlySet<string> = new Set();

/** What bodies may point at and no kind carries: it lies outside of the workspace, and is replicated with what it lies in. It degrades. */
export const outsideKinds: ReadonlySet<string> = new Set(['storage-file', 'volume-file']);

const faults = faultsOf(adapters, new Set([...laterKinds, ...outsideKinds]));
if (faults.length > 0) throw new DrError('DR_INTERNAL', `cannot load the adapters: ${faults.join('; ')}`);

const byKind = new Map(adapters.map((adapter) => [adapter.kind, adapter]));

/** The adapter of a kind. Throws DR_INTERNAL for a kind that is not carried. */
export function adapterOf(kind: string): Adapter {
  const adapter = byKind.get(kind);
  if (adapter === undefined) throw new DrError('DR_INTERNAL', `no adapter for the kind ${kind}`);
  return adapter;
}
