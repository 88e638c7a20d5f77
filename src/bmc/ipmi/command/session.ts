import { commandCode } from './codes.ts';
import { type Command, nothing } from './command.ts';

/** Raises the session to `privilege` (IPMI v2.0 §22.18); a new one begins as `user`. */
export function setSessionPrivilege(privilege: number): Command<undefined> {
  return {
    name: 'set session privilege level',
    ...commandCode.setSessionPrivilege,
    data: Buffer.of(privilege),
    completions: {
      [0x80]: ['this user may not have that privilege level', 'unauthorized'],
      [0x81]: ['that privilege level exceeds the limit of user or channel', 'unauthorized'],
      [0x82]: ['user level authentication cannot be disabled', 'rejected'],
    },
    parse: nothing,
  };
}

/** Ends a session (§22.19); BMCs have room for very few. */
export function closeSession(bmcSessionId: number): Command<undefined> {
  const data = Buffer.alloc(4);
  data.writeUInt32LE(bmcSessionId);
  return {
    name: 'close session',
    ...commandCode.closeSession,
    data,
    completions: { [0x87]: ['invalid session id in request', 'rejected'] },
    parse: nothing,
  };
}
