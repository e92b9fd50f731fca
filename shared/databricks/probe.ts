import { type ApiCall, Connection, isReply } from './request';
import type { TokenProvider } from './token';

/** What one probe saw. */
export interface Health {
  readonly alive: boolean;
  /** For people: what each of the two calls came back with. */
  readonly detail: string;
  readonly millis: number;
}

export interface ProbeOptions {
  readonly now: () => number;
  readonly withinMs: number;
}

const frontDoor: ApiCall = { method: 'GET', path: '/', expects: 'bytes' };
const status: ApiCall = {
  method: 'GET',
  path: '/api/2.0/workspace/get-status',
  query: { path: '/' },
  expects: 'bytes',
};

/**
 * Two calls over fresh connections, so that names and certificates are checked again. The API decides: any answer below 500,
 * a refusal (401, 403, 429) too, is a sign of life. The unauthenticated front door is there to tell an outage of the API from a lost network.
 */
export async function probeWorkspace(
  url: URL,
  provider: TokenProvider,
  { now, withinMs }: ProbeOptions,
): Promise<Health> {
  const startedAtMs = now();
  const connection = new Connection(url, { connectMs: withinMs, idleMs: withinMs, totalMs: withinMs });
  try {
    const [front, api] = await Promise.all([
      knock(connection, frontDoor, undefined),
      tokenWithin(provider, withinMs / 2).then((token) => knock(connection, status, token)),
    ]);
    const detail = `get-status: ${api.saw}; front door: ${front.saw}`;
    return { alive: api.alive, detail, millis: now() - startedAtMs };
  } finally {
    await connection.close();
  }
}

async function knock(connection: Connection, call: ApiCall, token: string | undefined) {
  const result = await connection.send(call, token);
  return isReply(result)
    ? { alive: result.status < 500, saw: String(result.status) }
    : { alive: false, saw: result.message };
}

/** The vault may lie in the lost region: without a token a living workspace still answers, 401. */
async function tokenWithin(provider: TokenProvider, withinMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, withinMs, undefined);
  });
  try {
    return await Promise.race([provider.token().catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
