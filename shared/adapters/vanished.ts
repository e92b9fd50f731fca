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
