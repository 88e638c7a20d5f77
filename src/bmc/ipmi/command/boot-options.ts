import type { BootOverride, BootOverrideState } from '../../port.ts';
import { Reader } from '../codec/reader.ts';
import { decodeBootFlags, encodeBootFlags } from './boot-flags.ts';
import { commandCode } from './codes.ts';
import { type Command, nothing } from './command.ts';
import type { CompletionTable } from './completion.ts';

/** Parameters of Set and Get System Boot Options (IPMI v2.0 §28.12, §28.13, table 28-14). */
export const bootParameter = { setInProgress: 0, validBitClearing: 3, infoAcknowledge: 4, bootFlags: 5 } as const;

const completions: CompletionTable = {
  [0x80]: ['boot option parameter not supported', 'unsupported'],
  [0x81]: ['another party is setting boot options', 'busy'],
  [0x82]: ['boot option parameter is read-only', 'rejected'],
};

/**
 * Which events make the BMC forget the boot flags (parameter 3; a 1 keeps them). Only the timeout is kept from it:
 * else the flags are gone 60 s after they were set unless a chassis command comes first, and a machine that boots a
 * minute late boots its old disk.
 */
export const keepFlagsOnTimeout = 0x08;

export function setValidBitClearing(mask: number): Command<undefined> {
  return setBootOption('boot flag valid bit clearing', bootParameter.validBitClearing, Buffer.of(mask));
}

/** Tells the BMC that the firmware has taken note of earlier boot information (parameter 4), as ipmitool does. */
export function acknowledgeBootInfo(): Command<undefined> {
  return setBootOption('boot info acknowledge', bootParameter.infoAcknowledge, Buffer.of(0x01, 0x01));
}

/** `undefined` takes an override back. */
export function setBootFlags(override: BootOverride | undefined): Command<undefined> {
  return setBootOption('boot flags', bootParameter.bootFlags, encodeBootFlags(override));
}

export const getBootFlags: Command<BootOverrideState> = {
  name: 'get boot flags',
  ...commandCode.getBootOptions,
  data: Buffer.of(bootParameter.bootFlags, 0, 0),
  completions,
  parse(data) {
    const reader = new Reader(data, 'boot options');
    reader.skip(2);
    return decodeBootFlags(reader.rest());
  },
};

/** The answer to Get System Boot Options: version 1, parameter, data. */
export function encodeBootOption(parameter: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.of(1, parameter), value]);
}

function setBootOption(name: string, parameter: number, value: Buffer): Command<undefined> {
  return {
    name: `set ${name}`,
    ...commandCode.setBootOptions,
    data: Buffer.concat([Buffer.of(parameter), value]),
    completions,
    parse: nothing,
  };
}
