import { DrError, type ErrorCode } from '../domain/errors';
import { redact } from '../domain/redact';

/** The HTTP status that the storage service answered, if it answered. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** True when the endpoint did not do its work: no answer, a broken one, or one that says "try again". */
export function isDown(error: unknown): boolean {
  if (error instanceof DrError) return error.code === 'DR_BLOB_UNAVAILABLE';
  const status = statusOf(error);
  return status === undefined || status === 408 || status === 429 || status >= 500 || status < 400;
}

const codes: Readonly<Record<number, ErrorCode>> = {
  401: 'DR_BLOB_FORBIDDEN',
  403: 'DR_BLOB_FORBIDDEN',
  404: 'DR_BLOB_MISSING',
  409: 'DR_BLOB_CONFLICT',
  412: 'DR_BLOB_CONFLICT',
  416: 'DR_BODY_CORRUPT',
};

/** What the service answered, as one of our errors. `attempted`: verb and blob, e.g. `read dr-state/pairs/a/claim.json`. */
export function blobError(attempted: string, error: unknown, facts: Record<string, unknown> = {}): DrError {
  const status = statusOf(error);
  const code = isDown(error) ? 'DR_BLOB_UNAVAILABLE' : (codes[status ?? 0] ?? 'DR_INTERNAL');
  const message = redact(`cannot ${attempted}: ${whatCame(error)}`);
  return new DrError(code, message, { ...facts, ...(status === undefined ? {} : { status }) });
}

/** Not the whole error: that carries the request with its headers, and the service's own text quotes the signature. */
function whatCame(error: unknown): string {
  const { code, message = 'no answer' } = (error ?? {}) as { code?: string; message?: string };
  const status = statusOf(error);
  return status === undefined ? message : `${status} ${code ?? ''}`.trimEnd();
}
