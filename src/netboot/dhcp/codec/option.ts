/** One option: a code from 1 to 254 and the bytes under it, however many packets' worth of pieces they came in. */
export interface DhcpOption {
  readonly code: number;
  readonly data: Buffer;
}

/** Options by the names of RFC 2132 and the RFCs noted. */
export const optionCode = {
  pad: 0,
  subnetMask: 1,
  router: 3,
  domainNameServer: 6,
  logServer: 7,
  hostName: 12,
  domainName: 15,
  broadcastAddress: 28,
  ntpServers: 42,
  vendorSpecific: 43,
  requestedAddress: 50,
  leaseTime: 51,
  overload: 52,
  messageType: 53,
  serverIdentifier: 54,
  message: 56,
  vendorClass: 60,
  clientIdentifier: 61,
  tftpServerName: 66,
  bootFileName: 67,
  /** RFC 3004 */
  userClass: 77,
  /** RFC 3046 */
  relayAgentInformation: 82,
  /** RFC 4578 */
  clientArchitecture: 93,
  /** RFC 4578 */
  clientNetworkInterface: 94,
  /** RFC 4578 */
  clientMachineIdentifier: 97,
  /** RFC 3397 */
  domainSearch: 119,
  /** RFC 3442 */
  classlessRoutes: 121,
  /** Options of iPXE in an option, formerly Etherboot's. */
  ipxe: 175,
  end: 255,
} as const;

const maxPieceBytes = 255;

/** What was read of one option; further pieces make it long (RFC 3396). */
interface Pieces {
  code: number;
  data: Buffer;
  more?: Buffer[];
}

/** Reads options that may be spread over several areas of a packet, in their order. */
export class OptionReader {
  readonly #read: Pieces[] = [];

  /**
   * Reads `bytes` from `start` to `end` (not included) or to the End option.
   * @returns what is wrong, `undefined` when nothing is
   */
  read(bytes: Buffer, start: number, end: number): string | undefined {
    let at = start;
    while (at < end) {
      const code = bytes[at] as number;
      if (code === optionCode.end) return undefined;
      if (code === optionCode.pad) {
        at += 1;
        continue;
      }
      const length = bytes[at + 1];
      if (length === undefined || at + 2 + length > end) return `option ${code} goes beyond its field`;
      this.#add(code, bytes.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
    return undefined;
  }

  find(code: number): Buffer | undefined {
    return this.#read.find((pieces) => pieces.code === code)?.data;
  }

  /** All options in the order of their first pieces, long ones joined. */
  options(): DhcpOption[] {
    return this.#read.map(({ code, data, more }) => ({
      code,
      data: more === undefined ? data : Buffer.concat([data, ...more]),
    }));
  }

  #add(code: number, data: Buffer): void {
    const known = this.#read.find((pieces) => pieces.code === code);
    if (known === undefined) this.#read.push({ code, data });
    else if (known.more === undefined) known.more = [data];
    else known.more.push(data);
  }
}

/** The bytes that `option` takes on the wire. */
export function optionBytes({ data }: DhcpOption): number {
  return data.length + 2 * Math.max(1, Math.ceil(data.length / maxPieceBytes));
}

/**
 * Writes `option` at `at`, in pieces when it is longer than 255 bytes (RFC 3396).
 * @returns where the next option goes
 */
export function writeOption(target: Buffer, at: number, { code, data }: DhcpOption): number {
  let next = at;
  let done = 0;
  do {
    const length = Math.min(maxPieceBytes, data.length - done);
    target[next] = code;
    target[next + 1] = length;
    data.copy(target, next + 2, done, done + length);
    next += 2 + length;
    done += length;
  } while (done < data.length);
  return next;
}

/** The data of the option `code`. */
export function findOption(options: readonly DhcpOption[], code: number): Buffer | undefined {
  for (const option of options) if (option.code === code) return option.data;
  return undefined;
}
