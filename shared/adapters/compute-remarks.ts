import { isRow, type Row } from './fields';

/** Runtimes from which on the platform installs no libraries from DBFS, and no eggs: https://learn.microsoft.com/azure/databricks/libraries/ */
const noDbfsLibraries = 15;
const noEggs = 14;

/** What is installed on a cluster of a runtime that will refuse it. A runtime that is not known refuses nothing. */
export function libraryRemarks(library: unknown, runtime: unknown): string[] {
  const major = majorOf(runtime);
  if (!isRow(library) || major === undefined) return [];
  const isOnDbfs = Object.values(library).some((value) => typeof value === 'string' && onDbfs.test(value));
  return [
    ...(isOnDbfs && major >= noDbfsLibraries
      ? [`a library on DBFS is not installed by runtime ${major}: move it to workspace files or a volume`]
      : []),
    ...(library['egg'] !== undefined && major >= noEggs
      ? [`an egg is not installed by runtime ${major}: build a wheel`]
      : []),
  ];
}

const onDbfs = /^dbfs:\/(?!Volumes\/)/;

/** The major number of `15.4.x-scala2.12`; undefined for images that are called otherwise. */
function majorOf(runtime: unknown): number | undefined {
  const digits = typeof runtime === 'string' ? /^(\d+)\./.exec(runtime)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/** What the settings of a cluster need that lies outside of the workspace, and is not carried with it. */
export function computeRemarks(settings: unknown): string[] {
  if (!isRow(settings)) return [];
  const scripts = Array.isArray(settings['init_scripts']) ? (settings['init_scripts'] as unknown[]) : [];
  const outside = [...scripts, settings['cluster_log_conf']].flatMap((place) =>
    ['volumes', 'abfss'].flatMap((type) => destinationIn(place, type)),
  );
  return outside.map((path) => `${path} is not carried: it has to be there in the other region`);
}

function destinationIn(place: unknown, type: string): string[] {
  const inside = isRow(place) ? place[type] : undefined;
  const path = isRow(inside) ? inside['destination'] : undefined;
  return typeof path === 'string' ? [path] : [];
}

/** The same for all clusters and libraries in the settings of a job. Of clusters that are only named nothing is known. */
export function jobRemarks(settings: Row): string[] {
  const jobClusters = new Map(
    rowsIn(settings, 'job_clusters').map((row) => [row['job_cluster_key'], row['new_cluster']]),
  );
  const tasks = rowsIn(settings, 'tasks').flatMap((task) => {
    const each = isRow(task['for_each_task']) ? task['for_each_task']['task'] : undefined;
    return isRow(each) ? [task, each] : [task];
  });
  const remarks = [...jobClusters.values()].flatMap(computeRemarks);
  for (const task of tasks) {
    const own = task['new_cluster'];
    remarks.push(...computeRemarks(own));
    const compute = own ?? jobClusters.get(task['job_cluster_key']);
    const runtime = isRow(compute) ? compute['spark_version'] : undefined;
    for (const library of rowsIn(task, 'libraries')) remarks.push(...libraryRemarks(library, runtime));
  }
  return [...new Set(remarks)];
}

function rowsIn(holder: Row, name: string): Row[] {
  const list = holder[name];
  return Array.isArray(list) ? (list as unknown[]).filter(isRow) : [];
}

/** The part of a stub that has them, if there are any. */
export function remarked(remarks: readonly string[]): { remarks?: readonly string[] } {
  return remarks.length === 0 ? {} : { remarks };
}
