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
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
