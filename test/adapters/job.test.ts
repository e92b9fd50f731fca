import { job, withRunAs, type JobBody } from '../../shared/adapters/job';
import { jobReferences } from '../../shared/adapters/job-references';
import { findReferences } from '../../shared/domain/references';

const everyTrigger: JobBody = {
  name: 'nightly',
  schedule: { quartz_cron_expression: '0 0 2 * * ?', timezone_id: 'UTC' },
  continuous: { pause_status: 'UNPAUSED' },
  trigger: { pause_status: 'PAUSED', periodic: { interval: 1, unit: 'DAYS' } },
  triggers: [
    { pause_status: 'PAUSED', file_arrival: { url: 'abfss://a@b/c' } },
    { pause_status: 'UNPAUSED', periodic: { interval: 2, unit: 'HOURS' } },
  ],
};

describe('triggers of a job', () => {
  it('are awake unless they are paused, a missing pause status included', () => {
    expect(job.triggers?.awake(everyTrigger)).toEqual(['schedule', 'continuous', 'triggers[1]']);
  });

  it('are all paused in a sleeping job, and nothing else is changed', () => {
    const sleeping = job.asleep!(everyTrigger);

    expect(job.triggers?.awake(sleeping)).toEqual([]);
    expect(sleeping).toEqual({
      name: 'nightly',
      schedule: { ...everyTrigger.schedule, pause_status: 'PAUSED' },
      continuous: { pause_status: 'PAUSED' },
      trigger: everyTrigger.trigger,
      triggers: everyTrigger.triggers?.map((trigger) => ({ ...trigger, pause_status: 'PAUSED' })),
    });
  });

  it('leave a job without any as it is', () => {
    expect(job.asleep!({ name: 'manual' })).toEqual({ name: 'manual' });
    expect(job.triggers?.awake({ name: 'manual' })).toEqual([]);
  });
});

const compute = {
  policy_id: 'P',
  instance_pool_id: 'POOL',
  driver_instance_pool_id: 'DRIVER',
  init_scripts: [
    { workspace: { destination: '/Shared/init.sh' } },
    { dbfs: { destination: 'dbfs:/init/a.sh' } },
  ],
  spark_conf: { 'fs.key': '{{secrets/lake/key}}', plain: 'x' },
};
const computeKeys = [
  'cluster-policy/P',
  'instance-pool/POOL',
  'instance-pool/DRIVER',
  'workspace-file//Shared/init.sh',
  'dbfs-file/dbfs:/init/a.sh',
  'secret-scope/lake',
  'secret/lake/key',
];

/** Each kind of task with what it points at. */
const tasks: readonly { readonly name: string; readonly task: object; readonly keys: readonly string[] }[] = [
  { name: 'an existing cluster', task: { existing_cluster_id: 'C' }, keys: ['cluster/C'] },
  { name: 'a new cluster', task: { new_cluster: compute }, keys: computeKeys },
  { name: 'another job', task: { run_job_task: { job_id: 42 } }, keys: ['job/42'] },
  { name: 'a pipeline', task: { pipeline_task: { pipeline_id: 'PL' } }, keys: ['pipeline/PL'] },
  {
    name: 'a notebook',
    task: { notebook_task: { notebook_path: '/Workspace/Users/a@b.c/nb', warehouse_id: 'W' } },
    keys: ['notebook//Users/a@b.c/nb', 'sql-warehouse/W'],
  },
  { name: 'a notebook in git', task: { notebook_task: { notebook_path: 'src/nb' } }, keys: [] },
  {
    name: 'a Python file',
    task: { spark_python_task: { python_file: '/Shared/main.py' } },
    keys: ['workspace-file//Shared/main.py'],
  },
  {
    name: 'a Python file on DBFS',
    task: { spark_python_task: { python_file: 'dbfs:/jobs/main.py' } },
    keys: ['dbfs-file/dbfs:/jobs/main.py'],
  },
  {
    name: 'libraries',
    task: {
      libraries: [{ whl: '/Shared/a.whl' }, { jar: 'dbfs:/jars/a.jar' }, { jar: '/Volumes/m/s/v/b.jar' }],
    },
    keys: ['workspace-file//Shared/a.whl', 'dbfs-file/dbfs:/jars/a.jar', 'volume-file//Volumes/m/s/v/b.jar'],
  },
  {
    name: 'SQL',
    task: {
      sql_task: {
        warehouse_id: 'W',
        query: { query_id: 'Q' },
        dashboard: { dashboard_id: 'D', subscriptions: [{ destination_id: 'N' }] },
        alert: { alert_id: 'A', subscriptions: [{ user_name: 'a@b.c' }] },
        file: { path: '/Shared/q.sql' },
      },
    },
    keys: [
      'sql-warehouse/W',
      'query/Q',
      'dashboard/D',
      'alert/A',
      'notification-destination/N',
      'user/a@b.c',
      'workspace-file//Shared/q.sql',
    ],
  },
  {
    name: 'a dashboard',
    task: {
      dashboard_task: {
        dashboard_id: 'D',
        warehouse_id: 'W',
        subscription: { subscribers: [{ destination_id: 'N' }] },
      },
    },
    keys: ['dashboard/D', 'sql-warehouse/W', 'notification-destination/N'],
  },
  {
    name: 'an alert',
    task: { alert_task: { alert_id: 'A', warehouse_id: 'W', subscribers: [{ destination_id: 'N' }] } },
    keys: ['alert/A', 'sql-warehouse/W', 'notification-destination/N'],
  },
  {
    name: 'dbt',
    task: { dbt_task: { warehouse_id: 'W', project_directory: '/Shared/dbt' } },
    keys: ['sql-warehouse/W', 'directory//Shared/dbt'],
  },
  { name: 'Power BI', task: { power_bi_task: { warehouse_id: 'W' } }, keys: ['sql-warehouse/W'] },
  {
    name: 'webhooks',
    task: {
      webhook_notifications: { on_failure: [{ id: 'N' }], on_streaming_backlog_exceeded: [{ id: 'M' }] },
    },
    keys: ['notification-destination/N', 'notification-destination/M'],
  },
];

function keysIn(body: object): string[] {
  return findReferences(body, jobReferences).map(({ key }) => key);
}

describe('references of a job', () => {
  it.each(tasks)('of a task with $name are found', ({ task, keys }) => {
    expect(keysIn({ tasks: [task] }).sort()).toEqual([...keys].sort());
  });

  it.each(tasks)('of a repeated task with $name are found', ({ task, keys }) => {
    expect(keysIn({ tasks: [{ for_each_task: { task } }] }).sort()).toEqual([...keys].sort());
  });

  it('of its shared clusters, notifications, environments and identity are found', () => {
    const body = {
      job_clusters: [{ new_cluster: compute }],
      webhook_notifications: { on_start: [{ id: 'N' }] },
      environments: [{ spec: { dependencies: ['pandas==2.2', '/Workspace/Shared/a.whl'] } }],
      run_as: { service_principal_name: '11111111-2222-3333-4444-555555555555' },
    };

    expect(keysIn(body).sort()).toEqual(
      [
        ...computeKeys,
        'notification-destination/N',
        'workspace-file//Shared/a.whl',
        'service-principal/11111111-2222-3333-4444-555555555555',
      ].sort(),
    );
  });

  it('tell users, service principals and groups of single-user clusters apart', () => {
    const names = ['a@b.c', '11111111-2222-3333-4444-555555555555', 'analysts'];
    const body = { tasks: names.map((single_user_name) => ({ new_cluster: { single_user_name } })) };

    expect(keysIn(body)).toEqual([
      'user/a@b.c',
      'service-principal/11111111-2222-3333-4444-555555555555',
      'group/analysts',
    ]);
  });
});

describe('withRunAs', () => {
  const principals = {
    users: new Set(['a@b.c']),
    groups: new Set<string>(),
    servicePrincipals: new Set<string>(),
  };

  it('keeps an identity that exists', () => {
    const body: JobBody = { run_as: { user_name: 'a@b.c' } };

    expect(withRunAs(body, principals, 'x@b.c')).toEqual({ body, dropped: [], warnings: [] });
  });

  it('replaces one that is gone by the fallback and says so', () => {
    const { body, warnings } = withRunAs({ run_as: { user_name: 'gone@b.c' } }, principals, 'a@b.c');

    expect(body).toEqual({ run_as: { user_name: 'a@b.c' } });
    expect(warnings).toEqual(['it runs as a@b.c (owners.fallback): gone@b.c does not exist at the target']);
  });

  it('leaves it out when there is no fallback either, and says that the app runs it', () => {
    const { body, warnings } = withRunAs({ name: 'x', run_as: { user_name: 'gone@b.c' } }, principals);

    expect(body).toEqual({ name: 'x' });
    expect(warnings).toEqual([expect.stringContaining('runs as the app')]);
  });
});
