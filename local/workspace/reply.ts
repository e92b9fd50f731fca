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
    if (error instanceof ApiError) return refusal(error, workspaceId);
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return refusal(new ApiError(500, 'INTERNAL_ERROR', message), workspaceId);
  }
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

function refusal(error: ApiError, workspaceId: string): Reply {
  const reply = replyOf({ status: error.status, json: error.body() }, workspaceId);
  return error.status === 429 ? { ...reply, headers: { ...reply.headers, 'retry-after': '1' } } : reply;
}
