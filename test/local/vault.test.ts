import type { SecretClient } from '@azure/keyvault-secrets';
import { localCredential, type LocalVault, startVault, vaultHttpClient } from '../../local/vault';
import { makeSecrets } from '../../shared/databricks/token';

const address = 'https://dr-vault.vault.azure.net';

describe('the vault stand-in', () => {
  let vault: LocalVault;
  let secrets: SecretClient;

  beforeEach(async () => {
    vault = await startVault({ secrets: { primary: 'one' } });
    secrets = makeSecrets(address, localCredential, vaultHttpClient(address, vault.url));
  });
  afterEach(() => vault.close());

  it('answers the real client behind its challenge', async () => {
    expect((await secrets.getSecret('primary')).value).toBe('one');
    expect(vault.requests).toEqual(['GET secrets/primary']);
  });

  it('keeps what is set from either side', async () => {
    await secrets.setSecret('secondary', 'two');
    vault.set('primary', 'three');

    expect((await secrets.getSecret('secondary')).value).toBe('two');
    expect((await secrets.getSecret('primary')).value).toBe('three');
  });

  it('lists names without values', async () => {
    const names: string[] = [];

    for await (const each of secrets.listPropertiesOfSecrets()) names.push(each.name);

    expect(names).toEqual(['primary']);
  });

  it('says 404 for a secret that does not exist', async () => {
    await expect(secrets.getSecret('none')).rejects.toMatchObject({
      statusCode: 404,
      code: 'SecretNotFound',
    });
  });

  it('answers nothing while it is down, and all again afterwards', async () => {
    vault.setDown(true);
    await expect(secrets.getSecret('primary')).rejects.toMatchObject({ code: 'ECONNRESET' });

    vault.setDown(false);
    expect((await secrets.getSecret('primary')).value).toBe('one');
  });

  it('refuses a port that is taken', async () => {
    const port = Number(new URL(vault.url).port);

    await expect(startVault({ secrets: {}, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
