import type { ErrorCode } from '../domain/errors';
import { redact } from '../domain/redact';
import type { ApiCall, Reply } from './request';

type Json = Readonly<Record<string, unknown>>;

/** Why one try did not succeed. */
export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly status?: number;
  readonly errorCode?: string;
  /** The `Retry-After` header as it came. */
  readonly retryAfter?: string;
  /** True when no request can have reached the workspace. */
  readonly unsent?: boolean;
  readonly cause?: unknown;
}

interface ErrorBody {
  /** Empty when the answer has none. */
  readonly errorCode: string;
  readonly message: string;
  /** `reason` of the answer's ErrorInfo. */
  readonly reason?: string;
}

const maxMessageLength = 500;
/** Redaction comes before clipping, so that no half of a secret stays; an endless page is not searched whole. */
const maxReadLength = 10_000;

const codesByName: ReadonlyMap<string, ErrorCode> = new Map(
  Object.entries({
    ALREADY_EXISTS: 'DR_API_CONFLICT',
    DEADLINE_EXCEEDED: 'DR_API_SERVER_ERROR',
    // The workspace has no such API: not the same as an asset that is gone.
    ENDPOINT_NOT_FOUND: 'DR_API_FEATURE_DISABLED',
    FEATURE_DISABLED: 'DR_API_FEATURE_DISABLED',
    INTERNAL_ERROR: 'DR_API_SERVER_ERROR',
    MAX_BLOCK_SIZE_EXCEEDED: 'DR_API_TOO_LARGE',
    MAX_NOTEBOOK_SIZE_EXCEEDED: 'DR_API_TOO_LARGE',
    MAX_READ_SIZE_EXCEEDED: 'DR_API_TOO_LARGE',
    NOT_FOUND: 'DR_API_NOT_FOUND',
    PERMISSION_DENIED: 'DR_API_FORBIDDEN',
    REQUEST_LIMIT_EXCEEDED: 'DR_API_THROTTLED',
    RESOURCE_ALREADY_EXISTS: 'DR_API_CONFLICT',
    RESOURCE_DOES_NOT_EXIST: 'DR_API_NOT_FOUND',
    RESOURCE_EXHAUSTED: 'DR_API_THROTTLED',
    TEMPORARILY_UNAVAILABLE: 'DR_API_SERVER_ERROR',
    UNAUTHENTICATED: 'DR_API_UNAUTHORIZED',
  }),
);

const codesByStatus = new Map<number, ErrorCode>([
  [401, 'DR_API_UNAUTHORIZED'],
  [403, 'DR_API_FORBIDDEN'],
  [404, 'DR_API_NOT_FOUND'],
  [408, 'DR_API_TIMEOUT'],
  [409, 'DR_API_CONFLICT'],
  [413, 'DR_API_TOO_LARGE'],
  [429, 'DR_API_THROTTLED'],
  [499, 'DR_API_SERVER_ERROR'],
  [501, 'DR_API_FEATURE_DISABLED'],
]);

/** These answer 400 INVALID_PARAMETER_VALUE for an id that does not exist (databricks-sdk-py, errors/overrides.py). */
const getsById = /^GET .*\/(?:clusters|jobs|jobs\/runs|instance-pools|policies\/clusters)\/get$/;
/** Answers 400 without a code when another type of object lies at the path (databricks CLI, libs/filer). */
const importsFile = /^POST .*\/workspace-files\/import-file\//;

/** The value of a good answer, or why it is none. The token, which some refusals repeat, is not in it. */
export function readAnswer(call: ApiCall, reply: Reply, token: string): { readonly value: unknown } | Fault {
  if (reply.status < 200 || reply.status > 299) return makeFault(call, reply, readErrorBody(reply), token);
  // An exported file may be any JSON: only what says that it is an answer of the API is read as one.
  const file = call.expects === 'bytes' && !reply.contentType.startsWith('application/json');
  // Many writes answer nothing. A listing that answers nothing was lost on the way: it must not look empty.
  const nothing = reply.body.length === 0 && call.method !== 'GET';
  const value = file || nothing ? {} : parse(reply);
  if (isRecord(value) && value['error_code']) return makeFault(call, reply, readErrorJson(value), token);
  if (call.expects === 'bytes') return { value: reply.body };
  if (typeof value === 'object' && value !== null) return { value };
  const message = `${reply.status}: ${reply.body.length} bytes that are not a JSON document`;
  return { code: 'DR_API_INVALID_ANSWER', message, status: reply.status };
}

function makeFault(call: ApiCall, reply: Reply, body: ErrorBody, token: string): Fault {
  const { status, retryAfter } = reply;
  const { errorCode } = body;
  const said = call.confidential === true ? 'its words are withheld' : body.message.slice(0, maxReadLength);
  const message = said.replaceAll(token, '[redacted]');
  return {
    code: codeOf(`${call.method} ${call.path}`, status, body),
    message: clip(`${[status, errorCode].filter(Boolean).join(' ')}: ${message}`),
    status,
    ...(errorCode && { errorCode }),
    ...(retryAfter && { retryAfter }),
  };
}

function codeOf(call: string, status: number, { errorCode, reason }: ErrorBody): ErrorCode {
  if (status >= 300 && status < 400) return 'DR_API_REDIRECTED';
  // A refused token comes as 403 too, with a number or nothing for a code; a missing permission is always named.
  if (status === 403 && /^\d*$/.test(errorCode)) return 'DR_API_UNAUTHORIZED';
  const known = codesByName.get(errorCode) ?? codesByName.get(reason ?? '');
  if (known && !decisive(status)) return known;
  if (status === 400 && errorCode === 'INVALID_PARAMETER_VALUE' && getsById.test(call))
    return 'DR_API_NOT_FOUND';
  if (status === 400 && errorCode === '' && importsFile.test(call)) return 'DR_API_CONFLICT';
  return codesByStatus.get(status) ?? (status >= 500 ? 'DR_API_SERVER_ERROR' : 'DR_API_BAD_REQUEST');
}

/** These statuses say what to do, whatever name the answer gives itself. */
function decisive(status: number): boolean {
  return status === 401 || status === 429 || status >= 500;
}

function readErrorBody(reply: Reply): ErrorBody {
  const body = parse(reply);
  if (isRecord(body)) return body['schemas'] || body['scimType'] ? readScim(body) : readErrorJson(body);
  const text = reply.body.subarray(0, maxReadLength).toString().trim();
  if (text.startsWith('<')) return { errorCode: '', message: titleOf(text) };
  const [, code, message] = /^([A-Z][A-Z0-9_]+): (.*)/s.exec(text) ?? [];
  return { errorCode: code ?? '', message: message ?? (text || 'no body') };
}

function readErrorJson(body: Json): ErrorBody {
  const details = Array.isArray(body['details']) ? (body['details'] as unknown[]) : [];
  const reason = details.map((detail) => (isRecord(detail) ? textOf(detail['reason']) : '')).find(Boolean);
  // API 1.2 answers `{ error }`.
  const message = textOf(body['message']) || textOf(body['error']) || 'no message';
  return { errorCode: nameOf(body['error_code']), message, ...(reason && { reason }) };
}

function readScim(body: Json): ErrorBody {
  const detail = textOf(body['detail']);
  // SCIM says `detail: "null"` for an internal error.
  const message = detail === '' || detail === 'null' ? 'internal error' : detail;
  const scimType = textOf(body['scimType']);
  return {
    errorCode: `SCIM_${nameOf(body['status'])}`,
    message: scimType ? `${scimType}: ${message}` : message,
  };
}

function parse(reply: Reply): unknown {
  try {
    return JSON.parse(reply.body.toString());
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function titleOf(page: string): string {
  const found = /<pre[^>]*>([\s\S]*?)<\/pre>/i.exec(page) ?? /<title[^>]*>([\s\S]*?)<\/title>/i.exec(page);
  return `a page: ${found?.[1]?.trim() ?? 'without a title'}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Codes are short names or numbers; anything else is none. */
function nameOf(value: unknown): string {
  const text = textOf(value);
  return /^[A-Z0-9_]{1,100}$/.test(text) ? text : '';
}

/** One redacted line of bounded length. */
function clip(text: string): string {
  const line = redact(text).replace(/\s+/g, ' ');
  return line.length > maxMessageLength ? `${line.slice(0, maxMessageLength)}…` : line;
}
