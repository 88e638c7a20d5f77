import { bootOrderOf, type ControlledMachine, historyShown } from '../control/controlled-rack.ts';
import type { BootOrder, MachineView, PowerOrder } from '../control/protocol.ts';
import type { SimulatedMachine } from './machine.ts';

/** A simulated machine as the control socket sees it. */
export class ControlledSimulatedMachine implements ControlledMachine {
  readonly name: string;
  readonly #machine: SimulatedMachine;

  constructor(machine: SimulatedMachine) {
    this.name = machine.name;
    this.#machine = machine;
  }

  async view(): Promise<MachineView> {
    const { name, mac, bmc, chassis, history } = this.#machine;
    const content = await this.#machine.disk.read();
    return {
      name,
      mac,
      power: chassis.actualPowerState,
      bmc: { protocol: bmc.protocol, host: bmc.host, port: bmc.port },
      ...bootOrderOf(chassis.bootOverride()),
      ...(content === undefined ? {} : { image: content.image }),
      ...(content?.instance === undefined ? {} : { node: content.instance.nodeName }),
      history: history.slice(-historyShown),
    };
  }

  power(order: PowerOrder): void {
    if (order === 'unplug') this.#machine.losePower();
    else this.#machine.chassis.power(order);
  }

  boot(order: BootOrder | undefined): void {
    this.#machine.chassis.setBootOverride(order && { ...order, efiBoot: true });
  }

  async screenshot(): Promise<void> {
    throw new Error('it is simulated, and has no screen');
  }
}
