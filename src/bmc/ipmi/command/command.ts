import type { CompletionTable } from './completion.ts';

/** A command of IPMI as the console sees it: what to send and how to read the answer. */
export interface Command<Answer> {
  /** For messages. */
  readonly name: string;
  readonly netFn: number;
  readonly code: number;
  readonly data: Buffer;
  /** Meanings of completion codes that are this command's own. */
  readonly completions?: CompletionTable;
  /** Reads the data of a successful answer. @throws Malformed */
  parse(data: Buffer): Answer;
}

/** For commands whose answer has no data. */
export function nothing(): undefined {
  return undefined;
}
