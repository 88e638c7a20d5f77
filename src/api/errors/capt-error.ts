import { type ErrorCode, errorTable } from './table.ts';

/** Values for the `{placeholders}` of a message. */
export type ErrorDetails = Record<string, string | number>;

/**
 * An error a user can meet: a stable code, a message that names the thing at fault, and the next step.
 * Match on `code`, never on the text.
 */
export class CaptError extends Error {
  override readonly name = 'CaptError';
  readonly code: ErrorCode;
  /** What was filled in: with `code` enough to make the same error in another process. */
  readonly details: ErrorDetails;
  /** What the reader should do next. */
  readonly hint: string;
  /** True when the same action may succeed later without anybody changing anything. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options: { cause?: unknown } = {}) {
    const entry = errorTable[code];
    super(fill(entry.message, details), options);
    this.code = code;
    this.details = details;
    this.hint = fill(entry.hint, details);
    this.retryable = entry.retryable;
  }
}

function fill(text: string, details: ErrorDetails): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, key: string) =>
    Object.hasOwn(details, key) ? String(details[key]) : placeholder,
  );
}

/** The message of anything that was thrown, for use inside another message. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
