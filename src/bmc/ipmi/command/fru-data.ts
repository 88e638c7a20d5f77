import { Reader } from '../codec/reader.ts';
import { commandCode } from './codes.ts';
import type { Command } from './command.ts';

/** Get FRU Inventory Area Info (IPMI v2.0 §34.1). */
export interface FruAreaInfo {
  sizeBytes: number;
  /** Offsets and counts are in words of two bytes. */
  byWords: boolean;
}

/** The FRU device that describes the machine itself. */
export const mainFru = 0;

export const getFruAreaInfo: Command<FruAreaInfo> = {
  name: 'get FRU inventory area info',
  ...commandCode.getFruAreaInfo,
  data: Buffer.of(mainFru),
  parse: decodeFruAreaInfo,
};

/** Read FRU Data (§34.2); `offset` and `count` in bytes or words, as the area info says. */
export function readFru(offset: number, count: number): Command<Buffer> {
  return {
    name: 'read FRU data',
    ...commandCode.readFru,
    data: Buffer.of(mainFru, offset & 0xff, offset >> 8, count),
    completions: { [0x81]: ['FRU device busy', 'busy'] },
    parse(data) {
      const reader = new Reader(data, 'FRU data');
      // The count comes first, in words where the area is read by words: what follows tells as much.
      reader.skip(1);
      return reader.rest();
    },
  };
}

export function encodeFruAreaInfo({ sizeBytes, byWords }: FruAreaInfo): Buffer {
  return Buffer.of(sizeBytes & 0xff, sizeBytes >> 8, byWords ? 1 : 0);
}

/** @throws Malformed */
export function decodeFruAreaInfo(data: Buffer): FruAreaInfo {
  const reader = new Reader(data, 'FRU inventory area info');
  return { sizeBytes: reader.u16(), byWords: (reader.u8() & 0x01) !== 0 };
}
