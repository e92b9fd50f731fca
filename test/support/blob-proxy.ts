import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';

/** What an endpoint does to a request instead of passing it on; `afterwards` faults let the storage do its work first. */
export type BlobFault =
  'hang' | 'reset' | 'unavailable' | 'missing' | 'cutOff' | 'stall' | 'resetAfterwards' | 'hangAfterwards';

export interface BlobRequest {
  readonly method: string;
  /** The blob's path inside its container. */
  readonly path: string;
}

/** One endpoint of the storage account, with the faults that are switched on. */
export interface BlobEndpoint {
  readonly url: string;
  /** Requests that arrived. */
  readonly seen: BlobRequest[];
  /** The fault of each request; undefined passes it on. */
  fault: (request: BlobRequest) => BlobFault | undefined;
}

export interface BlobProxy {
  readonly primary: BlobEndpoint;
  readonly secondary: BlobEndpoint;
  close(): Promise<void>;
}

/** Two endpoints before one blob service, as a geo-redundant account has them. */
export async function startBlobProxy(serviceUrl: string): Promise<BlobProxy> {
  const primary = await startEndpoint(serviceUrl);
  const secondary = await startEndpoint(serviceUrl);
  return {
    primary: primary.endpoint,
    secondary: secondary.endpoint,
    async close() {
      await Promise.all([stop(primary.server), stop(secondary.server)]);
    },
  };
}

/** A fault for the first `times` requests that `matches`. */
export function faultOnce(
  fault: BlobFault,
  matches: (request: BlobRequest) => boolean = () => true,
  times = 1,
): BlobEndpoint['fault'] {
  let left = times;
  return (request) => (matches(request) && left-- > 0 ? fault : undefined);
}

async function startEndpoint(serviceUrl: string): Promise<{ server: Server; endpoint: BlobEndpoint }> {
  const { origin, pathname } = new URL(serviceUrl);
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '' } = incoming;
    const path = decodeURIComponent(new URL(url, origin).pathname).split('/').slice(3).join('/');
    const seen = { method, path };
    endpoint.seen.push(seen);
    answer(endpoint.fault(seen), origin, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint: BlobEndpoint = {
    url: `http://127.0.0.1:${port}${pathname}`,
    seen: [],
    fault: () => undefined,
  };
  return { server, endpoint };
}

function answer(
  fault: BlobFault | undefined,
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  if (fault === 'hang') return;
  if (fault === 'reset') outgoing.destroy();
  else if (fault === 'unavailable') refuse(outgoing, 503, 'ServerBusy');
  else if (fault === 'missing') refuse(outgoing, 404, 'BlobNotFound');
  else passOn(origin, incoming, outgoing, fault);
}

function refuse(outgoing: ServerResponse, status: number, code: string): void {
  outgoing.writeHead(status, { 'x-ms-error-code': code, 'content-type': 'application/xml' });
  outgoing.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function passOn(
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: BlobFault | undefined,
): void {
  const { method, headers, url = '' } = incoming;
  const inner = request(new URL(url, origin), { ...(method ? { method } : {}), headers }, (response) => {
    if (fault === 'resetAfterwards') outgoing.destroy();
    else if (fault !== 'hangAfterwards') relay(response, outgoing, fault);
    response.resume();
  });
  inner.on('error', () => outgoing.destroy());
  incoming.pipe(inner);
}

function relay(response: IncomingMessage, outgoing: ServerResponse, fault: BlobFault | undefined): void {
  outgoing.writeHead(response.statusCode ?? 500, response.headers);
  if (fault === undefined) response.pipe(outgoing);
  else sendHalf(response, outgoing, fault === 'cutOff');
}

/** The first bytes of a body, then the end of the connection or silence. */
function sendHalf(body: Readable, outgoing: ServerResponse, cutOff: boolean): void {
  body.once('data', (chunk: Buffer) => {
    outgoing.write(chunk.subarray(0, Math.floor(chunk.length / 2)), () => {
      if (cutOff) outgoing.destroy();
    });
  });
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
