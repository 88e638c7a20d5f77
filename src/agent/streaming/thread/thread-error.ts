import { CaptError, type ErrorDetails, messageOf } from '../../../api/errors/capt-error.ts';
import type { ErrorCode } from '../../../api/errors/table.ts';

/** An error on its way between threads: classes do not survive that. */
export interface ThreadError {
  readonly code: ErrorCode | undefined;
  readonly details: ErrorDetails;
  readonly message: string;
}

export function packError(error: unknown): ThreadError {
  if (error instanceof CaptError) return { code: error.code, details: error.details, message: error.message };
  return { code: undefined, details: {}, message: messageOf(error) };
}

export function unpackError({ code, details, message }: ThreadError): Error {
  return code === undefined ? new Error(message) : new CaptError(code, details);
}
