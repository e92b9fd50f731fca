import type { HttpRequest } from '@azure/functions';
import { DrError } from '../../shared/domain/errors';

/** Of any request but an alert. */
export const maxBodyBytes = 1024 ** 2;
/** Azure Monitor sends at most this. */
export const maxAlertBytes = 256 * 1024;

/** The JSON that came with a request; nothing at all counts as `{}`. Throws DR_REQUEST_TOO_LARGE or DR_REQUEST_MALFORMED. */
export async function readBody(request: HttpRequest, maxBytes = maxBodyBytes): Promise<unknown> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new DrError('DR_REQUEST_MALFORMED', 'cannot read the body: it is not JSON in UTF-8');
  }
}

function tooLarge(maxBytes: number): DrError {
  return new DrError('DR_REQUEST_TOO_LARGE', `cannot take the body: it is larger than ${maxBytes} bytes`);
}
