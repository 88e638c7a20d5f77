import type { BmcErrorKind } from '../../bmc-error.ts';

/** Completion codes used by name (IPMI v2.0 §5.2, table 5-2). */
export const completionCode = {
  ok: 0x00,
  nodeBusy: 0xc0,
  invalidCommand: 0xc1,
  requestLength: 0xc7,
  fieldLength: 0xc8,
  outOfRange: 0xc9,
  tooManyBytes: 0xca,
  notPresent: 0xcb,
  invalidField: 0xcc,
  insufficientPrivilege: 0xd4,
  wrongState: 0xd5,
  unspecified: 0xff,
} as const;

/** What a completion code says, and what it means for the caller. */
export interface Completion {
  text: string;
  kind: BmcErrorKind;
}

export type CompletionTable = Readonly<Record<number, readonly [string, BmcErrorKind]>>;

/** The codes that mean the same for every command. Those that leave open whether it acted are `unreachable`. */
const generic: CompletionTable = {
  [0xc0]: ['node busy', 'busy'],
  [0xc1]: ['invalid command', 'unsupported'],
  [0xc2]: ['invalid command for this LUN', 'unsupported'],
  [0xc3]: ['timeout while processing the command', 'unreachable'],
  [0xc4]: ['out of space', 'busy'],
  [0xc5]: ['reservation cancelled', 'busy'],
  [0xc6]: ['request data truncated', 'rejected'],
  [0xc7]: ['request data length invalid', 'rejected'],
  [0xc8]: ['request data field length limit exceeded', 'rejected'],
  [0xc9]: ['parameter out of range', 'rejected'],
  [0xca]: ['cannot return that many bytes', 'rejected'],
  [0xcb]: ['sensor, data or record not present', 'unsupported'],
  [0xcc]: ['invalid data field in request', 'rejected'],
  [0xcd]: ['command illegal for this sensor or record type', 'unsupported'],
  [0xce]: ['command response could not be provided', 'unreachable'],
  [0xcf]: ['duplicated request not executed, and the answer to the first was lost', 'unreachable'],
  [0xd0]: ['SDR repository in update mode', 'busy'],
  [0xd1]: ['device in firmware update mode', 'busy'],
  [0xd2]: ['BMC initialisation in progress', 'busy'],
  [0xd3]: ['destination unavailable', 'busy'],
  [0xd4]: ['insufficient privilege level', 'unauthorized'],
  [0xd5]: ['not possible in the present state', 'rejected'],
  [0xd6]: ['sub-function disabled or unavailable', 'unsupported'],
  [0xff]: ['unspecified error', 'rejected'],
};

/** The meaning of a code other than 0; `specific` has the codes that a command gives a meaning of its own. */
export function describeCompletion(code: number, specific: CompletionTable = {}): Completion {
  const [text, kind] = specific[code] ?? generic[code] ?? ['unknown completion code', 'rejected'];
  return { text: `${text} (completion code 0x${code.toString(16).padStart(2, '0')})`, kind };
}
