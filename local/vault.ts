import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TokenCredential } from '@azure/identity';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';

export interface VaultOptions {
  readonly secrets: Readonly<Record<string, string>>;
  /** @default 0, any */
  readonly port?: number;
}

/** A stand-in for the secrets of one Key Vault. */
export interface LocalVault {
  readonly url: string;
  /** What was asked, e.g. `GET secrets/token`; the questions answered by the challenge are not in it. */
  readonly requests: readonly string[];
  set(name: string, value: string): void;
  /** Down: every connection is cut without an answer. */
  setDown(on: boolean): void;
  close(): Promise<void>;
}

interface Secret {
  readonly value: string;
  readonly version: number;
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly challenge?: string;
}

/** What a real vault answers first: where to get a token. The client refuses a vault that does not ask so. */
const challenge =
  'Bearer authorization="https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000", resource="https://vault.azure.net"';

export async function startVault(options: VaultOptions): Promise<LocalVault> {
  const secrets = new Map<string, Secret>();
  const requests: string[] = [];
  let down = false;

  function set(name: string, value: string): void {
    secrets.set(name, { value, version: (secrets.get(name)?.version ?? 0) + 1 });
  }
  async function answer(request: IncomingMessage): Promise<Answer> {
    if (!request.headers.authorization)
      return { status: 401, body: problem('Unauthorized', 'no token'), challenge };
    const { pathname } = new URL(request.url ?? '/', url);
    const [area, name] = pathname.split('/').filter(Boolean);
    requests.push(`${request.method} ${[area, name].filter(Boolean).join('/')}`);
    if (area !== 'secrets') return { status: 400, body: problem('BadParameter', pathname) };
    if (!name) return { status: 200, body: { value: [...secrets].map((each) => listed(url, ...each)) } };
    if (request.method === 'PUT') set(name, await valueOf(request));
    const secret = secrets.get(name);
    if (!secret) return { status: 404, body: problem('SecretNotFound', name) };
    return { status: 200, body: { ...listed(url, name, secret), value: secret.value } };
  }

  for (const [name, value] of Object.entries(options.secrets)) set(name, value);
  const server = createServer((request, response) => {
    if (down) request.socket.destroy();
    else
      void answer(request).then((made) => {
        send(response, made);
      });
  });
  const url = await listen(server, options.port ?? 0);
  return { url, requests, set, setDown: (on) => (down = on), close: () => close(server) };
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** The client that sends what is addressed to the vault `from` to the stand-in `to`; checks before it still see the real address. */
export function vaultHttpClient(from: string, to: string): HttpClient {
  const client = createDefaultHttpClient();
  const real = new URL(from).origin;
  return {
    async sendRequest(request) {
      const { url } = request;
      request.url = url.startsWith(`${real}/`) ? to + url.slice(real.length) : url;
      request.allowInsecureConnection = true;
      try {
        return await client.sendRequest(request);
      } finally {
        request.url = url;
      }
    },
  };
}

/** Any token will do for the stand-in. */
export const localCredential: TokenCredential = {
  getToken: () => Promise.resolve({ token: 'local', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

function listed(url: string, name: string, { version }: Secret) {
  const id = `${url}/secrets/${name}/${String(version).padStart(32, '0')}`;
  return { id, attributes: { enabled: true, recoveryLevel: 'Recoverable+Purgeable' } };
}

function problem(code: string, message: string) {
  return { error: { code, message } };
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    ...(answer.challenge && { 'www-authenticate': answer.challenge }),
  });
  response.end(JSON.stringify(answer.body));
}

async function valueOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return (JSON.parse(Buffer.concat(chunks).toString()) as { value: string }).value;
}
