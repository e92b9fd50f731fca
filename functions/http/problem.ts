import { STATUS_CODES } from 'node:http';
import type { HttpResponseInit } from '@azure/functions';
import { DrError, type ErrorCode } from '../../shared/domain/errors';
import { redact } from '../../shared/domain/redact';

/** The statuses of the errors that are answers. Every other error is ours: 500, and nothing of it is told. */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  DR_ALERT_INVALID: 400,
  DR_REQUEST_MALFORMED: 400,
  DR_REQUEST_FORBIDDEN: 403,
  DR_CONFIG_MISSING: 404,
  DR_PAIR_UNKNOWN: 404,
  DR_RUN_UNKNOWN: 404,
  DR_APPROVAL_NOT_OPEN: 409,
  DR_CLAIM_BUSY: 409,
  DR_CLAIM_LOST: 409,
  DR_REQUEST_TOO_LARGE: 413,
  DR_CONFIG_INVALID: 422,
  DR_REQUEST_INVALID: 422,
  DR_SNAPSHOT_MISSING: 422,
  DR_FEATURE_NOT_BUILT: 501,
  DR_BLOB_UNAVAILABLE: 503,
  DR_SETTING_INVALID: 503,
};

/** Headers of every answer: what it says is only true now. */
export const noStore = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** The status by which an error is answered. */
export function statusOf(error: unknown): number {
  return (error instanceof DrError ? statuses[error.code] : undefined) ?? 500;
}

/** An error as an answer by RFC 9457. `correlationId` is all that is told of an error of our own. */
export function problemOf(error: unknown, correlationId: string): HttpResponseInit {
  const status = statusOf(error);
  const told = error instanceof DrError && status !== 500 ? error : undefined;
  const problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: told?.code ?? 'DR_INTERNAL',
    detail: redact(told?.message ?? `the app could not do this; its log has more under ${correlationId}`),
    ...(told?.details.errors === undefined ? {} : { errors: told.details.errors }),
  };
  const holder = told?.code === 'DR_CLAIM_BUSY' ? told.details['runId'] : undefined;
  return {
    status,
    headers: {
      ...noStore,
      'content-type': 'application/problem+json',
      ...(typeof holder === 'string' ? { location: `/api/runs/${holder}` } : {}),
    },
    body: JSON.stringify(problem),
  };
}
