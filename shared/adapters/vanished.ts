import type { Stub } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';

/** What `read` gives. Throws DR_ASSET_VANISHED when the platform says that there is no such asset. */
export async function orVanished<T>(what: string, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (!hasCode(error, 'DR_API_NOT_FOUND')) throw error;
    throw new DrError('DR_ASSET_VANISHED', `cannot read ${what}: it is gone`, error.details, {
      cause: error,
    });
  }
}

/** The body that came with the listing, for kinds that cannot be read one by one. Throws DR_ASSET_VANISHED when it was not listed. */
export function listedBody<Body extends object>(kind: string, stub: Stub): Promise<Body> {
  if (stub.body !== undefined) return Promise.resolve(stub.body as Body);
  return Promise.reject(new DrError('DR_ASSET_VANISHED', `cannot read ${kind}/${stub.id}: it is not listed`));
}

/** What `read` gives; undefined where the workspace has no such API. */
export async function unlessMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (!hasCode(error, 'DR_API_FEATURE_DISABLED', 'DR_API_NOT_FOUND')) throw error;
    return undefined;
  }
}
