/** The packets of TFTP (RFC 1350 section 5, RFC 2347): bytes ↔ values. */

export const opcodes = { read: 1, write: 2, data: 3, ack: 4, error: 5, optionsAck: 6 } as const;

/** RFC 1350 appendix, RFC 2347 section 4. */
export const errorCodes = {
  undefined: 0,
  fileNotFound: 1,
  accessViolation: 2,
  illegalOperation: 4,
  unknownTransfer: 5,
  optionsRefused: 8,
} as const;

/** A request to read, as it stands in the packet: nothing is checked but the form. */
export interface ReadRequest {
  readonly type: 'read';
  readonly file: string;
  /** In lower case. */
  readonly mode: string;
  /** In their order, names as they were written. */
  readonly options: readonly RequestOption[];
}

export interface RequestOption {
  readonly name: string;
  readonly value: string;
}

/** What a client may send. */
export type ClientPacket =
  | ReadRequest
  | { readonly type: 'write' }
  | { readonly type: 'ack'; readonly block: number }
  | { readonly type: 'error'; readonly code: number; readonly message: string };

/** No boot program asks for more; a packet with more options than this says nothing sensible. */
const maxOptions = 16;
const maxFileLength = 1024;
const maxErrorLength = 200;

/** @returns undefined for whatever is not a packet that a client of a read-only server may send */
export function decodePacket(datagram: Buffer): ClientPacket | undefined {
  if (datagram.length < 4) return undefined;
  switch (datagram.readUInt16BE(0)) {
    case opcodes.ack:
      // Some clients send more bytes than an ACK has (RFC 1350 does not forbid it).
      return { type: 'ack', block: datagram.readUInt16BE(2) };
    case opcodes.read:
      return decodeRead(datagram);
    case opcodes.write:
      return { type: 'write' };
    case opcodes.error:
      return { type: 'error', code: datagram.readUInt16BE(2), message: textUpToNul(datagram, 4, maxErrorLength) };
    default:
      return undefined;
  }
}

function decodeRead(datagram: Buffer): ReadRequest | undefined {
  const texts = splitAtNuls(datagram, 2, 2 + 2 * maxOptions);
  const [file, mode, ...rest] = texts;
  if (file === undefined || mode === undefined || file.length === 0 || file.length > maxFileLength) return undefined;
  const options: RequestOption[] = [];
  // A name without a value at the end is left out, as is what a ROM pads its request with.
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const name = rest[i] ?? '';
    if (name === '') break;
    options.push({ name, value: rest[i + 1] ?? '' });
  }
  return { type: 'read', file, mode: mode.toLowerCase(), options };
}

/** Texts that end with a zero byte; a last one without it is not one. */
function splitAtNuls(datagram: Buffer, from: number, most: number): string[] {
  const texts: string[] = [];
  for (let at = from; texts.length < most; ) {
    const end = datagram.indexOf(0, at);
    if (end === -1) break;
    texts.push(datagram.toString('latin1', at, end));
    at = end + 1;
  }
  return texts;
}

function textUpToNul(datagram: Buffer, from: number, maxLength: number): string {
  const end = datagram.indexOf(0, from);
  return datagram.toString('latin1', from, Math.min(end === -1 ? datagram.length : end, from + maxLength));
}

/** @param block its low 16 bits are sent */
export function writeDataHeader(target: Buffer, offset: number, block: number): void {
  target.writeUInt16BE(opcodes.data, offset);
  target.writeUInt16BE(block & 0xffff, offset + 2);
}

export function encodeOptionsAck(options: readonly RequestOption[]): Buffer {
  const texts = options.map(({ name, value }) => `${name}\0${value}\0`).join('');
  return Buffer.concat([Buffer.from([0, opcodes.optionsAck]), Buffer.from(texts, 'latin1')]);
}

export function encodeError(code: number, message: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, opcodes.error, code >> 8, code & 0xff]),
    Buffer.from(`${message}\0`, 'latin1'),
  ]);
}
