import type { Decoder } from './decoder.ts';
import { GzipDecoder } from './gzip.ts';
import type { Blocks } from './output.ts';
import { ZstdDecoder } from './zstd.ts';

/** What Node decompresses as fast as any program, without pipes between processes. */
export const builtIn = ['gz', 'zst'] as const;

export type BuiltIn = (typeof builtIn)[number];

export function createDecoder(format: BuiltIn, blocks: Blocks): Decoder {
  return format === 'gz' ? new GzipDecoder(blocks) : new ZstdDecoder(blocks);
}

export function isBuiltIn(format: string): format is BuiltIn {
  return builtIn.some((each) => each === format);
}
