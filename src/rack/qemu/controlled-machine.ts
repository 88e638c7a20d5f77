import { bootOrderOf, type ControlledMachine, historyShown } from '../control/controlled-rack.ts';
import type { BootOrder, MachineView, PowerOrder } from '../control/protocol.ts';
import type { RackSlot } from './rack.ts';

/** A machine in QEMU as the control socket sees it. */
export class ControlledQemuMachine implements ControlledMachine {
  readonly name: string;
  readonly #slot: RackSlot;

  constructor(slot: RackSlot) {
    this.name = slot.machine.name;
    this.#slot = slot;
  }

  view(): MachineView {
    const { machine, bmc, macs, serialFiles } = this.#slot;
    return {
      name: this.name,
      mac: macs[0] ?? '',
      power: machine.powerState(),
      bmc: { protocol: bmc.protocol, host: bmc.host, port: bmc.port },
      ...bootOrderOf(machine.bootOverride()),
      serialFiles: [...serialFiles],
      history: machine.history.slice(-historyShown),
    };
  }

  power(order: PowerOrder): void {
    // A command that waits is overtaken by the plug no sooner than by the button: both cut the power.
    this.#slot.machine.power(order === 'unplug' ? 'off' : order);
  }

  boot(order: BootOrder | undefined): void {
    this.#slot.machine.setBootOverride(order && { ...order, efiBoot: this.#slot.uefi });
  }

  async screenshot(file: string): Promise<void> {
    await this.#slot.machine.screenshot(file);
  }
}
