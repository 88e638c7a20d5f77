import type { BootDevice } from '../../../../bmc/port.ts';
import type { Chassis } from '../../chassis.ts';
import type { JsonObject } from '../json.ts';
import type { RedfishProfile } from '../profile.ts';
import { Refusal, refuse } from '../refusal.ts';

/** What boot targets mean to the machine. */
const devices: Readonly<Record<string, BootDevice>> = {
  Pxe: 'pxe',
  UefiHttp: 'pxe',
  Hdd: 'disk',
  Cd: 'cdrom',
  UsbCd: 'cdrom',
  BiosSetup: 'bios',
};
const enableds = ['Disabled', 'Once', 'Continuous'];
const modes = ['UEFI', 'Legacy'];

/** The boot override of one machine, as Redfish puts it. */
export class BootState {
  readonly #chassis: Chassis;
  readonly #profile: RedfishProfile;
  #mode = 'UEFI';
  /** The name under which the device was last asked for. */
  #target = 'None';

  constructor(chassis: Chassis, profile: RedfishProfile) {
    this.#chassis = chassis;
    this.#profile = profile;
  }

  /** `Boot` without what it says about itself. */
  properties(): {
    BootSourceOverrideEnabled: string;
    BootSourceOverrideTarget: string;
    BootSourceOverrideMode: string;
  } {
    const { active, device, persistent } = this.#chassis.bootOverride();
    const target = devices[this.#target] === device ? this.#target : this.#nameOf(device);
    return {
      BootSourceOverrideEnabled: !active ? 'Disabled' : persistent ? 'Continuous' : 'Once',
      BootSourceOverrideTarget: active ? target : 'None',
      BootSourceOverrideMode: this.#mode,
    };
  }

  /**
   * What a change comes down to; nothing is changed before the returned function is called.
   * @throws Refusal for values that are none
   */
  prepare(change: JsonObject): () => void {
    const wanted = { ...this.properties(), ...change };
    const {
      BootSourceOverrideEnabled: enabled,
      BootSourceOverrideTarget: target,
      BootSourceOverrideMode: mode,
    } = wanted;
    if (!enableds.includes(enabled)) throw refuse.value('BootSourceOverrideEnabled', enabled);
    if (!modes.includes(mode)) throw refuse.value('BootSourceOverrideMode', mode);
    if (!this.#profile.bootTargets.includes(target)) throw refuse.value('BootSourceOverrideTarget', target);
    const device = Object.hasOwn(devices, target) ? devices[target] : undefined;
    if (target !== 'None' && device === undefined) {
      throw new Refusal({
        status: 400,
        id: 'PropertyValueNotInList',
        message: `This machine cannot boot from ${target}.`,
      });
    }
    return () => {
      this.#mode = mode;
      this.#target = target;
      const isOff = enabled === 'Disabled' || device === undefined;
      const override = isOff ? undefined : { device, efiBoot: mode === 'UEFI', persistent: enabled === 'Continuous' };
      this.#chassis.setBootOverride(override);
    };
  }

  /** Sets the override as attributes of the manager do. */
  prepareDevice(device: BootDevice | undefined, persistent: boolean): () => void {
    const efiBoot = this.#mode === 'UEFI';
    return () => this.#chassis.setBootOverride(device === undefined ? undefined : { device, efiBoot, persistent });
  }

  #nameOf(device: BootDevice | undefined): string {
    return Object.keys(devices).find((name) => devices[name] === device) ?? 'None';
  }
}
