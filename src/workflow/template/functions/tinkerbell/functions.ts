import { GoError } from '../../value/error.ts';
import { any, anyFn, fn, type GoFunction } from '../../value/function.ts';
import { string, wholeInt } from '../../value/params.ts';
import { decodeYaml } from '../../yaml/decode.ts';
import { Emitter } from '../../yaml/emitter.ts';
import { plainOf } from '../../yaml/plain.ts';
import { parseIp } from './ip.ts';

/** `/dev/sda` and 1 to `/dev/sda1`, `/dev/nvme0n1` to `/dev/nvme0n1p1`, `/dev/disk/by-id/x` to `/dev/disk/by-id/x-part1`. */
function partition(device: string, number: bigint): string {
  if (device.startsWith('/dev/disk/')) return `${device}-part${number}`;
  return /[0-9]$/.test(device) ? `${device}p${number}` : `${device}${number}`;
}

/** The number of ones at the start of a netmask; 0 when there are others behind zeros. */
function prefixLength(mask: string): string {
  const bytes = parseIp(mask);
  if (bytes === undefined) throw new GoError(`invalid netmask format: ${mask}`);
  const mapped =
    bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  const dotted = mapped ? bytes.slice(12) : bytes;
  if (dotted.length !== 4) throw new GoError(`netmask must be IPv4: ${mask}`);
  const bits = dotted.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? String(bits.replaceAll('0', '').length) : '0';
}

function named<T>(name: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof GoError) || error.constructor !== GoError) throw error;
    throw new GoError(`${name}: ${error.message}`);
  }
}

/** What Tinkerbell adds to sprig. */
export const tinkerbellFunctions: Record<string, GoFunction> = {
  formatPartition: fn([string, wholeInt], (_call, device, number) => partition(device, number)),
  netmaskToPrefixLength: fn([string], (_call, mask) => prefixLength(mask)),
  // The name it had in older releases; templates that users wrote for those still say it.
  netmaskToCIDR: fn([string], (_call, mask) => prefixLength(mask)),
  toYaml: fn([any], (call, value) =>
    named('toYaml', () => {
      const plain = plainOf(call.meter, value);
      return new Emitter(call.meter).document(plain).replace(/\n$/, '');
    }),
  ),
  fromYaml: anyFn([string], (call, text) =>
    named('fromYaml', () => {
      if (text === '') throw new GoError('empty YAML input');
      return decodeYaml(call.meter, text);
    }),
  ),
};
