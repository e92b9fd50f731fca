import { ApiError, type Caller } from './area';

/** Bearer tokens of a workspace and who they stand for. */
export class TokenBook {
  private readonly callers = new Map<string, Caller>();

  constructor(tokens: Readonly<Record<string, Caller>>) {
    for (const [token, caller] of Object.entries(tokens)) this.callers.set(token, caller);
  }

  all(): Caller[] {
    return [...this.callers.values()];
  }

  find(authorization: string | undefined): Caller | undefined {
    const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
    const caller = token === undefined ? undefined : this.callers.get(token);
    // Entra ID gives JSON web tokens; those of the workspace begin with dapi.
    return caller && token?.startsWith('eyJ') === true ? { ...caller, entra: true } : caller;
  }

  /** Throws the documented refusals: 401 without a known token, 403 for somebody who was deactivated. */
  check(
    authorization: string | undefined,
    caller: Caller | undefined,
    isActive: (name: string) => boolean,
  ): Caller {
    if (authorization === undefined)
      throw new ApiError(401, 'UNAUTHENTICATED', 'Credential was not sent or was of an unsupported type.');
    if (!caller) throw new ApiError(401, 'UNAUTHENTICATED', 'Invalid access token.');
    if (!isActive(caller.name)) throw new ApiError(403, 'PERMISSION_DENIED', `${caller.name} is not active.`);
    return caller;
  }
}

export function requireAdmin(caller: Caller): void {
  if (!caller.admin) throw new ApiError(403, 'PERMISSION_DENIED', 'Only administrators can do this.');
}
