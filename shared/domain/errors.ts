/**
 * Every error code of the app: `DR_<AREA>_<FACT>`. docs/errors.md says cause and remedy of each; a test holds the two together.
 * `retryable`: the same call may succeed later without anyone changing anything.
 */
export const errorCodes = {
  DR_API_AMBIGUOUS: { retryable: true },
  DR_API_BAD_REQUEST: { retryable: false },
  DR_API_CONFLICT: { retryable: false },
  DR_API_FEATURE_DISABLED: { retryable: false },
  DR_API_FORBIDDEN: { retryable: false },
  DR_API_INVALID_ANSWER: { retryable: true },
  DR_API_NOT_FOUND: { retryable: false },
  DR_API_REDIRECTED: { retryable: false },
  DR_API_SERVER_ERROR: { retryable: true },
  DR_API_THROTTLED: { retryable: true },
  DR_API_TIMEOUT: { retryable: true },
  DR_API_TOO_LARGE: { retryable: false },
  DR_API_UNAUTHORIZED: { retryable: false },
  DR_API_UNREACHABLE: { retryable: true },
  DR_ALERT_INVALID: { retryable: false },
  DR_APPROVAL_NOT_OPEN: { retryable: false },
  DR_ASSET_BLOCKED: { retryable: false },
  DR_ASSET_BUILT_IN: { retryable: false },
  DR_ASSET_IN_USE: { retryable: false },
  DR_ASSET_NO_VALUE: { retryable: false },
  DR_ASSET_TOO_LARGE: { retryable: false },
  DR_ASSET_VANISHED: { retryable: false },
  DR_AUTH_NO_SECRET: { retryable: false },
  DR_AUTH_UNAVAILABLE: { retryable: true },
  DR_BLOB_CONFLICT: { retryable: true },
  DR_BLOB_FORBIDDEN: { retryable: false },
  DR_BLOB_FORMAT: { retryable: false },
  DR_BLOB_MISSING: { retryable: false },
  DR_BLOB_UNAVAILABLE: { retryable: true },
  DR_BODY_CORRUPT: { retryable: false },
  DR_CLAIM_BUSY: { retryable: false },
  DR_CLAIM_LOST: { retryable: false },
  DR_CONFIG_INVALID: { retryable: false },
  DR_CONFIG_MISSING: { retryable: false },
  DR_FEATURE_NOT_BUILT: { retryable: false },
  DR_INTERNAL: { retryable: true },
  DR_NOT_DISCOVERED: { retryable: false },
  DR_NOTEBOOK_FAILED: { retryable: false },
  DR_PAIR_UNKNOWN: { retryable: false },
  DR_PLAN_VERSION: { retryable: false },
  DR_REQUEST_FORBIDDEN: { retryable: false },
  DR_REQUEST_INVALID: { retryable: false },
  DR_REQUEST_MALFORMED: { retryable: false },
  DR_REQUEST_TOO_LARGE: { retryable: false },
  DR_RUN_CANCELLED: { retryable: false },
  DR_RUN_UNKNOWN: { retryable: false },
  DR_SETTING_INVALID: { retryable: false },
  DR_SNAPSHOT_MISSING: { retryable: false },
  DR_WORKSPACE_HOST: { retryable: false },
  DR_WRITE_IN_DRY_RUN: { retryable: false },
} as const satisfies Record<`DR_${string}`, { retryable: boolean }>;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetails {
  /** HTTP status of the answer. */
  readonly status?: number;
  /** `error_code` of the answer, or `SCIM_<status>`. */
  readonly errorCode?: string;
  /** Every fault of a document: JSON path and what to do. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly [fact: string]: unknown;
}

/**
 * The one error class. The message says what was attempted, on what, and what came back: `cannot create job/1042: 400 …`.
 * Branch on {@link code} or `details.status`, never on the message.
 */
export class DrError extends Error {
  override readonly name = 'DrError';
  readonly retryable: boolean;
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.retryable = errorCodes[code].retryable;
  }
}

/** True for a {@link DrError} with one of these codes. */
export function hasCode<Code extends ErrorCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is DrError & { readonly code: Code } {
  return error instanceof DrError && codes.some((code) => code === error.code);
}
