import { endProcesses } from '../../bootstrap/local/process/end.ts';
import type { MachineView, PowerOrder } from '../../rack/control/protocol.ts';
import { livingRack, readRackRecord, writeRackRecord } from '../../rack/control/rack-record.ts';
import { type RackFlags, rackContext, runningRack } from './context.ts';

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
  const { directory } = context;
  const identity = livingRack(directory);
  if (identity === undefined) return context.print(`nothing runs in ${directory}`);
  await endProcesses([{ name: 'rack', identity }]);
  // One that had to be killed did not write down that it has ended.
  const record = readRackRecord(directory);
  if (record !== undefined) writeRackRecord(directory, { name: record.name, bmcPorts: record.bmcPorts });
  context.print(`ended the rack; disks stay in ${directory}, and so does what was registered`);
}

/** One line a machine, as kubectl prints tables. */
export function renderMachines(machines: readonly MachineView[]): string[] {
  const head = ['NAME', 'MAC', 'POWER', 'BMC', 'NODE', 'LAST'];
  const rows = machines.map(({ name, mac, power, bmc, node, history }) => [
    name,
    mac,
    power,
    `${bmc.protocol}:${bmc.port}`,
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
