import { pathsIn } from '../../shared/domain/path-mentions';
import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { admin, fillTinyEstate, home, makeJob } from '../support/tiny-estate';

describe('paths in parameters', () => {
  it('are found inside of texts, without what may be a credential', () => {
    const body = {
      parameters: [
        { default: '--in=abfss://raw@lake.dfs.core.windows.net/a?sig=abc --out dbfs:/FileStore/x/' },
      ],
    };

    const found = pathsIn(body, [{ at: 'parameters[].default' }], ['/FileStore']);

    expect(found).toEqual([
      { at: 'parameters[0].default', path: 'abfss://raw@lake.dfs.core.windows.net/a', candidates: [] },
      {
        at: 'parameters[0].default',
        path: 'dbfs:/FileStore/x/',
        candidates: ['dbfs-file/dbfs:/FileStore/x'],
      },
    ]);
  });

  describe('of a job in a run', () => {
    let rig: Rig;
    let job: number;
    beforeAll(async () => {
      rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
      fillTinyEstate(rig.primary);
      const base_parameters = {
        code: `/Workspace${home}/etl/load`,
        folder: `${home}/etl`,
        config: '/Workspace/Shared/nowhere/config.json',
        data: '/Volumes/main/raw/in',
        lake: 'abfss://raw@lakeeastus2.dfs.core.windows.net/in',
        table: 'main.raw.orders',
      };
      const notebook_task = { notebook_path: `${home}/etl/load`, base_parameters };
      const compute = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };
      const body = { as: admin, tasks: [{ task_key: 'main', new_cluster: compute, notebook_task }] };
      job = makeJob(rig.primary, 'with paths', 'UNPAUSED', body);
    }, 60_000);
    afterAll(() => rig.close());

    it('degrade it where they lead to nothing, and are listed where nobody can tell', async () => {
      const { runId } = await rig.run('refresh');

      const { paths, readiness } = (await readReport(rig.runtime.state, runId)) as Report;
      const key = `job/${job}`;
      const at = (name: string) => `tasks[0].notebook_task.base_parameters.${name}`;
      expect(paths.missing).toEqual([
        { key, at: at('config'), path: '/Workspace/Shared/nowhere/config.json' },
      ]);
      expect(paths.unchecked.filter((row) => row.key === key).map((row) => row.at)).toEqual([
        at('data'),
        at('lake'),
      ]);
      expect(readiness.jobs).toContainEqual({
        key,
        name: 'with paths',
        state: 'degraded',
        reasons: ['needs path//Workspace/Shared/nowhere/config.json: missing'],
      });
    }, 60_000);
  });
});
