/**
 * A rack with one machine that is on, in a process of its own: tests kill it. Its folder is the first argument; it writes
 * the name of its network when the machine is on.
 */
import { QemuRack } from '../../src/rack/qemu/rack.ts';

const rack = await QemuRack.start({
  machines: [{ name: 'node-1', macs: ['02:00:5e:00:53:01'], memoryMib: 64, processors: 1 }],
  directory: process.argv[2] ?? '',
  address: '192.0.2.1/24',
  environment: process.env,
  acceleration: 'tcg',
});
process.once('SIGINT', async () => {
  await rack[Symbol.asyncDispose]();
  process.exitCode = 130;
});
const { machine } = rack.slot('node-1');
machine.power('on');
await machine.settled();
process.stdout.write(`${rack.networkName} ${machine.powerState()}\n`);
