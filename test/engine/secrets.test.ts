import type { SecretsArea } from '../../local/workspace/secrets';
import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { base64 } from '../support/emulated-workspace';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig, type Wish } from '../support/rig';

const api = '/api/2.0/secrets';
const byHand: Wish = { pair: { copySecretValues: false } };
const east = '/subscriptions/1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-east';

describe('the secrets of a pair', () => {
  let rig: Rig;
  let reader: number;
  beforeEach(async () => {
    rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
    post(rig.primary, '/api/2.0/preview/scim/v2/Users', { schemas, userName: 'alice@example.com' });
    post(rig.primary, `${api}/scopes/create`, { scope: 'etl' });
    post(rig.primary, `${api}/acls/put`, { scope: 'etl', principal: 'users', permission: 'READ' });
    post(rig.primary, `${api}/acls/put`, {
      scope: 'etl',
      principal: 'alice@example.com',
      permission: 'MANAGE',
    });
    post(rig.primary, `${api}/acls/delete`, { scope: 'etl', principal: 'admin@example.com' });
    put(rig.primary, 'db-password', 'one');
    const new_cluster = {
      spark_version: '15.4.x-scala2.12',
      node_type_id: 'Standard_DS3_v2',
      num_workers: 1,
      spark_conf: { 'spark.password': '{{secrets/etl/db-password}}' },
    };
    const tasks = [{ task_key: 'main', new_cluster, spark_python_task: { python_file: 'dbfs:/mnt/x.py' } }];
    const made = rig.primary.call('POST', '/api/2.2/jobs/create', { name: 'reader', tasks }).json;
    reader = (made as { job_id: number }).job_id;
  });
  afterEach(() => rig.close());

  function post(workspace: EmulatedWorkspace, path: string, body: object): void {
    workspace.call('POST', path, body);
  }

  function put(workspace: EmulatedWorkspace, key: string, string_value: string): void {
    post(workspace, `${api}/put`, { scope: 'etl', key, string_value });
  }

  function valueOf(key: string): unknown {
    return (rig.secondary.call('GET', `${api}/get?scope=etl&key=${key}`).json as { value: string }).value;
  }

  function aclsOf(workspace: EmulatedWorkspace): object[] {
    const { items } = workspace.call('GET', `${api}/acls/list?scope=etl`).json as { items: object[] };
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }

  async function refresh(wish?: Wish): Promise<{ report: Report; writes: string[] }> {
    const seq = rig.secondary.requests.lastSeq();
    const { runId } = await rig.run('refresh', wish);
    const report = (await readReport(rig.runtime.state, runId)) as Report;
    const writes = rig.secondary.requests.mutatingSince(seq).map(({ path }) => path);
    return { report, writes };
  }

  function fateOf({ outcomes }: Report, key: string): string | undefined {
    const found = outcomes.find((one) => one.key === key);
    return found && `${found.outcome}: ${found.reason}`;
  }

  it('come over with their scopes and access lists, as sets, and stay untouched after that', async () => {
    const { report } = await refresh();

    expect(report.run.status).toBe('succeeded');
    expect(valueOf('db-password')).toBe(base64('one'));
    expect(aclsOf(rig.secondary)).toEqual(aclsOf(rig.primary));
    expect(JSON.stringify(aclsOf(rig.secondary))).not.toContain('admin@example.com');
    expect((await refresh()).writes).toEqual([]);
  }, 60_000);

  it('carry revocations with just the call that it takes', async () => {
    await refresh();
    post(rig.primary, `${api}/acls/delete`, { scope: 'etl', principal: 'users' });

    const { writes } = await refresh();

    expect(writes).toEqual([`${api}/acls/delete`]);
    expect(aclsOf(rig.secondary)).toEqual(aclsOf(rig.primary));
  }, 60_000);

  it('are copied again when they were changed at the source, and left alone when at the target', async () => {
    await refresh();
    put(rig.primary, 'db-password', 'rotated');

    expect((await refresh()).writes).toEqual([`${api}/put`]);
    expect(valueOf('db-password')).toBe(base64('rotated'));
    put(rig.secondary, 'db-password', 'of this region');
    expect((await refresh()).writes).toEqual([]);
    put(rig.primary, 'db-password', 'rotated again');
    const { report } = await refresh();

    expect(fateOf(report, 'secret/etl/db-password')).toBe(
      'conflict: changed on both sides since they last agreed',
    );
    expect(valueOf('db-password')).toBe(base64('of this region'));
  }, 60_000);

  it('are blocked with what to do and who needs them, where values are not copied', async () => {
    const { report } = await refresh(byHand);

    expect(fateOf(report, 'secret/etl/db-password')).toBe(
      'blocked: value must be set: the secondary does not have it',
    );
    expect(report.manualSteps.join('\n')).toMatch(
      new RegExp(`Set the value of the secret etl/db-password in .*: job/${reader} needs it`),
    );
    expect(report.readiness.jobs.find(({ key }) => key === `job/${reader}`)).toMatchObject({
      state: 'degraded',
      reasons: ['needs secret/etl/db-password: blocked'],
    });
    expect(rig.primary.requests.since(0).filter(({ path }) => path === `${api}/get`)).toEqual([]);
  }, 60_000);

  it('count as there once a person has set them, until the source has a newer one', async () => {
    await refresh(byHand);
    put(rig.secondary, 'db-password', 'by hand');

    expect((await refresh(byHand)).report.run.status).toBe('succeeded');
    put(rig.primary, 'db-password', 'rotated');
    const { report } = await refresh(byHand);

    expect(fateOf(report, 'secret/etl/db-password')).toBe(
      'blocked: value must be set: the secondary has an older one than the primary',
    );
    expect(valueOf('db-password')).toBe(base64('by hand'));
  }, 60_000);

  it('are not asked of the source by a failover', async () => {
    await rig.run('sync');
    const seq = rig.primary.requests.lastSeq();

    const { runId } = await rig.run('failover');

    const report = (await readReport(rig.runtime.state, runId)) as Report;
    expect(fateOf(report, 'secret/etl/db-password')).toContain('value must be set');
    expect(rig.primary.requests.since(seq).filter(({ path }) => path === `${api}/get`)).toEqual([]);
  }, 60_000);

  describe('in a key vault', () => {
    const metadata = { resource_id: east, dns_name: 'https://kv-east.vault.azure.net/' };
    const mapped: Wish['pair'] = { rewrite: { ...emptyRules(), keyVaults: { 'kv-east': 'kv-central' } } };

    beforeEach(() => {
      const vault = { scope_backend_type: 'AZURE_KEYVAULT', backend_azure_keyvault: metadata };
      post(rig.primary, `${api}/scopes/create`, { scope: 'kv', ...vault });
      vaultOf(rig.primary).putInVault(metadata.dns_name, 'pw', 'east');
    });

    function vaultOf({ core }: EmulatedWorkspace) {
      return core.area<SecretsArea>('secrets').store;
    }

    it('are blocked where no rule says which vault is the other one', async () => {
      const { report } = await refresh();

      expect(fateOf(report, 'secret-scope/kv')).toBe(
        `blocked: no rule of \`rewrite\` says what takes the place of ${east}, ${metadata.dns_name} in the secondary`,
      );
      expect(fateOf(report, 'secret-acl/scope:kv')).toContain(
        'blocked: needs secret-scope/kv: blocked: no rule',
      );
    }, 60_000);

    it('are refused in the words of the platform where the app has no token of Entra ID', async () => {
      const { report } = await refresh({ pair: mapped });

      expect(fateOf(report, 'secret-scope/kv')).toContain('userAADToken');
    }, 60_000);

    it('are looked for in the paired vault, and never put there', async () => {
      const central = {
        resource_id: east.replace('kv-east', 'kv-central'),
        dns_name: 'https://kv-central.vault.azure.net/',
      };
      // As the app would have done with a token of Entra ID.
      const vault = { scope_backend_type: 'AZURE_KEYVAULT', backend_azure_keyvault: central };
      post(rig.secondary, `${api}/scopes/create`, { scope: 'kv', ...vault });

      const before = await refresh({ pair: mapped });
      vaultOf(rig.secondary).putInVault(central.dns_name, 'pw', 'central');
      const after = await refresh({ pair: mapped });

      expect(fateOf(before.report, 'secret/kv/pw')).toBe(
        'blocked: value must be set in the key vault of its scope: the secondary does not have it',
      );
      expect(after.report.outcomes.filter(({ outcome }) => outcome !== 'skipped')).toEqual([]);
      expect(after.report.run.status).toBe('succeeded');
      expect(after.writes).toEqual([]);
    }, 60_000);
  });
});

function emptyRules() {
  return { storageHosts: {}, keyVaults: {}, nodeTypes: {}, urls: {}, owners: {} };
}
