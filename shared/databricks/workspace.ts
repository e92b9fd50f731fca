import type { Side } from '../domain/asset';
import type { KindOptions } from '../domain/mounts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** How often the workspace was called on behalf of one piece of work. */
export interface RequestCounts {
  calls: number;
  /** Calls that change something (POST, PUT, PATCH, DELETE). */
  writes: number;
  /** Answers 429. */
  throttled: number;
}

export interface WriteOptions {
  /**
   * The call may be sent again although the first one may have had its effect (import with overwrite, reset, update, terminate).
   * False: after an ambiguous failure DR_API_AMBIGUOUS is thrown, and the caller looks whether it happened. @default false for POST, true else
   */
  readonly repeatable?: boolean;
  /** The body is secret, and an answer may quote it: its words are in no error and no log line. @default false */
  readonly confidential?: boolean;
}

/**
 * One Databricks workspace, as seen by one piece of work. Paths start with `/api/`; every call is authenticated, paced, retried
 * and counted; bodies are decoded. Failures are {@link DrError}s: `DR_API_<FACT>` with `details.status` and `details.errorCode`.
 */
export interface Workspace {
  readonly pair: string;
  readonly side: Side;
  readonly url: string;
  /** What the configuration says about single kinds. */
  readonly options: KindOptions;
  readonly counts: Readonly<RequestCounts>;
  get<T = Record<string, unknown>>(path: string, query?: Query): Promise<T>;
  /** A body of raw bytes (`direct_download=true`). */
  getBytes(path: string, query?: Query): Promise<Buffer>;
  post<T = Record<string, unknown>>(path: string, body: object, options?: WriteOptions): Promise<T>;
  /** Raw bytes as the request body (`application/octet-stream`), e.g. import-file. */
  postBytes<T = Record<string, unknown>>(
    path: string,
    body: Uint8Array,
    query?: Query,
    options?: WriteOptions,
  ): Promise<T>;
  put<T = Record<string, unknown>>(path: string, body: object): Promise<T>;
  patch<T = Record<string, unknown>>(path: string, body: object): Promise<T>;
  delete<T = Record<string, unknown>>(path: string, body?: object): Promise<T>;
  /** All rows of `field` over `next_page_token` pages; a page without the field is an empty page. */
  pages<T = Record<string, unknown>>(path: string, field: string, query?: Query): AsyncIterable<T>;
  /** All SCIM `Resources`, over startIndex (1-based) and count. */
  scim<T = Record<string, unknown>>(path: string, query?: Query): AsyncIterable<T>;
  /** `work` over `over`, a bounded number at a time (the pacer bounds the rate); results in order. The first failure ends it. */
  each<T, R>(over: readonly T[], work: (one: T) => Promise<R>): Promise<R[]>;
  /** The answer of `make`, made once in the life of this piece of work: kinds that share a listing share the calls. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>;
  /** Waits for work that the workspace does meanwhile (a run). Ends with the piece of work. */
  pause(ms: number): Promise<void>;
  /** Forgets every answer of {@link once}: it may be out of date. */
  forget(): void;
}
