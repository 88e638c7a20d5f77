import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { KubeError } from '../client/errors.ts';

/** An error as fields of a log line. */
export interface ErrorFields {
  type: string;
  message: string;
  /** Of the error table, of Node, or the HTTP status. */
  code?: string | number;
  /** Why the API server refused. */
  reason?: string;
  /** The next step. */
  hint?: string;
  /** Where it was thrown, without the message. */
  stack?: string[];
}

const maxMessageLength = 500;

/**
 * What may be told about an error. Messages of the API server quote what they complain about, and that may be a password
 * or a whole cloud-config: quotes of values are left out, as are credentials in URLs and headers.
 */
export function errorFields(error: unknown, options: { stack?: boolean } = {}): ErrorFields {
  const fields: ErrorFields = {
    type: error instanceof Error ? error.name : typeof error,
    message: withoutValues(messageWithoutBodies(error)),
  };
  if (error instanceof KubeError) Object.assign(fields, { code: error.code, reason: error.reason });
  else if (error instanceof CaptError) Object.assign(fields, { code: error.code, hint: error.hint });
  else if (typeof (error as { code?: unknown } | null)?.code === 'string') {
    fields.code = (error as { code: string }).code;
  }
  if (options.stack && error instanceof Error && error.stack !== undefined) {
    fields.stack = error.stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim());
  }
  return fields;
}

/** A parser's complaint quotes what it could not parse. */
function messageWithoutBodies(error: unknown): string {
  const message = messageOf(error);
  const cause = error instanceof Error ? error.cause : undefined;
  const inner = error instanceof SyntaxError ? error : cause instanceof SyntaxError ? cause : undefined;
  return inner === undefined ? message : message.replace(inner.message, 'malformed JSON');
}

const quoted = String.raw`"(?:[^"\\]|\\.)*"?`;
const values = new RegExp(
  String.raw`\b((?:Invalid|Duplicate|Unsupported|Forbidden) value|unknown value): (?:${quoted}|[^\s:]+)`,
  'g',
);

function withoutValues(message: string): string {
  const clean = message
    .replace(values, '$1')
    .replace(/\/\/[^/@\s]+:[^/@\s]+@/g, '//')
    .replace(/\b(Bearer|Basic) [\w.~+/=-]+/g, '$1 …');
  return clean.length > maxMessageLength ? `${clean.slice(0, maxMessageLength)}…` : clean;
}
