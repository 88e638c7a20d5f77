import { textOf } from '../value/bytes.ts';

/** Why a template cannot be parsed or rendered. The message is Go's, word for word. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** Line of the fault, from 1. */
  readonly line: number;
  /** Byte column of the fault, from 0 as Go counts it. */
  readonly column: number;
  /** The message with line and column, also where Go names the line only. */
  readonly located: string;

  constructor(bytes: string, at: { name: string; line: number; column: number }) {
    const message = textOf(bytes);
    super(message);
    this.line = at.line;
    this.column = at.column;
    const place = `template: ${textOf(at.name)}:${at.line}`;
    const exact = `${place}:${at.column}`;
    this.located = message.startsWith(`${exact}:`)
      ? message
      : message.startsWith(`${place}:`)
        ? exact + message.slice(place.length)
        : `${exact}: ${message}`;
  }
}
