import type { CaptError } from '../../api/errors/capt-error.ts';

/** An error as the message of a condition or event: what is wrong, and what to do about it. */
export function textOf({ message, hint }: CaptError): string {
  return `${message}; ${hint}`;
}
