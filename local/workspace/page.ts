import { invalid } from './fields';

export interface Page<T> {
  readonly rows: T[];
  /** Absent on the last page. */
  readonly next?: string;
  readonly previous?: string;
}

function tokenOf(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64url');
}

function offsetOf(token: string | null): number {
  if (token === null || token === '') return 0;
  const offset = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (offset === undefined) throw invalid(`Invalid page token: ${token}`);
  return Number(offset);
}

/** One page of rows; the token is opaque to callers. */
export function pageOf<T>(rows: readonly T[], size: number, token: string | null): Page<T> {
  const from = offsetOf(token);
  const to = from + size;
  return {
    rows: rows.slice(from, to),
    ...(to < rows.length ? { next: tokenOf(to) } : {}),
    ...(from > 0 ? { previous: tokenOf(Math.max(0, from - size)) } : {}),
  };
}

/** A limit of the query, between 1 and `max`. */
export function limitIn(query: URLSearchParams, field: string, standard: number, max: number): number {
  const text = query.get(field);
  if (text === null || text === '') return standard;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > max)
    throw invalid(`Invalid '${field}' parameter provided: must be between 1 and ${max}, was ${text}`);
  return limit;
}

/** A boolean of the query; anything but `true` is false. */
export function flagIn(query: URLSearchParams, field: string): boolean {
  return query.get(field)?.toLowerCase() === 'true';
}
