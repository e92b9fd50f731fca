import type { PathPlace } from '../domain/path-mentions';

/** Where the settings of a cluster may mention paths; `at` is where they lie: `''`, or `job_clusters[].new_cluster.`. */
export function computePaths(at: string): PathPlace[] {
  return [
    { at: `${at}spark_conf.*` },
    { at: `${at}spark_env_vars.*` },
    { at: `${at}init_scripts[].*.destination`, others: true },
  ];
}

const taskParameters = [
  'notebook_task.base_parameters.*',
  'spark_python_task.parameters[]',
  'spark_jar_task.parameters[]',
  'spark_submit_task.parameters[]',
  'python_wheel_task.parameters[]',
  'python_wheel_task.named_parameters.*',
  'run_job_task.job_parameters.*',
  'sql_task.parameters.*',
  'dbt_task.commands[]',
];
const libraries = ['jar', 'whl', 'egg', 'requirements'];

/** Where a job may mention paths that are no references. */
export const jobPaths: readonly PathPlace[] = [
  { at: 'parameters[].default' },
  ...computePaths('job_clusters[].new_cluster.'),
  ...['tasks[].', 'tasks[].for_each_task.task.'].flatMap((task): PathPlace[] => [
    ...taskParameters.map((parameters) => ({ at: `${task}${parameters}` })),
    ...libraries.map((type) => ({ at: `${task}libraries[].${type}`, others: true as const })),
    ...computePaths(`${task}new_cluster.`),
  ]),
];
