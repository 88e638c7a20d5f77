/**
 * Malformed requests, ACKs and errors from many addresses against the TFTP service: `PACKETS=1000000 SEED=1 npm run
 * fuzz:tftp`. After each packet no more may be sent than a window, and no more be kept than there are transfers allowed.
 */
import assert from 'node:assert/strict';
import { FakeClock } from '../../src/api/time/fake-clock.ts';
import { encodeError } from '../../src/netboot/tftp/packet.ts';
import { TftpService } from '../../src/netboot/tftp/tftp-service.ts';
import type { Random } from '../faults/random.ts';
import { malformed } from './ipmi-mutation.ts';
import { fuzzDatagrams } from './udp-run.ts';

const maxTransfers = 50;
const maxWindowBlocks = 64;
const files = new Map([
  ['ipxe.efi', Buffer.alloc(100_000, 1)],
  ['empty', Buffer.alloc(0)],
  ['text', Buffer.from('a\nb\r\n')],
]);

function request(opcode: number, ...texts: string[]): Buffer {
  return Buffer.from(`\0${String.fromCharCode(opcode)}${texts.map((text) => `${text}\0`).join('')}`, 'latin1');
}

const acks = Array.from({ length: 70 }, (_, block) => Buffer.from([0, 4, 0, block]));
const pool: Buffer[] = [
  request(1, 'ipxe.efi', 'octet'),
  request(1, 'ipxe.efi', 'octet', 'blksize', '8', 'windowsize', '64'),
  request(1, '02:00:5e:00:53:01/ipxe.efi', 'OCTET', 'tsize', '0', 'BLKSIZE', '1468', 'timeout', '1'),
  request(1, 'text', 'netascii', 'windowsize', '16'),
  request(1, 'empty', 'octet', 'tsize', '0'),
  request(1, 'none', 'octet'),
  request(2, 'ipxe.efi', 'octet'),
  ...acks,
  encodeError(0, 'stop'),
  encodeError(8, 'no'),
  Buffer.from([0, 3, 0, 1, 1, 2, 3]),
];

await fuzzDatagrams('TFTP service', () => {
  const clock = new FakeClock();
  const find = (file: string) => files.get(file.slice(file.lastIndexOf('/') + 1));
  const service = new TftpService({ files: { find }, clock, maxTransfers, maxWindowBlocks });
  let sent = 0;
  const open = () => ({
    send: (packet: Buffer) => {
      assert.ok(packet.length >= 4);
      sent++;
    },
    close: () => {},
  });
  let steps = 0;
  return async (random: Random) => {
    sent = 0;
    const peer = { address: `192.0.2.${random.below(20)}`, port: 1 + random.below(8) };
    const datagram = random.chance(0.5) ? random.pick(pool) : malformed(pool, random);
    service.received(datagram, peer, open);
    assert.ok(sent <= maxWindowBlocks, `${sent} packets for one`);
    assert.ok(service.transfers <= maxTransfers, `${service.transfers} transfers`);
    assert.ok(clock.pending <= maxTransfers, `${clock.pending} timers`);
    if (++steps % 500 === 0) await clock.advance(random.below(3000));
  };
});
