import { inspect } from 'node:util';
import { localCredential, startVault, vaultHttpClient } from '../../local/vault';
import { makeSecrets, makeVaultToken } from '../../shared/databricks/token';
import {
  cutOff,
  hang,
  json,
  reset,
  type Script,
  startScriptedServer,
  text,
} from '../support/scripted-server';
import { makeTestClient } from '../support/workspace-client';

const address = 'https://dr-vault.vault.azure.net';
/** Like no known token, so that only care keeps it in. */
const canary = 'k4n4ri-3f9c1e';

describe('the token of a workspace', () => {
  it('is in no error, answer, log line or inspected value, whatever the workspace does', async () => {
    const vault = await startVault({ secrets: { token: canary } });
    const secrets = makeSecrets(address, localCredential, vaultHttpClient(address, vault.url));
    const client = makeTestClient({ probeMs: 40, deadlines: { idleMs: 40, totalMs: 80 } });
    const token = makeVaultToken(secrets, 'token', client.clock.now);
    const echo = `token ${canary} is not valid`;
    const scripts: Script[] = [
      json({ error_code: 'PERMISSION_DENIED', message: echo }, 403),
      json({ error_code: canary, message: echo }, 400),
      json({ error_code: 'UNAUTHENTICATED', message: echo }, 401),
      json({ schemas: [], detail: echo, status: canary }, 400),
      text(`<html><pre>${'x'.repeat(480)} ${echo}</pre></html>`, 502),
      text(`CODE: ${echo}`, 400),
      text('', 302, { location: `/login?token=${canary}` }),
      json({ error_code: 'X', message: echo }, 429, { 'retry-after': canary }),
      text(`{ "half": "${canary}`),
      reset(),
      hang(),
      cutOff(`{"a": "${canary}`),
    ];
    const server = await startScriptedServer();
    const target = { pair: 'analytics', side: 'primary', url: server.url, token } as const;
    const workspace = client.workspaces.open(target, { retry: { maxFailures: 2, budgetMs: 5_000 } });
    const shown: unknown[] = [token, target, workspace, client.workspaces];

    for (const script of scripts) {
      server.play(script);
      shown.push(await failure(() => workspace.get('/api/2.1/clusters/list')));
      shown.push(await failure(() => workspace.post('/api/2.1/clusters/create', {})));
      shown.push(await client.workspaces.probe(target));
    }
    vault.setDown(true);
    token.invalidate();
    shown.push(await failure(() => workspace.get('/api/2.1/clusters/list')));

    const inspected = shown.map((one) => inspect(one, { depth: 20, showHidden: true }) + String(one));
    const serialised = shown.map((one) => JSON.stringify(one));
    const errors = shown.filter((one): one is Error => one instanceof Error);
    expect(errors).toHaveLength(2 * scripts.length + 1);
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${canary}`);
    expect(client.lines.length).toBeGreaterThan(0);
    for (const one of [...inspected, ...serialised, ...errors.map(({ stack }) => stack), ...client.lines])
      expect(one).not.toContain(canary);
    await Promise.all([client.workspaces.close(), server.close(), vault.close()]);
  });
});

describe('a body that is confidential', () => {
  it('is in no error and no log line, whatever quotes it', async () => {
    const client = makeTestClient();
    const server = await startScriptedServer();
    const token = { token: () => Promise.resolve('t'), invalidate: () => undefined };
    const target = { pair: 'analytics', side: 'secondary', url: server.url, token } as const;
    const workspace = client.workspaces.open(target, { retry: { maxFailures: 2, budgetMs: 5_000 } });
    const options = { repeatable: true, confidential: true };
    const echo = `cannot set ${canary}`;
    const scripts: Script[] = [
      json({ error_code: 'INVALID_PARAMETER_VALUE', message: echo }, 400),
      json({ error_code: 'INTERNAL_ERROR', message: echo }, 500),
      json({ error_code: 'X', message: echo }, 429),
      text(`<html><pre>${echo}</pre></html>`, 502),
    ];
    const errors: unknown[] = [];

    for (const script of scripts) {
      server.play(script);
      errors.push(await failure(() => workspace.post('/api/2.0/secrets/put', { canary }, options)));
    }

    await Promise.all([client.workspaces.close(), server.close()]);
    const told = errors.map((error) => inspect(error, { depth: 20, showHidden: true }) + String(error));
    expect(errors.filter((error) => error instanceof Error)).toHaveLength(scripts.length);
    expect(client.lines.length).toBeGreaterThan(0);
    for (const one of [...told, ...client.lines]) expect(one).not.toContain(canary);
  });
});

async function failure(work: () => Promise<unknown>): Promise<unknown> {
  return work().catch((error: unknown) => error);
}
