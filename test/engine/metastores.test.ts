import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { base64 } from '../support/emulated-workspace';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig } from '../support/rig';

const connection = 'spark.hadoop.javax.jdo.option.ConnectionURL';
const machines = {
  spark_version: '15.4.x-scala2.12',
  node_type_id: 'Standard_DS3_v2',
  num_workers: 1,
} as const;

test('a report lists the external metastores of clusters, jobs and their init scripts, and what is left to do', async () => {
  const rig = await makeRig({
    blobs: makeMemoryBlobs(),
    virtualTime: true,
    activityMs: 0,
    pair: { rewrite: { storageHosts: { hmseastus2: 'hmscentralus' } } },
  });
  const script = `echo '${connection}=jdbc:sqlserver://hmseastus2.database.windows.net' > conf`;
  const file = { path: '/Shared/hms.sh', format: 'RAW', content: base64(script) };
  rig.primary.call('POST', '/api/2.0/workspace/import', file);
  rig.primary.call('POST', '/api/2.1/clusters/create', {
    ...machines,
    cluster_name: 'shared',
    spark_conf: { [connection]: 'jdbc:sqlserver://hmseastus2.database.windows.net:1433' },
  });
  const new_cluster = {
    ...machines,
    init_scripts: [{ workspace: { destination: '/Shared/hms.sh' } }],
  };
  rig.primary.call('POST', '/api/2.2/jobs/create', {
    name: 'nightly',
    tasks: [{ task_key: 'a', new_cluster }],
  });

  const { runId } = await rig.run('refresh');
  const report = (await readReport(rig.runtime.state, runId)) as Report;
  await rig.close();

  expect(report.metastores).toMatchObject([
    {
      name: 'shared',
      value: 'jdbc:sqlserver://hmscentralus.database.windows.net:1433',
      changed: true,
      left: [],
    },
    { key: 'workspace-file//Shared/hms.sh', at: 'line 1', changed: false, left: ['hmseastus2', 'eastus2'] },
  ]);
  expect(report.manualSteps.join()).toContain(
    'Point the external Hive metastore at the one that Central US uses',
  );
});
