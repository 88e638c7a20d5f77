import { privilegeLevel } from '../../../../bmc/ipmi/codec/privilege.ts';
import { Reader } from '../../../../bmc/ipmi/codec/reader.ts';
import { bootParameter, encodeBootOption } from '../../../../bmc/ipmi/command/boot-options.ts';
import { decodeChassisControl, encodeChassisStatus } from '../../../../bmc/ipmi/command/chassis.ts';
import { commandCode } from '../../../../bmc/ipmi/command/codes.ts';
import { completionCode } from '../../../../bmc/ipmi/command/completion.ts';
import { type Handler, noData, Refusal } from './handler.ts';

/** "Parameter not supported", of boot options only. */
const noSuchParameter = 0x80;

/** Power and boot device (IPMI v2.0 §28). */
export const chassisCommands: readonly Handler[] = [
  {
    ...commandCode.getChassisStatus,
    privilege: privilegeLevel.user,
    handle: (_data, { settings }) =>
      encodeChassisStatus({ powerOn: settings.chassis.powerState() === 'on', powerFault: false }),
  },
  {
    ...commandCode.chassisControl,
    privilege: privilegeLevel.operator,
    handle(data, { settings, bootOptions }) {
      const action = decodeChassisControl(data);
      if (action === undefined) throw new Refusal(completionCode.invalidField);
      // The countdown is about when the command came, so it runs on while the machine boots (table 28-14).
      bootOptions.countDown();
      if (settings.faults.silentSuccess) return noData;
      if (action === 'nmi') settings.chassis.nmi();
      else settings.chassis.power(action);
      return noData;
    },
  },
  {
    ...commandCode.setBootOptions,
    privilege: privilegeLevel.operator,
    handle(data, { settings, bootOptions }) {
      const reader = new Reader(data, 'set boot options');
      const parameter = reader.u8() & 0x7f;
      if (settings.quirks.onlyBootFlags && parameter !== bootParameter.bootFlags) throw new Refusal(noSuchParameter);
      if (!bootOptions.set(parameter, reader.rest())) throw new Refusal(noSuchParameter);
      return noData;
    },
  },
  {
    ...commandCode.getBootOptions,
    privilege: privilegeLevel.operator,
    handle(data, { settings, bootOptions }) {
      const parameter = new Reader(data, 'get boot options').u8() & 0x7f;
      const isKnown = !settings.quirks.onlyBootFlags || parameter === bootParameter.bootFlags;
      const value = isKnown ? bootOptions.get(parameter) : undefined;
      if (value === undefined) throw new Refusal(noSuchParameter);
      return encodeBootOption(parameter, value);
    },
  },
];
