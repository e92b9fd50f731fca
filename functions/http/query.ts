import type { HttpRequest } from '@azure/functions';
import { invalidRequest } from '../../shared/config/request-bodies';

/** The query parameter `limit`. Throws DR_REQUEST_INVALID when it is no number from 1 to `max`. */
export function limitOf({ query }: Pick<HttpRequest, 'query'>, fallback: number, max: number): number {
  const text = query.get('limit');
  if (text === null) return fallback;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= max) return limit;
  throw invalidRequest([{ path: 'limit', message: `must be a number from 1 to ${max}` }]);
}

/** Whether an `Accept` header asks for a web page rather than for JSON. */
export function prefersHtml(accept: string | null): boolean {
  const ranges = (accept ?? '').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) };
  });
  const qualityOf = (type: string): number => ranges.find((range) => range.type === type)?.quality ?? 0;
  return qualityOf('text/html') > qualityOf('application/json');
}
