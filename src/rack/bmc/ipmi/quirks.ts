import type { Dice } from '../dice.ts';

/** Ways in which real BMCs read the IPMI specification. */
export interface IpmiQuirks {
  /** Refuses Get Channel Authentication Capabilities. */
  hidesCapabilities: boolean;
  /** Says nothing at all to a cipher suite that it does not offer, instead of refusing it. */
  silentOnUnknownSuite: boolean;
  /** Leaves everything but tag and status out of refusals during session set-up, as OpenIPMI's simulator does. */
  shortRefusals: boolean;
  /** Knows of the boot options no others than the boot flags. */
  onlyBootFlags: boolean;
  /** The most bytes of FRU data in one answer; more are refused. */
  fruChunkLimit: number;
  /** Has no FRU inventory. */
  noFru: boolean;
  /** Counts FRU data in words of two bytes. */
  fruByWords: boolean;
  /** Speaks IPMI v1.5 only. */
  onlyV15: boolean;
}

export const noQuirks: IpmiQuirks = {
  hidesCapabilities: false,
  silentOnUnknownSuite: false,
  shortRefusals: false,
  onlyBootFlags: false,
  fruChunkLimit: 255,
  noFru: false,
  fruByWords: false,
  onlyV15: false,
};

/** Quirks with which a driver still has to come to a good end. */
export function rollQuirks(dice: Dice): IpmiQuirks {
  return {
    hidesCapabilities: dice.chance(0.2),
    silentOnUnknownSuite: dice.chance(0.3),
    shortRefusals: dice.chance(0.3),
    onlyBootFlags: dice.chance(0.3),
    fruChunkLimit: dice.chance(0.3) ? 8 + dice.below(24) : 255,
    noFru: dice.chance(0.2),
    fruByWords: dice.chance(0.2),
    onlyV15: false,
  };
}
