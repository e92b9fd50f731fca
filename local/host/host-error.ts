/** A fault that the host reports to its caller; `status` is the HTTP status when it answers a request. */
export class HostError extends Error {
  override readonly name = 'HostError';
  constructor(
    message: string,
    readonly status = 500,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
