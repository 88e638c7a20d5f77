import { Malformed } from '../codec/reader.ts';
import type { Command } from '../command/command.ts';
import { CommandRefused } from '../command/command-refused.ts';
import { completionCode, describeCompletion } from '../command/completion.ts';
import type { Wire } from './wire.ts';

/** What came back for a command. */
export interface Reply {
  completionCode: number;
  data: Buffer;
}

/** @throws BmcError when the BMC refused, or answers what cannot be understood */
export function readReply<Answer>(wire: Wire, command: Command<Answer>, reply: Reply): Answer {
  if (reply.completionCode !== completionCode.ok) {
    const { kind, text } = describeCompletion(reply.completionCode, command.completions);
    throw new CommandRefused(kind, wire.describe(`${command.name}: ${text}`), reply.completionCode);
  }
  try {
    return command.parse(reply.data);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw wire.error('protocol', `${command.name}: ${error.message}`, error);
  }
}
