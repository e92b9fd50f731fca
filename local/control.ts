import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { z } from 'zod';
import { type SideName, sides } from './world-record';

/** `GET /local/world`: where everything is while the world runs. */
export interface WorldFacts {
  /** Absent with `--config`: real workspaces keep their tokens to themselves. */
  readonly workspaces?: Readonly<
    Record<SideName, { readonly region: string; readonly url: string; readonly token: string }>
  >;
  readonly storage: { readonly url: string; readonly account: string; readonly key: string };
  readonly app: string;
  readonly pids: { readonly host: number; readonly world: number };
}

export interface ControlOptions {
  /** Undefined while it starts. */
  readonly facts: () => WorldFacts | undefined;
  /** Absent: there is no emulated region that could fail. */
  readonly setDark?: (side: SideName, on: boolean) => void;
}

export interface Control {
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

const outageSchema = z.strictObject({ side: z.enum(sides), on: z.boolean() });

/** The world's side of `/local/…`: the app host, another process, passes the requests on to here. */
export async function startControl(options: ControlOptions): Promise<Control> {
  const server = createServer((request, response) => {
    respond(options, request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => close(server) };
}

async function respond(
  options: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { status, json } = answer(
    options,
    `${request.method} ${request.url}`,
    Buffer.concat(chunks).toString(),
  );
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(json));
}

function answer({ facts, setDark }: ControlOptions, route: string, body: string): Answer {
  if (route === 'GET /local/world') return { status: facts() ? 200 : 503, json: facts() ?? {} };
  if (route !== 'POST /local/outage') return { status: 404, json: { message: `no ${route}` } };
  if (setDark === undefined) return { status: 409, json: { message: 'no region is emulated here' } };
  const outage = outageSchema.safeParse(parse(body));
  if (!outage.success) return { status: 400, json: { message: z.prettifyError(outage.error) } };
  setDark(outage.data.side, outage.data.on);
  return { status: 200, json: outage.data };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
