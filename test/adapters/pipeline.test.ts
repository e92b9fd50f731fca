import { withOwner } from '../../shared/adapters/access-list';
import { job } from '../../shared/adapters/job';
import { pipeline, type PipelineBody } from '../../shared/adapters/pipeline';
import { findReferences, rewriteReferences } from '../../shared/domain/references';
import {
  listAll,
  openAdapterPair,
  readBody,
  stubNamed,
  type AdapterPair,
} from '../support/adapter-workspaces';
import { poster } from '../support/adapter-estate';

let pair: AdapterPair;

beforeEach(async () => {
  pair = await openAdapterPair();
});
afterEach(() => pair.close());

function make(spec: object): string {
  const { pipeline_id } = poster(pair.primary.emulated)<{ pipeline_id: string }>('/api/2.0/pipelines', spec);
  return pipeline_id;
}

async function bodyNamed(name: string): Promise<PipelineBody> {
  const from = pair.primary.open();
  return readBody(from, 'pipeline', await stubNamed(from, 'pipeline', name));
}

function isRunning(id: string): boolean {
  const { state } = pair.primary.emulated.call('GET', `/api/2.0/pipelines/${id}`).json as { state: string };
  return state === 'RUNNING';
}

describe('a pipeline', () => {
  it('goes without its id and without the storage that is named after it', async () => {
    make({ name: 'plain' });

    expect(await bodyNamed('plain')).toEqual({
      name: 'plain',
      continuous: false,
      development: false,
      photon: false,
      edition: 'ADVANCED',
      channel: 'CURRENT',
      libraries: [],
      run_as: { user_name: 'admin@example.com' },
    });
  });

  it('keeps a storage that somebody chose', async () => {
    make({ name: 'own', storage: 'abfss://data@lakeeastus2.dfs.core.windows.net/x' });

    expect(await bodyNamed('own')).toMatchObject({
      storage: 'abfss://data@lakeeastus2.dfs.core.windows.net/x',
    });
  });

  it('is listed over more than one page, each with its settings', async () => {
    for (let at = 0; at < 101; at++) make({ name: `p${at}` });

    const stubs = await listAll(pair.primary.open(), 'pipeline');

    expect(stubs).toHaveLength(101);
    expect(stubs.every(({ body, version }) => body !== undefined && version !== undefined)).toBe(true);
  });

  it('of a bundle is not carried, but its triggers are known', async () => {
    make({ name: 'bundled', continuous: true, deployment: { kind: 'BUNDLE' } });

    const stub = await stubNamed(pair.primary.open(), 'pipeline', 'bundled');

    expect(stub.skip).toBe('managed by an asset bundle: deploy it');
    expect(pipeline.triggers?.awake(stub.body as PipelineBody)).toEqual(['continuous', 'production']);
  });

  it('is made beside another one of the same name', async () => {
    make({ name: 'twin' });

    const id = await pipeline.create(pair.primary.open(), { name: 'twin' }, neverAsked);

    expect(await listAll(pair.primary.open(), 'pipeline')).toHaveLength(2);
    expect(id).not.toBe('');
  });

  it('points at everything that it is made of', () => {
    const body = {
      libraries: [
        { notebook: { path: '/Workspace/Users/a@b.c/etl' } },
        { file: { path: '/Shared/etl.sql' } },
        { glob: { include: '/Workspace/Users/a@b.c/src/transformations/**' } },
      ],
      root_path: '/Workspace/Users/a@b.c/src',
      clusters: [
        {
          policy_id: 'P',
          instance_pool_id: 'I',
          init_scripts: [{ workspace: { destination: '/Shared/init.sh' } }],
        },
      ],
      configuration: { key: '{{secrets/vault/key}}' },
      ingestion_definition: { ingestion_gateway_id: 'G' },
      run_as: { user_name: 'a@b.c' },
    };

    expect(findReferences(body, pipeline.references).map(({ key }) => key)).toEqual([
      'notebook//Users/a@b.c/etl',
      'workspace-file//Shared/etl.sql',
      'directory//Users/a@b.c/src/transformations',
      'directory//Users/a@b.c/src',
      'cluster-policy/P',
      'instance-pool/I',
      'workspace-file//Shared/init.sh',
      'secret-scope/vault',
      'secret/vault/key',
      'pipeline/G',
      'user/a@b.c',
    ]);
  });
});

describe('what belongs to a pipeline', () => {
  it('are the tasks of jobs that start it', () => {
    const tasks = [{ pipeline_task: { pipeline_id: 'p' } }];

    const { body } = rewriteReferences({ tasks }, job.references, (to, id) => `${to} ${id}`);

    expect(body).toEqual({ tasks: [{ pipeline_task: { pipeline_id: 'pipeline p' } }] });
  });

  it('is exactly one owner: the fallback where its own is gone', () => {
    const principals = {
      users: new Set(['boss@x.y']),
      groups: new Set<string>(),
      servicePrincipals: new Set<string>(),
    };
    const gone = { user_name: 'gone@x.y', permission_level: 'IS_OWNER' };

    const { body, warnings } = withOwner(
      { pipeline: 'p', access_control_list: [gone] },
      principals,
      'boss@x.y',
    );

    expect(body.access_control_list).toEqual([{ user_name: 'boss@x.y', permission_level: 'IS_OWNER' }]);
    expect(warnings).toContain('the owner is boss@x.y (owners.fallback)');
  });
});

describe('the triggers of a pipeline', () => {
  it.each([
    [{ continuous: true, development: false }, ['continuous', 'production']],
    [{ continuous: true, development: true }, ['continuous']],
    [{ continuous: false, development: false }, ['production']],
    [{ continuous: false, development: true }, []],
    [{}, ['production']],
  ])('%j: %j are awake, and none once it is asleep', (body, awake) => {
    expect(pipeline.triggers?.awake(body)).toEqual(awake);
    expect(pipeline.triggers?.awake(pipeline.asleep?.(body) ?? body)).toEqual([]);
  });

  it('are stilled, and what runs continuously is stopped', async () => {
    const id = make({ name: 'stream', continuous: true });
    pair.primary.pass(1_000);
    const wasRunning = isRunning(id);

    await pipeline.triggers?.quiet(pair.primary.open(), id, await bodyNamed('stream'));
    pair.primary.pass(10_000);

    expect([wasRunning, isRunning(id)]).toEqual([true, false]);
    expect(await bodyNamed('stream')).toMatchObject({ continuous: false, development: true });
  });

  it('do not stop the update that a job has begun', async () => {
    const id = make({ name: 'triggered' });
    poster(pair.primary.emulated)(`/api/2.0/pipelines/${id}/updates`, {});

    await pipeline.triggers?.quiet(pair.primary.open(), id, await bodyNamed('triggered'));

    expect(isRunning(id)).toBe(true);
    expect(await pipeline.triggers?.activeRuns?.(pair.primary.open(), id)).toHaveLength(1);
  });

  it('are stilled also when who it runs as has left', async () => {
    const scim = '/api/2.0/preview/scim/v2/Users';
    const { id: leaver } = poster(pair.primary.emulated)<{ id: string }>(scim, {
      userName: 'bob@example.com',
    });
    const id = make({ name: 'orphan', run_as: { user_name: 'bob@example.com' } });
    pair.primary.emulated.call('DELETE', `${scim}/${leaver}`);

    await pipeline.triggers?.quiet(pair.primary.open(), id, await bodyNamed('orphan'));

    expect(await bodyNamed('orphan')).toMatchObject({
      development: true,
      run_as: { user_name: 'bob@example.com' },
    });
  });

  it('are woken exactly as they were', async () => {
    const id = make({ name: 'stream', continuous: true });
    const body = await bodyNamed('stream');
    await pipeline.triggers?.quiet(pair.primary.open(), id, body);

    await pipeline.triggers?.wake(pair.primary.open(), id, body, ['continuous', 'production']);
    pair.primary.pass(1_000);

    expect(await bodyNamed('stream')).toEqual(body);
    expect(isRunning(id)).toBe(true);
  });
});

const neverAsked = {
  byId: () => undefined,
  byMarker: () => undefined,
  byName: () => undefined,
  byPath: () => undefined,
};
