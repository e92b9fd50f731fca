import type { Reference } from '../domain/references';
import { matches } from './reference-values';

/** Where the settings of a cluster point at other assets; `at` is where they lie: `''`, or `job_clusters[].new_cluster.`. */
export function computeReferences(at: string): Reference[] {
  return [
    { at: `${at}policy_id`, to: 'cluster-policy' },
    { at: `${at}instance_pool_id`, to: 'instance-pool' },
    { at: `${at}driver_instance_pool_id`, to: 'instance-pool' },
    ...fileReferences(`${at}init_scripts[].workspace.destination`),
    ...fileReferences(`${at}init_scripts[].dbfs.destination`),
    ...outsideReferences(`${at}init_scripts[].volumes.destination`),
    ...outsideReferences(`${at}init_scripts[].abfss.destination`),
    ...outsideReferences(`${at}cluster_log_conf.volumes.destination`),
    { at: `${at}single_user_name`, to: 'user', by: 'name', match: matches.userName },
    { at: `${at}single_user_name`, to: 'service-principal', by: 'name', match: matches.applicationId },
    { at: `${at}single_user_name`, to: 'group', by: 'name', match: matches.groupName },
    ...['spark_conf.*', 'spark_env_vars.*', 'docker_image.basic_auth.*'].flatMap((path) =>
      secretReferences(`${at}${path}`),
    ),
  ];
}

/** Every `{{secrets/scope/key}}` in a text: the scope and the secret. */
export function secretReferences(at: string): Reference[] {
  return [
    { at, to: 'secret-scope', by: 'name', match: matches.secretScope },
    { at, to: 'secret', by: 'name', match: matches.secret },
  ];
}

/** Where a list of libraries points at files. */
export function libraryReferences(at: string): Reference[] {
  return ['jar', 'whl', 'egg', 'requirements'].flatMap((type) => fileReferences(`${at}.${type}`));
}

/** A value that may be a file in a volume or in a storage account: nothing of the workspace, and not carried with it. */
export function outsideReferences(at: string): Reference[] {
  return [
    { at, to: 'volume-file', by: 'path', match: matches.volumePath },
    { at, to: 'storage-file', by: 'path', match: matches.storagePath },
  ];
}

/** A value that may be a file of the workspace, one on DBFS, one outside of both, or none. */
export function fileReferences(at: string): Reference[] {
  return [
    { at, to: 'workspace-file', by: 'path', match: matches.workspacePath },
    { at, to: 'dbfs-file', by: 'path', match: matches.dbfsPath },
    ...outsideReferences(at),
  ];
}
