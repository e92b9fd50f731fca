import { inspect } from 'node:util';
import type { AccessToken, TokenCredential } from '@azure/identity';
import { localCredential, type LocalVault, startVault, vaultHttpClient } from '../../local/vault';
import {
  CachedToken,
  makeIdentityToken,
  makeSecrets,
  makeVaultToken,
  type TokenProvider,
} from '../../shared/databricks/token';

const address = 'https://dr-vault.vault.azure.net';
const minute = 60_000;

describe('a token in a vault', () => {
  let vault: LocalVault;
  let provider: TokenProvider;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = 0;
    vault = await startVault({ secrets: { primary: 'one\n', empty: ' ' } });
    provider = tokenOf('primary');
  });
  afterEach(() => vault.close());

  function tokenOf(name: string): TokenProvider {
    const secrets = makeSecrets(address, localCredential, vaultHttpClient(address, vault.url));
    return makeVaultToken(secrets, name, () => nowMs);
  }

  it('is fetched once for everybody who waits, without the line end of the file it came from', async () => {
    const tokens = await Promise.all([provider.token(), provider.token(), provider.token()]);

    expect(tokens).toEqual(['one', 'one', 'one']);
    expect(vault.requests).toHaveLength(1);
  });

  it('is kept for five minutes and no longer', async () => {
    await provider.token();
    vault.set('primary', 'two');

    nowMs = 5 * minute - 1;
    await expect(provider.token()).resolves.toBe('one');
    nowMs = 5 * minute;
    await expect(provider.token()).resolves.toBe('two');
  });

  it('is fetched anew after the workspace refused it', async () => {
    await provider.token();
    vault.set('primary', 'two');

    provider.invalidate();

    await expect(provider.token()).resolves.toBe('two');
  });

  it('stays in use while the vault is down, and the vault is not asked at every call', async () => {
    await provider.token();
    vault.setDown(true);

    nowMs = 60 * minute;
    await expect(provider.token()).resolves.toBe('one');
    vault.set('primary', 'two');
    vault.setDown(false);
    await expect(provider.token()).resolves.toBe('one');
    nowMs += minute;
    await expect(provider.token()).resolves.toBe('two');
  });

  it('cannot be had from a vault that is down', async () => {
    vault.setDown(true);

    await expect(provider.token()).rejects.toMatchObject({ code: 'DR_AUTH_UNAVAILABLE', retryable: true });
  });

  it('is not used again after it was refused, not even while the vault is down', async () => {
    await provider.token();
    provider.invalidate();
    vault.setDown(true);

    await expect(provider.token()).rejects.toMatchObject({ code: 'DR_AUTH_UNAVAILABLE' });
  });

  it.each(['none', 'empty'])('is missing when the secret is: %s', async (name) => {
    await expect(tokenOf(name).token()).rejects.toMatchObject({
      code: 'DR_AUTH_NO_SECRET',
      message: expect.stringContaining(name),
    });
  });

  it('is asked for again after a failure', async () => {
    vault.setDown(true);
    await provider.token().catch(() => undefined);
    vault.setDown(false);

    await expect(provider.token()).resolves.toBe('one');
  });
});

describe('a token of an identity', () => {
  let asked: (string | string[])[];
  let answers: (AccessToken | Error | null)[];
  let nowMs: number;
  const credential: TokenCredential = {
    getToken(scope) {
      asked.push(scope);
      const answer = answers.shift() ?? null;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const provider = () => makeIdentityToken(credential, () => nowMs);

  beforeEach(() => {
    asked = [];
    nowMs = 0;
    answers = [
      { token: 'one', expiresOnTimestamp: 60 * minute },
      { token: 'two', expiresOnTimestamp: 120 * minute },
    ];
  });

  it('is for Azure Databricks and renewed five minutes before it expires', async () => {
    const one = provider();

    await one.token();
    nowMs = 55 * minute - 1;
    await expect(one.token()).resolves.toBe('one');
    nowMs = 55 * minute;
    await expect(one.token()).resolves.toBe('two');

    const scope = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default';
    expect(asked).toEqual([scope, scope]);
  });

  it('stays in use until it expires while no other can be had', async () => {
    const one = provider();
    await one.token();
    answers = [new Error('down'), new Error('down')];

    nowMs = 59 * minute;
    await expect(one.token()).resolves.toBe('one');
    nowMs = 60 * minute;
    await expect(one.token()).rejects.toMatchObject({ code: 'DR_AUTH_UNAVAILABLE' });
  });

  it('cannot be had without an identity', async () => {
    answers = [null];

    await expect(provider().token()).rejects.toMatchObject({ code: 'DR_AUTH_UNAVAILABLE' });
  });
});

describe('a token in memory', () => {
  it('shows itself to nobody who does not ask for it', async () => {
    const held = { value: 'canary-1', renewAtMs: 1, expiresAtMs: 1 };
    const provider = new CachedToken(
      () => Promise.resolve(held),
      () => 0,
    );
    await provider.token();

    const shown = [String(provider), JSON.stringify({ provider }), inspect({ provider }, { depth: 9 })];

    expect(shown.join()).not.toContain('canary');
    expect(shown.every((text) => text.includes('[redacted]'))).toBe(true);
  });
});
