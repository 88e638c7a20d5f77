import type { PowerAction } from '../../port.ts';
import { Reader } from '../codec/reader.ts';
import { commandCode } from './codes.ts';
import { type Command, nothing } from './command.ts';

/** Get Chassis Status (IPMI v2.0 §28.2), as far as anybody here looks at it. */
export interface ChassisStatus {
  powerOn: boolean;
  powerFault: boolean;
}

/** Chassis Control (§28.3); `nmi` is the pulse of a diagnostic interrupt. */
export type ChassisAction = PowerAction | 'nmi';

const actionNumbers: Record<ChassisAction, number> = { off: 0, on: 1, cycle: 2, reset: 3, nmi: 4, soft: 5 };

export const getChassisStatus: Command<ChassisStatus> = {
  name: 'get chassis status',
  ...commandCode.getChassisStatus,
  data: Buffer.alloc(0),
  parse: decodeChassisStatus,
};

export function chassisControl(action: ChassisAction): Command<undefined> {
  return {
    name: `chassis control ${action}`,
    ...commandCode.chassisControl,
    data: Buffer.of(actionNumbers[action]),
    parse: nothing,
  };
}

export function encodeChassisStatus({ powerOn, powerFault }: ChassisStatus): Buffer {
  return Buffer.of((powerOn ? 0x01 : 0) | (powerFault ? 0x08 : 0), 0, 0);
}

/** @throws Malformed */
export function decodeChassisStatus(data: Buffer): ChassisStatus {
  const reader = new Reader(data, 'chassis status');
  const power = reader.u8();
  // Last power event and miscellaneous state are mandatory, though not looked at.
  reader.skip(2);
  return { powerOn: (power & 0x01) !== 0, powerFault: (power & 0x08) !== 0 };
}

/** `undefined` for a number that is no action. @throws Malformed */
export function decodeChassisControl(data: Buffer): ChassisAction | undefined {
  const number = new Reader(data, 'chassis control').u8() & 0x0f;
  return (Object.keys(actionNumbers) as ChassisAction[]).find((action) => actionNumbers[action] === number);
}
