import { Malformed } from '../codec/reader.ts';
import type { Command } from '../command/command.ts';
import { CommandRefused } from '../command/command-refused.ts';
import { completionCode } from '../command/completion.ts';
import { type FruAreaInfo, readFru } from '../command/fru-data.ts';
import {
  type AreaName,
  areaLength,
  areaNames,
  areaPrefixLength,
  decodeArea,
  decodeHeader,
  headerLength,
} from './layout.ts';

/** Sends a command and reads its answer. @throws BmcError */
export type Ask = <Answer>(command: Command<Answer>) => Promise<Answer>;

/** How many bytes to ask for at once: what an answer has room for everywhere, and what the weakest BMC can do. */
const usualChunk = 32;
const smallestChunk = 8;

/** How BMCs say that they cannot put that many bytes into one answer. */
const tooMany: ReadonlySet<number> = new Set([
  completionCode.requestLength,
  completionCode.fieldLength,
  completionCode.tooManyBytes,
  completionCode.unspecified,
]);

/** Reads the areas of a FRU inventory, and of a large one no more than them. */
export class FruReader {
  readonly #ask: Ask;
  readonly #info: FruAreaInfo;
  #chunk = usualChunk;

  constructor(ask: Ask, info: FruAreaInfo) {
    this.#ask = ask;
    this.#info = info;
  }

  /**
   * The fields of every area that makes sense.
   * @throws Malformed when the inventory as a whole makes none; BmcError
   */
  async areas(): Promise<Partial<Record<AreaName, string[]>>> {
    const offsets = decodeHeader(await this.#read(0, headerLength));
    const areas: Partial<Record<AreaName, string[]>> = {};
    for (const name of areaNames) {
      const offset = offsets[name];
      const fields = offset === undefined ? undefined : await this.#area(name, offset);
      if (fields !== undefined) areas[name] = fields;
    }
    return areas;
  }

  async #area(name: AreaName, offset: number): Promise<string[] | undefined> {
    try {
      const length = areaLength(await this.#read(offset, areaPrefixLength));
      return decodeArea(name, await this.#read(offset, length));
    } catch (error) {
      // One area spoilt in the factory leaves the others.
      if (error instanceof Malformed) return undefined;
      throw error;
    }
  }

  async #read(offset: number, length: number): Promise<Buffer> {
    if (offset + length > this.#info.sizeBytes) throw new Malformed(`FRU: ${offset + length} is beyond its end`);
    const parts: Buffer[] = [];
    let got = 0;
    while (got < length) {
      const part = await this.#readSome(offset + got, length - got);
      if (part.length === 0) throw new Malformed('FRU: the BMC returned nothing');
      parts.push(part);
      got += part.length;
    }
    return Buffer.concat(parts).subarray(0, length);
  }

  async #readSome(offset: number, length: number): Promise<Buffer> {
    const unit = this.#info.byWords ? 2 : 1;
    // Areas begin at multiples of 8; an odd place can only come from an odd answer before it.
    if (offset % unit !== 0) throw new Malformed('FRU: half a word');
    for (;;) {
      try {
        return await this.#ask(readFru(offset / unit, Math.ceil(Math.min(length, this.#chunk) / unit)));
      } catch (error) {
        const isTooMany = error instanceof CommandRefused && tooMany.has(error.completionCode);
        if (!isTooMany || this.#chunk <= smallestChunk) throw error;
        this.#chunk /= 2;
      }
    }
  }
}
