/** Status codes of session set-up used by name (IPMI v2.0 §13.24, table 13-15). */
export const rakpStatus = {
  ok: 0x00,
  insufficientResources: 0x01,
  invalidSessionId: 0x02,
  inactiveSessionId: 0x08,
  unauthorizedRole: 0x0a,
  unauthorizedName: 0x0d,
  invalidIntegrityCheck: 0x0f,
  noMatchingSuite: 0x11,
} as const;

/** What a status code means for the one who wants in. */
export type RakpMeaning =
  /** No room for another session just now. */
  | 'busy'
  /** The BMC forgot the half-open session; a new handshake may do. */
  | 'forgotten'
  /** These algorithms are not to be had; others may be. */
  | 'algorithms'
  | 'unauthorized'
  | 'rejected';

const table: Record<number, [string, RakpMeaning]> = {
  1: ['no resources for another session', 'busy'],
  2: ['invalid session id', 'forgotten'],
  3: ['invalid payload type', 'rejected'],
  4: ['invalid authentication algorithm', 'algorithms'],
  5: ['invalid integrity algorithm', 'algorithms'],
  6: ['no matching authentication payload', 'algorithms'],
  7: ['no matching integrity payload', 'algorithms'],
  8: ['inactive session id', 'forgotten'],
  9: ['invalid role', 'unauthorized'],
  10: ['role or privilege level not allowed for this user', 'unauthorized'],
  11: ['no resources for a session of this role', 'busy'],
  12: ['invalid user name length', 'unauthorized'],
  13: ['unknown user name', 'unauthorized'],
  14: ['unauthorized GUID', 'rejected'],
  15: ['invalid integrity check value', 'unauthorized'],
  16: ['invalid confidentiality algorithm', 'algorithms'],
  17: ['no cipher suite matches the proposed algorithms', 'algorithms'],
  18: ['illegal or unrecognised parameter', 'rejected'],
};

export function describeRakpStatus(status: number): { text: string; meaning: RakpMeaning } {
  const [text, meaning] = table[status] ?? ['unknown status', 'rejected'];
  return { text: `${text} (status 0x${status.toString(16).padStart(2, '0')})`, meaning };
}
