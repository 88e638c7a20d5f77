import { privilegeLevel } from '../../../../bmc/ipmi/codec/privilege.ts';
import { Reader } from '../../../../bmc/ipmi/codec/reader.ts';
import { commandCode } from '../../../../bmc/ipmi/command/codes.ts';
import { completionCode } from '../../../../bmc/ipmi/command/completion.ts';
import { type Handler, Refusal } from './handler.ts';

const version15 = 0x51;
const reservation = 1;
const noMoreRecords = 0xffff;

/**
 * The only sensor data record: that there is a management controller at 0x20 called "BMC" (IPMI v2.0 §43.9). Without
 * any, ipmitool takes the repository for broken and fails commands that are about something else.
 */
const record = locator('BMC');

/** The repository of sensor data records (§33). */
export const sdrCommands: readonly Handler[] = [
  {
    ...commandCode.getSdrRepositoryInfo,
    privilege: privilegeLevel.user,
    // One record, no room for more, never changed.
    handle: () => Buffer.concat([Buffer.of(version15, 1, 0), Buffer.alloc(11)]),
  },
  {
    ...commandCode.reserveSdrRepository,
    privilege: privilegeLevel.user,
    handle: () => Buffer.of(reservation, 0),
  },
  {
    ...commandCode.getSdr,
    privilege: privilegeLevel.user,
    handle(data) {
      const reader = new Reader(data, 'get SDR');
      reader.skip(2);
      const id = reader.u16();
      const offset = reader.u8();
      const count = reader.u8();
      // 0 is the first record whatever its id, 0xffff the last; 0xff bytes are as many as there are.
      if (id !== 0 && id !== noMoreRecords) throw new Refusal(completionCode.notPresent);
      const next = Buffer.alloc(2);
      next.writeUInt16LE(noMoreRecords);
      return Buffer.concat([next, record.subarray(offset, offset + count)]);
    },
  },
];

function locator(name: string): Buffer {
  const text = Buffer.from(name, 'latin1');
  const body = Buffer.concat([
    // Slave address, channel, no power notification, no capabilities, reserved, system entity 7 instance 1, OEM.
    Buffer.of(0x20, 0, 0, 0, 0, 0, 0, 7, 1, 0),
    Buffer.of(0xc0 | text.length),
    text,
  ]);
  return Buffer.concat([Buffer.of(0, 0, version15, 0x12, body.length), body]);
}
