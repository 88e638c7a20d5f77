import type { ReadRequest, RequestOption } from './packet.ts';

/** What the server allows. */
export interface TransferLimits {
  /** Largest block, RFC 2348: 8 to 65464 bytes. */
  maxBlockSizeBytes: number;
  /** Most blocks on the way before an ACK, RFC 7440: 1 to 65535. */
  maxWindowBlocks: number;
}

/** How one transfer goes. */
export interface Agreement {
  readonly blockSizeBytes: number;
  readonly windowBlocks: number;
  /** Asked by the client, RFC 2349; undefined: the server chooses. */
  readonly timeoutSeconds: number | undefined;
  /** What is confirmed, in the client's order and spelling; empty: the client gets the first block at once (RFC 2347). */
  readonly confirmed: readonly RequestOption[];
}

const defaultBlockSizeBytes = 512;

/** Each option: what is confirmed for a value that was asked, undefined to leave the option out of the answer. */
const answers: Record<string, (asked: number, limits: TransferLimits, sizeBytes: number) => number | undefined> = {
  blksize: (asked, { maxBlockSizeBytes }) => (asked < 8 ? undefined : Math.min(asked, maxBlockSizeBytes)),
  windowsize: (asked, { maxWindowBlocks }) => (asked < 1 ? undefined : Math.min(asked, maxWindowBlocks)),
  timeout: (asked) => (asked >= 1 && asked <= 255 ? asked : undefined),
  // A client that reads says 0; whatever it says, it wants to know. curl takes 0 in the answer for nonsense.
  tsize: (_, __, sizeBytes) => (sizeBytes === 0 ? undefined : sizeBytes),
};

/**
 * Options are named in any case (RFC 2347). What is unknown, malformed or out of range is left out of the answer, which
 * by that RFC means that it does not hold; refusing the transfer instead would leave a machine without a boot program.
 */
export function negotiate({ options }: ReadRequest, limits: TransferLimits, sizeBytes: number): Agreement {
  const confirmed: RequestOption[] = [];
  const agreed = new Map<string, number>();
  for (const { name, value } of options) {
    const key = name.toLowerCase();
    const answer = Object.hasOwn(answers, key) ? answers[key] : undefined;
    // An option may occur once (RFC 2347).
    if (answer === undefined || agreed.has(key) || !/^[0-9]{1,10}$/.test(value)) continue;
    const agreedValue = answer(Number(value), limits, sizeBytes);
    if (agreedValue === undefined) continue;
    agreed.set(key, agreedValue);
    confirmed.push({ name, value: String(agreedValue) });
  }
  return {
    blockSizeBytes: agreed.get('blksize') ?? defaultBlockSizeBytes,
    windowBlocks: agreed.get('windowsize') ?? 1,
    timeoutSeconds: agreed.get('timeout'),
    confirmed,
  };
}
