import { columns } from '../../inventory/csv/columns.ts';
import type { Login } from './logins.ts';
import type { PlannedMachine, RackPlan } from './plan.ts';

/** The one disk of a machine, as its OS calls it. */
const disk = '/dev/vda';

/**
 * The rack as its administrator would write it down: a hardware.csv for `capt hardware import`. It holds passwords.
 * Nothing in it can hold a comma or a quote.
 */
export function hardwareCsv(plan: RackPlan, logins: ReadonlyMap<string, Login>): string {
  const names = columns.map(({ name }) => name).filter((name) => name !== 'vlan_id');
  const line = (machine: PlannedMachine) => {
    const cells = cellsOf(plan, machine, logins.get(machine.name));
    return names.map((name) => cells[name]);
  };
  return [names, ...plan.machines.map(line)].map((cells) => `${cells.join(',')}\n`).join('');
}

function cellsOf({ gateway, netmask }: RackPlan, machine: PlannedMachine, login: Login | undefined) {
  const { name, address, mac, labels, bmcAddress } = machine;
  return {
    hostname: name,
    ip_address: address,
    netmask,
    gateway,
    // Nobody resolves names there, and who asks is told so at once.
    nameservers: gateway,
    mac,
    disk,
    labels: Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join('|'),
    bmc_ip: bmcAddress,
    bmc_username: login?.username ?? '',
    bmc_password: login?.password ?? '',
  };
}
