import { readFileSync } from 'node:fs';
import type { TokenCredential } from '@azure/identity';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { StorageSharedKeyCredential } from '@azure/storage-blob';
import type { Deadlines } from './databricks/request';

/** The endpoints of the world on a laptop, as its process wrote them into the file that `DR_LOCAL` names. */
export interface LocalWorld {
  readonly storage: { readonly account: string; readonly key: string; readonly secondaryUrl?: string };
  /** The stand-in that answers for `DR_KEY_VAULT_URL`; absent with a real vault. */
  readonly vaultUrl?: string;
  /** The workspaces are real: the app signs in as this machine may (`az login`). @default a stand-in that any workspace of the world takes */
  readonly identity?: 'azure';
  readonly limits: 'documented' | 'off';
  readonly deadlines?: Partial<Deadlines>;
  /** Patience of one probe (ms). */
  readonly probeMs?: number;
}

export function readLocalWorld(file: string): LocalWorld {
  return JSON.parse(readFileSync(file, 'utf8')) as LocalWorld;
}

/** Shared key access, as the storage emulator has it; in Azure the app uses its managed identity. */
export function storageKeyOf({ storage }: LocalWorld): StorageSharedKeyCredential {
  return new StorageSharedKeyCredential(storage.account, storage.key);
}

/** Sends what is addressed to the vault `from` to the stand-in `to`; every check before it still sees the real address. */
export function redirectingClient(from: string, to: string): HttpClient {
  const client = createDefaultHttpClient();
  const origin = new URL(from).origin;
  return {
    async sendRequest(request) {
      const { url } = request;
      request.url = url.startsWith(`${origin}/`) ? to + url.slice(origin.length) : url;
      request.allowInsecureConnection = true;
      try {
        return await client.sendRequest(request);
      } finally {
        request.url = url;
      }
    },
  };
}

/** The stand-in takes any token. */
export function localCredential(now: () => number): TokenCredential {
  return { getToken: () => Promise.resolve({ token: 'local', expiresOnTimestamp: now() + 3_600_000 }) };
}
