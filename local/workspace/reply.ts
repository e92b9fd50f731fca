import { ApiError, type Answer } from './area';

/** An answer as it goes out. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

export function makeReply(perform: () => Answer, workspaceId: string): Reply {
  try {
    return replyOf(perform(), workspaceId);
  } catch (error) {
    return makeRefusal(error, workspaceId);
  }
}

/** Anything but an ApiError is a fault of the emulation: 500, with its stack. */
export function makeRefusal(error: unknown, workspaceId: string): Reply {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const known = error instanceof ApiError ? error : new ApiError(500, 'INTERNAL_ERROR', text);
  const reply = replyOf({ status: known.status, json: known.body() }, workspaceId);
  return known.status === 429 ? { ...reply, headers: { ...reply.headers, 'retry-after': '1' } } : reply;
}

function replyOf(answer: Answer, workspaceId: string): Reply {
  const bytes = answer.bytes ?? Buffer.from(JSON.stringify(answer.json ?? {}));
  return {
    status: answer.status ?? 200,
    headers: {
      'content-type': answer.bytes ? 'application/octet-stream' : 'application/json',
      'content-length': String(bytes.length),
      'x-databricks-org-id': workspaceId,
    },
    bytes,
  };
}
