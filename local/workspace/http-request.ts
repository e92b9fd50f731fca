import { type IncomingMessage } from 'node:http';
import { ApiError, type Call, type Caller } from './area';

export interface HttpRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly path: string;
  readonly query: string;
  readonly bytes: Buffer;
}

export async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const bytes = hasBody(incoming) ? await readBody(incoming) : Buffer.alloc(0);
  return { method: incoming.method ?? 'GET', url, path, query, bytes };
}

/** A call as handlers see it. The body is parsed when it is asked for: a raw upload never is. */
export class HttpCall implements Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly bytes: Buffer;

  constructor(
    request: HttpRequest,
    readonly params: Readonly<Record<string, string>>,
    readonly caller: Caller,
  ) {
    this.method = request.method;
    this.path = request.path;
    this.query = new URLSearchParams(request.query);
    this.bytes = request.bytes;
  }

  get body(): Readonly<Record<string, unknown>> {
    return parseBody(this.bytes);
  }
}

export function parseBody(bytes: Buffer): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {};
  try {
    const body: unknown = JSON.parse(bytes.toString());
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new ApiError(400, 'MALFORMED_REQUEST', 'Invalid JSON given in the body of the request.');
}

function hasBody(incoming: IncomingMessage): boolean {
  return Boolean(Number(incoming.headers['content-length'])) || 'transfer-encoding' in incoming.headers;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
