/** Who is calling: found by the bearer token, or named by the estate when it fills a workspace. */
export interface Caller {
  /** userName of a user, application id of a service principal. */
  readonly name: string;
  readonly servicePrincipal: boolean;
  readonly admin: boolean;
  /** The token is one of Microsoft Entra ID, not of the workspace. */
  readonly entra?: boolean;
}

/** One request as an area sees it: authenticated, counted, body parsed. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** Values of `{name}` segments of the route, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON body; `{}` when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The raw body. */
  readonly bytes: Buffer;
  readonly caller: Caller;
  /** The estate fills the workspace in process: size limits and quotas do not apply. */
  readonly inProcess?: boolean;
}

/** What an area answers; 200 and `{}` unless said otherwise. */
export interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly bytes?: Buffer;
}

export type Handler = (call: Call) => Answer;

/** One part of the workspace API: its routes, and what it does as time goes by. */
export interface Area {
  readonly name: string;
  /** `'GET /api/2.1/clusters/list'`, `'GET /api/2.0/permissions/{type}/{id}'`; `{path*}` takes the rest with its slashes. */
  readonly routes: Readonly<Record<string, Handler>>;
  /** Does what is due at `nowMs`: cluster states, job runs, schedules. Called often while the region is lit, never while it is dark. */
  tick?(nowMs: number): void;
}

/** Thrown by handlers: becomes the documented error body `{ error_code, message, details? }`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly errorCode: string,
    message: string,
    readonly details?: readonly object[],
  ) {
    super(message);
  }

  /** The body of the answer; other shapes of error (SCIM) override it. */
  body(): object {
    const { errorCode, message, details } = this;
    return { error_code: errorCode, message, ...(details && { details }) };
  }
}

/** The object types of the permissions API that areas announce, with their parents for inheritance. */
export interface SecurableCreated {
  /** As in the path of the permissions API: `jobs`, `clusters`, `notebooks`, `directories`, … */
  readonly type: string;
  readonly id: string;
  readonly creator: Caller;
  /** The directory whose entries it inherits (tree objects only). */
  readonly parent?: { readonly type: string; readonly id: string };
}

/** What a workspace offers to its areas. */
export interface Core {
  readonly name: string;
  /** The area's own state: plain JSON (no Map, no Date), made once, saved and loaded with the workspace. A property may be a record of Buffers. */
  section<T extends object>(name: string, initial: () => T): T;
  nowMs(): number;
  /** A fresh number, unique in this workspace, never reused, also after loading. */
  nextNumber(): number;
  /** The area of a name, for calls between areas; throws when it does not exist. */
  area<A extends Area>(name: string): A;
  securableCreated(created: SecurableCreated): void;
  securableRemoved(type: string, id: string): void;
}
