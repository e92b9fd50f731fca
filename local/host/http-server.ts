import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { HostError, messageOf } from './host-error';

export interface HostRequest {
  readonly method: string;
  readonly url: URL;
  /** Repeated ones joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HostAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: Buffer;
}

export type Handler = (request: HostRequest) => Promise<HostAnswer>;

/** As in Azure. */
const maxBodyBytes = 100 * 1024 * 1024;

export function jsonAnswer(
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
): HostAnswer {
  const body = json === undefined ? '' : JSON.stringify(json);
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(body),
  };
}

/** A server on the loopback interface that reads requests whole and answers them whole. */
export class HttpServer {
  private readonly server: Server;
  private handler: Handler = () => Promise.resolve({ status: 503 });

  constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) => {
        reject(new HostError(`cannot listen on port ${port}: ${error.message}`, 500, { cause: error }));
      });
      this.server.listen(port, '127.0.0.1', resolve);
    });
  }

  /** Until this is called every request is answered 503. */
  handleWith(handler: Handler): void {
    this.handler = handler;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.answer(request).catch(toError);
    if (response.destroyed) return;
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body?.length ?? 0 });
    response.end(answer.body);
  }

  private async answer(request: IncomingMessage): Promise<HostAnswer> {
    const target = `http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`;
    if (!URL.canParse(target)) return { status: 400 };
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]);
    return this.handler({
      method: request.method ?? 'GET',
      url: new URL(target),
      headers: Object.fromEntries(headers),
      body: await readBody(request),
    });
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxBodyBytes) throw new HostError('the body is too large', 413);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function toError(error: unknown): HostAnswer {
  return jsonAnswer(error instanceof HostError ? error.status : 500, { Message: messageOf(error) });
}
