/**
 * Sends what stands on stdin (`ADDRESS PORT HEX` a line) from a network interface that may have no address, and writes
 * what comes as hex. Arguments: interface, own address, own port. Ends with stdin.
 */
import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';
import { parseIpv4 } from '../../src/netboot/dhcp/codec/ipv4.ts';
import { openDeviceSocket } from '../../src/netboot/dhcp/server/device-socket.ts';

const [, , device = '', address = '', port = ''] = process.argv;
const socket = createSocket('udp4');
socket.on('message', (bytes) => process.stdout.write(`${bytes.toString('hex')}\n`));
socket.bind({ fd: openDeviceSocket(device, parseIpv4(address) ?? 0, Number(port), true) }, () => {
  socket.setBroadcast(true);
  process.stdout.write('ready\n');
});
const lines = createInterface(process.stdin);
lines.on('line', (line) => {
  const [to, toPort, hex = ''] = line.split(' ');
  socket.send(Buffer.from(hex, 'hex'), Number(toPort), to);
});
lines.on('close', () => socket.close());
