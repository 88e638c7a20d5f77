import { privilegeLevel } from '../../../../bmc/ipmi/codec/privilege.ts';
import { Reader } from '../../../../bmc/ipmi/codec/reader.ts';
import { commandCode } from '../../../../bmc/ipmi/command/codes.ts';
import { completionCode } from '../../../../bmc/ipmi/command/completion.ts';
import { encodeFruAreaInfo, mainFru } from '../../../../bmc/ipmi/command/fru-data.ts';
import type { IpmiQuirks } from '../quirks.ts';
import { type Handler, Refusal } from './handler.ts';

/** The name plate (IPMI v2.0 §34). */
export const fruCommands: readonly Handler[] = [
  {
    ...commandCode.getFruAreaInfo,
    privilege: privilegeLevel.user,
    handle(data, { settings, fru }) {
      checkDevice(new Reader(data, 'get FRU inventory area info').u8(), settings.quirks);
      return encodeFruAreaInfo({ sizeBytes: fru.length, byWords: settings.quirks.fruByWords });
    },
  },
  {
    ...commandCode.readFru,
    privilege: privilegeLevel.user,
    handle(data, { settings, fru }) {
      const reader = new Reader(data, 'read FRU data');
      checkDevice(reader.u8(), settings.quirks);
      const unit = settings.quirks.fruByWords ? 2 : 1;
      const offset = reader.u16() * unit;
      const count = reader.u8();
      if (offset >= fru.length) throw new Refusal(completionCode.outOfRange);
      if (count * unit > settings.quirks.fruChunkLimit) throw new Refusal(completionCode.tooManyBytes);
      const part = fru.subarray(offset, offset + count * unit);
      return Buffer.concat([Buffer.of(Math.ceil(part.length / unit)), part]);
    },
  },
];

function checkDevice(id: number, quirks: IpmiQuirks): void {
  if (quirks.noFru || id !== mainFru) throw new Refusal(completionCode.notPresent);
}
