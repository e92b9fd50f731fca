import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type Script = (seen: Seen, response: ServerResponse) => void | Promise<void>;

/** A real server on loopback that answers with one script after the other; the last one stays. */
export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  play(...scripts: Script[]): void;
  close(): Promise<void>;
}

export async function startScriptedServer(...first: Script[]): Promise<ScriptedServer> {
  let scripts = first;
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body });
      const script = scripts.length > 1 ? scripts.shift() : scripts[0];
      return script?.(seen.at(-1)!, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    play(...next) {
      scripts = next;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Script {
  return (_seen, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

export function text(body: string, status = 200, headers: Record<string, string> = {}): Script {
  return (_seen, response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers });
    response.end(body);
  };
}

/** Never answers. */
export function hang(): Script {
  return () => undefined;
}

/** Cuts the connection without an answer. */
export function reset(): Script {
  return (_seen, response) => {
    response.destroy();
  };
}

/** Says that more will come than comes. */
export function cutOff(body = '{"clusters": ['): Script {
  return (_seen, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write(body, () => response.destroy());
  };
}

/** Headers and the first bytes, then nothing. */
export function stall(): Script {
  return (_seen, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{');
  };
}

/** A few bytes again and again, without an end. */
export function trickle(everyMs: number): Script {
  return (_seen, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), everyMs);
    response.on('close', () => {
      clearInterval(timer);
    });
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
