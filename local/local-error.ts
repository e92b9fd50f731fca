/** Ends `npm start` with one line and an exit code: 2 for what was asked for wrongly, 1 for what went wrong. */
export class LocalError extends Error {
  override readonly name = 'LocalError';
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}

/** The option was used wrongly. */
export function usageError(message: string): LocalError {
  return new LocalError(message, 2);
}

/** `ENOENT`, `EADDRINUSE`, …; for what has none, its message. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return typeof code === 'string' ? code : String(message);
}
