/**
 * What the API server answers when it refuses (`metav1.Status`), as a typed error.
 */

/** Reasons of `metav1.Status` this code base tells apart; others travel as they come. */
export type StatusReason =
  | 'AlreadyExists'
  | 'BadRequest'
  | 'Conflict'
  | 'Expired'
  | 'Forbidden'
  | 'Gone'
  | 'InternalError'
  | 'Invalid'
  | 'MethodNotAllowed'
  | 'NotFound'
  | 'RequestEntityTooLarge'
  | 'ServerTimeout'
  | 'ServiceUnavailable'
  | 'Timeout'
  | 'TooManyRequests'
  | 'Unauthorized'
  | 'Unknown'
  | (string & {});

/** One field at fault, as in `metav1.StatusCause`. */
export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

/** `metav1.Status` as it comes over the wire. */
export interface Status {
  kind: 'Status';
  status?: 'Success' | 'Failure';
  code?: number;
  reason?: StatusReason;
  message?: string;
  details?: { name?: string; kind?: string; uid?: string; causes?: StatusCause[]; retryAfterSeconds?: number };
}

/** The API server refused a request. Match on `reason`. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly reason: StatusReason;
  /** HTTP status code. */
  readonly code: number;
  /** The fields at fault when `reason` is `Invalid`. */
  readonly causes: readonly StatusCause[];
  /** How long the server asks to wait. */
  readonly retryAfterSeconds: number | undefined;

  constructor(action: string, status: Status, retryAfterSeconds?: number) {
    const code = status.code ?? 500;
    const reason = status.reason || reasonOfCode(code);
    super(`${action}: ${reason}: ${status.message || `HTTP status ${code}`}`);
    this.reason = reason;
    this.code = code;
    this.causes = status.details?.causes ?? [];
    this.retryAfterSeconds = retryAfterSeconds ?? status.details?.retryAfterSeconds;
  }
}

/** The API server could not be reached, or its answer broke off: nobody knows whether it acted. Always worth a retry. */
export class KubeConnectionError extends Error {
  override readonly name = 'KubeConnectionError';

  constructor(action: string, cause: unknown) {
    super(`${action}: ${describeCause(cause)}`, { cause });
  }
}

/** An answer was longer than the caller wanted to read. */
export class KubeAnswerTooLarge extends Error {
  override readonly name = 'KubeAnswerTooLarge';

  constructor(action: string, maxBytes: number) {
    super(`${action}: the answer is longer than ${maxBytes} bytes`);
  }
}

/** True when `error` is a refusal of the API server for one of `reasons`. */
export function isReason(error: unknown, ...reasons: StatusReason[]): error is KubeError {
  return error instanceof KubeError && reasons.includes(error.reason);
}

/** True when a list or watch has to start over because the server no longer has that resourceVersion. */
export function isExpired(error: unknown): boolean {
  return error instanceof KubeError && (error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}

const reasons: Record<number, StatusReason> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  422: 'Invalid',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The reason of a bare HTTP status code, for answers that do not come from the API server itself. */
export function reasonOfCode(code: number): StatusReason {
  return reasons[code] ?? (code >= 500 ? 'InternalError' : 'Unknown');
}

function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // Node hides the useful text of a failed connection in the cause, or in the first of several attempts.
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause.cause;
  const detail = inner instanceof Error && inner.message !== '' ? inner.message : '';
  return [cause.message, detail].filter((text) => text !== '').join(': ') || cause.name;
}
