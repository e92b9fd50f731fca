import { type HttpCookie, type HttpData, type Valued } from './core-types';
import { type HostAnswer, type HostRequest } from './http-server';
import { type Invoker } from './invoker';
import { type Match } from './routes';

/** Runs an HTTP function. What it throws becomes a 500 without a body, as in Azure. */
export async function callHttpFunction(
  invoker: Invoker,
  match: Match,
  request: HostRequest,
): Promise<HostAnswer> {
  try {
    const { response } = await invoker.invoke(match.fn, { http: toHttpData(match, request) });
    const http = response.returnValue?.http;
    return http === undefined ? { status: 204 } : toAnswer(http);
  } catch {
    return { status: 500 };
  }
}

function toHttpData(match: Match, { method, url, headers, body }: HostRequest): HttpData {
  return {
    method,
    url: url.href,
    nullableHeaders: valued(headers),
    nullableQuery: valued(joinRepeated(url.searchParams)),
    nullableParams: valued(match.parameters),
    ...(body.length > 0 && { body: { bytes: body } }),
  };
}

function valued(values: Readonly<Record<string, string>>): Record<string, Valued<string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function joinRepeated(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]));
}

function toAnswer(http: HttpData): HostAnswer {
  const headers = Object.entries(http.headers ?? {}).filter(([name]) => name !== 'transfer-encoding');
  const cookies = (http.cookies ?? []).map(cookieText);
  return {
    status: Number(http.statusCode ?? 200),
    headers: { ...Object.fromEntries(headers), ...(cookies.length > 0 && { 'set-cookie': cookies }) },
    body: Buffer.from(http.body?.bytes ?? http.body?.string ?? ''),
  };
}

/** `none` means that the app said nothing. */
const sameSite: Readonly<Record<string, string>> = { lax: 'Lax', strict: 'Strict', explicitNone: 'None' };

function cookieText(cookie: HttpCookie): string {
  const expires = cookie.expires?.value && new Date(cookie.expires.value.seconds * 1000).toUTCString();
  const site = sameSite[cookie.sameSite ?? ''];
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    cookie.domain?.value && `Domain=${cookie.domain.value}`,
    cookie.path?.value && `Path=${cookie.path.value}`,
    expires && `Expires=${expires}`,
    cookie.maxAge?.value !== undefined && `Max-Age=${cookie.maxAge.value}`,
    cookie.httpOnly?.value && 'HttpOnly',
    cookie.secure?.value && 'Secure',
    site && `SameSite=${site}`,
  ]
    .filter(Boolean)
    .join('; ');
}
