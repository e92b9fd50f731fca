import { gunzipSync, gzipSync } from 'node:zlib';
import { DrError } from '../domain/errors';

/** Offset of the byte in the header that names the operating system. */
const osByte = 9;
const unknownOs = 255;

/** Gzip that is the same on every operating system. */
export function gzip(data: string | Buffer): Buffer {
  const bytes = gzipSync(data);
  bytes[osByte] = unknownOs;
  return bytes;
}

/** DR_BODY_CORRUPT when it is damaged, or grows beyond the limit. */
export function gunzip(what: string, bytes: Buffer, maxBytes: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    throw new DrError('DR_BODY_CORRUPT', `cannot unpack ${what}: it is damaged or too large`, {}, { cause });
  }
}
