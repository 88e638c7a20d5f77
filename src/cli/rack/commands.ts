import { resolve } from 'node:path';
import type { MachineView, PowerOrder } from '../../rack/control/protocol.ts';
import { type RackFlags, rackContext, runningRack } from './context.ts';
import { endRack } from './end-rack.ts';

/** `capt rack list` */
export async function list(flags: RackFlags & { output: string }): Promise<void> {
  const context = rackContext(flags);
  const machines = await runningRack(context).machines();
  if (flags.output === 'json') context.print(JSON.stringify(machines, undefined, 2));
  else for (const line of renderMachines(machines)) context.print(line);
}

/** `capt rack power` */
export async function power(machine: string, order: PowerOrder, flags: RackFlags): Promise<void> {
  const context = rackContext(flags);
  await runningRack(context).power(machine, order);
  context.print(`${machine}: ${order}`);
}

/** `capt rack down` */
export async function down(flags: RackFlags): Promise<void> {
  const context = rackContext(flags);
  if (await endRack(context.directory)) {
    context.print(`ended the rack; disks stay in ${context.directory}, and so does what was registered`);
  } else context.print(`nothing runs in ${context.directory}`);
}

/** `capt rack screenshot` */
export async function screenshot(machine: string, file: string, flags: RackFlags): Promise<void> {
  const context = rackContext(flags);
  await runningRack(context).screenshot(machine, resolve(file));
  context.print(resolve(file));
}

/** One line a machine, as kubectl prints tables. */
export function renderMachines(machines: readonly MachineView[]): string[] {
  const head = ['NAME', 'MAC', 'POWER', 'BMC', 'NODE', 'LAST'];
  const rows = machines.map(({ name, mac, power, bmc, node, history }) => [
    name,
    mac,
    power,
    // At an address of its own it is at the standard port, as real ones are.
    bmc.host === '127.0.0.1' ? `${bmc.protocol}:${bmc.port}` : `${bmc.protocol} ${bmc.host}`,
    node ?? '<none>',
    history.at(-1) ?? '<none>',
  ]);
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
      .join('')
      .trimEnd(),
  );
}
