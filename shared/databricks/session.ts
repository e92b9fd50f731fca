import { DrError } from '../domain/errors';
import type { Side } from '../domain/asset';
import { noKindOptions, type KindOptions } from '../domain/mounts';
import type { Caller, Site } from './caller';
import { isRecord } from './answer';
import type { ApiCall } from './request';
import type { Query, RequestCounts, Workspace, WriteOptions } from './workspace';

const atATime = 10;
/** The largest page that SCIM answers reliably; fewer, larger pages spare the lowest of all limits (255 a minute). */
const scimCount = 100;

/** A workspace as one piece of work sees it. */
export class WorkspaceSession implements Workspace {
  readonly pair: string;
  readonly side: Side;
  readonly url: string;
  readonly options: KindOptions;
  readonly #caller: Caller;
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(site: Site, caller: Caller) {
    this.pair = site.pair;
    this.side = site.side;
    this.url = site.url.origin;
    this.options = site.options ?? noKindOptions;
    this.#caller = caller;
  }

  get counts(): Readonly<RequestCounts> {
    return this.#caller.counts;
  }

  get<T>(path: string, query?: Query): Promise<T> {
    return this.#json<T>({ method: 'GET', path, ...(query && { query }) });
  }

  async getBytes(path: string, query?: Query): Promise<Buffer> {
    const call: ApiCall = { method: 'GET', path, expects: 'bytes', ...(query && { query }) };
    return (await this.#caller.call(call, true)) as Buffer;
  }

  post<T>(path: string, body: object, options?: WriteOptions): Promise<T> {
    const call = {
      method: 'POST',
      path,
      body,
      ...(options?.confidential && { confidential: true }),
    } as const;
    return this.#json<T>(call, options?.repeatable ?? false);
  }

  postBytes<T>(path: string, body: Uint8Array, query?: Query, options?: WriteOptions): Promise<T> {
    const call = { method: 'POST', path, body, ...(query && { query }) } as const;
    return this.#json<T>(call, options?.repeatable ?? false);
  }

  put<T>(path: string, body: object): Promise<T> {
    return this.#json<T>({ method: 'PUT', path, body });
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.#json<T>({ method: 'PATCH', path, body });
  }

  delete<T>(path: string, body?: object): Promise<T> {
    return this.#json<T>({ method: 'DELETE', path, ...(body && { body }) });
  }

  async *pages<T>(path: string, field: string, query: Query = {}): AsyncIterable<T> {
    let token: string | undefined;
    do {
      const page = await this.get<Record<string, unknown>>(path, { ...query, page_token: token });
      yield* this.#rows<T>(path, page, field);
      const next = page['next_page_token'];
      if (next !== undefined && next === token) throw this.#incomplete(path, 'it repeats a page token');
      token = typeof next === 'string' && next !== '' ? next : undefined;
    } while (token !== undefined);
  }

  async *scim<T>(path: string, query: Query = {}): AsyncIterable<T> {
    let received = 0;
    for (;;) {
      const asked = { ...query, startIndex: received + 1, count: scimCount };
      const page = await this.get<Record<string, unknown>>(path, asked);
      const rows = this.#rows<T>(path, page, 'Resources');
      const total = page['totalResults'];
      received += rows.length;
      yield* rows;
      if (rows.length > 0 && received !== total) continue;
      if (typeof total === 'number' && received < total)
        throw this.#incomplete(path, `${received} of ${total} came`);
      return;
    }
  }

  async each<T, R>(over: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    const left = over.entries();
    const failures: unknown[] = [];
    async function worker(): Promise<void> {
      for (const [at, one] of left) {
        if (failures.length > 0) return;
        try {
          results[at] = await work(one);
        } catch (error) {
          failures.push(error);
        }
      }
    }
    await Promise.all(Array.from({ length: Math.min(atATime, over.length) }, worker));
    if (failures.length > 0) throw failures[0];
    return results;
  }

  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = this.#made.get(name) as Promise<T> | undefined;
    if (made) return made;
    const making = make();
    this.#made.set(name, making);
    // Whoever asks after a failure tries again.
    making.catch(() => this.#made.delete(name));
    return making;
  }

  pause(ms: number): Promise<void> {
    return this.#caller.pause(ms);
  }

  forget(): void {
    this.#made.clear();
  }

  async #json<T>(call: Omit<ApiCall, 'expects'>, repeatable = true): Promise<T> {
    return (await this.#caller.call({ ...call, expects: 'json' }, repeatable)) as T;
  }

  #rows<T>(path: string, page: Record<string, unknown>, field: string): T[] {
    const rows = isRecord(page) ? (page[field] ?? []) : undefined;
    if (Array.isArray(rows)) return rows as T[];
    throw this.#incomplete(path, `${field} is not a list`);
  }

  #incomplete(path: string, why: string): DrError {
    const listing = this.#caller.describe({ method: 'GET', path, expects: 'json' });
    return new DrError('DR_API_INVALID_ANSWER', `cannot list all of ${listing}: ${why}`);
  }
}
