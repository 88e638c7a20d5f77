import type { Decoder } from './decoder.ts';
import { GzipDecoder } from './gzip.ts';
import { ZstdDecoder } from './zstd.ts';

/** What Node decompresses as fast as any program, without pipes between processes. */
export const builtIn = ['gz', 'zst'] as const;

export type BuiltIn = (typeof builtIn)[number];

/** A decoder whose output goes to `take`; the bytes are good until that returns. */
export function createDecoder(format: BuiltIn, take: (bytes: Uint8Array) => void): Decoder {
  return format === 'gz' ? new GzipDecoder(take) : new ZstdDecoder(take);
}

export function isBuiltIn(format: string): format is BuiltIn {
  return builtIn.some((each) => each === format);
}
