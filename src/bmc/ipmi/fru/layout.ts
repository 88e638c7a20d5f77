import { checksum } from '../codec/checksum.ts';
import { Malformed, Reader } from '../codec/reader.ts';
import { encodeFields, readField } from './field.ts';

/**
 * The layout of a FRU inventory (IPMI Platform Management FRU Information Storage Definition v1.0 §8–§12): a header with
 * the places of the areas, each area with its length, a list of text fields and a checksum.
 */
export const areaNames = ['chassis', 'board', 'product'] as const;
export type AreaName = (typeof areaNames)[number];

/** Offset of each area in bytes, absent where there is none. */
export type AreaOffsets = Partial<Record<AreaName, number>>;

export const headerLength = 8;
/** Enough of an area to know its length. */
export const areaPrefixLength = 2;
const unit = 8;
const formatVersion = 1;
const headerPlaces: Record<AreaName, number> = { chassis: 2, board: 3, product: 4 };
/** Bytes between an area's length and its first field: chassis type; language and date; language. */
const bytesBeforeFields: Record<AreaName, number> = { chassis: 1, board: 4, product: 1 };

/** @throws Malformed */
export function decodeHeader(bytes: Buffer): AreaOffsets {
  const header = new Reader(bytes, 'FRU header').take(headerLength);
  if (checksum(header) !== 0) throw new Malformed('FRU header: wrong checksum');
  if (((header[0] ?? 0) & 0x0f) !== formatVersion) throw new Malformed(`FRU header: format ${header[0]}`);
  const offsets: AreaOffsets = {};
  for (const name of areaNames) {
    const place = header[headerPlaces[name]] ?? 0;
    if (place !== 0) offsets[name] = place * unit;
  }
  return offsets;
}

/** Length of an area in bytes by its first two. @throws Malformed */
export function areaLength(prefix: Buffer): number {
  const reader = new Reader(prefix, 'FRU area');
  reader.skip(1);
  return reader.u8() * unit;
}

/** The fields of a whole area in order. @throws Malformed */
export function decodeArea(name: AreaName, bytes: Buffer): string[] {
  const what = `FRU ${name} area`;
  if (bytes.length === 0 || checksum(bytes) !== 0) throw new Malformed(`${what}: wrong checksum`);
  const reader = new Reader(bytes, what);
  reader.skip(areaPrefixLength + bytesBeforeFields[name]);
  const fields: string[] = [];
  for (let field = readField(reader); field !== undefined; field = readField(reader)) fields.push(field);
  return fields;
}

/** A whole inventory with the given fields. @throws Malformed when they do not fit */
export function encodeFru(areas: Partial<Record<AreaName, readonly string[]>>): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(formatVersion, 0);
  const parts: Buffer[] = [header];
  let at = headerLength;
  for (const name of areaNames) {
    const fields = areas[name];
    if (fields === undefined) continue;
    const area = encodeArea(name, fields);
    header.writeUInt8(at / unit, headerPlaces[name]);
    parts.push(area);
    at += area.length;
  }
  header.writeUInt8(checksum(header), headerLength - 1);
  return Buffer.concat(parts);
}

function encodeArea(name: AreaName, texts: readonly string[]): Buffer {
  const fields = encodeFields(texts);
  const before = areaPrefixLength + bytesBeforeFields[name];
  const length = Math.ceil((before + fields.length + 1) / unit) * unit;
  if (length / unit > 0xff) throw new Malformed(`FRU ${name} area: ${length} bytes`);
  const area = Buffer.alloc(length);
  area.writeUInt8(formatVersion, 0);
  area.writeUInt8(length / unit, 1);
  // Rack mount chassis (SMBIOS type 0x17); elsewhere 0, which is English and no date.
  if (name === 'chassis') area.writeUInt8(0x17, 2);
  fields.copy(area, before);
  area.writeUInt8(checksum(area), length - 1);
  return area;
}
