import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { type TftpTransfer, tftpTransferChannel } from '../telemetry.ts';
import { encodeError } from './packet.ts';
import { type Line, type Peer, TftpService, type TftpServiceOptions } from './tftp-service.ts';

const content = Buffer.from('0123456789'.repeat(120));
const peer: Peer = { address: '192.0.2.11', port: 2070 };

function read(file: string, ...texts: string[]): Buffer {
  return Buffer.from(`\0\x01${[file, 'octet', ...texts].map((text) => `${text}\0`).join('')}`, 'latin1');
}

function ack(block: number): Buffer {
  return Buffer.from([0, 4, block >> 8, block & 0xff]);
}

/** A packet as text: `DATA 1 (512)`, `OACK tsize=5`, `ERROR 1 file not found`. */
function shown(packet: Buffer): string {
  const [opcode, number] = [packet.readUInt16BE(0), packet.readUInt16BE(2)];
  if (opcode === 3) return `DATA ${number} (${packet.length - 4})`;
  if (opcode === 5) return `ERROR ${number} ${packet.toString('latin1', 4, packet.length - 1)}`;
  const texts = packet.toString('latin1', 2).split('\0');
  return `OACK ${texts.map((text, i) => (i % 2 === 0 ? `${i > 0 && text !== '' ? ' ' : ''}${text}` : `=${text}`)).join('')}`;
}

describe('TftpService', () => {
  let clock: FakeClock;
  let service: TftpService;
  let sent: string[];
  let lines: number;
  let told: TftpTransfer[];
  const listen = (message: unknown) => told.push(message as TftpTransfer);

  function make(options: Partial<TftpServiceOptions> = {}): void {
    const files = { find: (file: string) => (file === 'ipxe.efi' ? content : undefined) };
    service = new TftpService({ files, clock, ...options });
  }

  function receive(datagram: Buffer, from = peer): string[] {
    const open = (): Line => {
      lines++;
      return { send: (packet) => sent.push(shown(packet)), close: () => lines-- };
    };
    service.received(datagram, from, open);
    return sent.splice(0);
  }

  beforeEach(() => {
    clock = new FakeClock();
    [sent, lines, told] = [[], 0, []];
    subscribe(tftpTransferChannel, listen);
    make();
  });

  afterEach(() => {
    unsubscribe(tftpTransferChannel, listen);
    service.stop();
    assert.equal(clock.pending, 0, 'a timer is left');
    assert.equal(lines, 0, 'a way to a client is left open');
  });

  it('sends a file, and tells of it', () => {
    assert.deepEqual(receive(read('ipxe.efi')), ['DATA 1 (512)']);
    assert.deepEqual(receive(ack(1)), ['DATA 2 (512)']);
    assert.deepEqual(receive(ack(2)), ['DATA 3 (176)']);
    assert.deepEqual(receive(ack(3)), []);
    assert.equal(service.transfers, 0);
    assert.deepEqual(
      told.map(({ file, outcome, sizeBytes }) => [file, outcome, sizeBytes]),
      [['ipxe.efi', 'sent', 1200]],
    );
  });

  it('confirms options, waits for ACK 0, sends windows', () => {
    assert.deepEqual(receive(read('ipxe.efi', 'BLKSIZE', '400', 'windowsize', '2', 'tsize', '0')), [
      'OACK BLKSIZE=400 windowsize=2 tsize=1200',
    ]);
    assert.deepEqual(receive(ack(0)), ['DATA 1 (400)', 'DATA 2 (400)']);
    assert.deepEqual(receive(ack(2)), ['DATA 3 (400)', 'DATA 4 (0)']);
    assert.deepEqual(receive(ack(4)), []);
    assert.equal(told[0]?.outcome, 'sent');
  });

  it('sends again with growing pauses, then gives the client up', async () => {
    receive(read('ipxe.efi'));
    const at: number[] = [];
    for (let second = 1; second <= 60; second++) {
      await clock.advance(1000);
      if (sent.splice(0).length > 0) at.push(second);
    }
    assert.deepEqual(at, [1, 3, 7, 15, 25]);
    assert.equal(service.transfers, 0);
    assert.deepEqual([told[0]?.outcome, told[0]?.timeouts], ['given-up', 5]);
  });

  it('waits as long as a client asks, and begins anew to count after each block', async () => {
    receive(read('ipxe.efi', 'timeout', '3'));
    receive(ack(0));
    await clock.advance(2900);
    assert.deepEqual(sent, []);
    await clock.advance(200);
    assert.deepEqual(sent.splice(0), ['DATA 1 (512)']);
    assert.deepEqual(receive(ack(1)), ['DATA 2 (512)']);
    await clock.advance(3100);
    assert.deepEqual(sent.splice(0), ['DATA 2 (512)']);
  });

  it('answers a request that comes twice as it did the first time, and one from a client that began anew', () => {
    receive(read('ipxe.efi', 'tsize', '0'));
    assert.deepEqual(receive(read('ipxe.efi', 'tsize', '0')), ['OACK tsize=1200']);
    assert.equal(service.transfers, 1);
    receive(ack(0));
    assert.deepEqual(receive(read('ipxe.efi', 'tsize', '0')), ['OACK tsize=1200']);
    assert.equal(told[0]?.outcome, 'replaced');
  });

  it('tells others apart by address and port, and disturbs nobody’s transfer for a stranger', () => {
    receive(read('ipxe.efi'));
    for (const stranger of [
      { address: peer.address, port: 2071 },
      { address: '192.0.2.12', port: peer.port },
    ]) {
      assert.deepEqual(receive(ack(1), stranger), ['ERROR 5 unknown transfer ID']);
      assert.deepEqual(receive(encodeError(0, 'stop'), stranger), []);
    }
    assert.deepEqual(receive(ack(1)), ['DATA 2 (512)']);
  });

  const refusals: [string, Buffer, string, string][] = [
    ['a file that is not there', read('etc/passwd'), 'ERROR 1 file not found', 'not-found'],
    ['writing', Buffer.from('\0\x02ipxe.efi\0octet\0'), 'ERROR 2 this server is for reading only', 'refused'],
    [
      'a mode of old',
      Buffer.from('\0\x01ipxe.efi\0mail\0'),
      'ERROR 4 only the modes octet and netascii are served',
      'refused',
    ],
  ];
  for (const [name, datagram, error, outcome] of refusals) {
    it(`refuses ${name}`, () => {
      assert.deepEqual(receive(datagram), [error]);
      assert.equal(told[0]?.outcome, outcome);
    });
  }

  it('lets a client end its transfer, as those do that only ask for the size', () => {
    receive(read('ipxe.efi', 'tsize', '0'));
    assert.deepEqual(receive(encodeError(8, 'only the size')), []);
    assert.deepEqual([told[0]?.outcome, told[0]?.reason], ['ended-by-client', '8: only the size']);
  });

  it('makes room for new clients by what was never heard of again, but never by a transfer under way', () => {
    make({ maxTransfers: 2 });
    const [a, b, c, d] = [1, 2, 3, 4].map((port) => ({ address: '192.0.2.20', port })) as [Peer, Peer, Peer, Peer];
    receive(read('ipxe.efi'), a);
    receive(ack(1), a);
    receive(read('ipxe.efi'), b);
    assert.deepEqual(receive(read('ipxe.efi'), c), ['DATA 1 (512)']);
    assert.deepEqual(receive(ack(1), b), ['ERROR 5 unknown transfer ID']);
    receive(ack(1), c);
    assert.deepEqual(receive(read('ipxe.efi'), d), []);
    assert.equal(service.transfers, 2);
  });

  it('tells clients when it stops', () => {
    receive(read('ipxe.efi'));
    service.stop();
    assert.deepEqual(sent, ['ERROR 0 the server stops, ask again']);
  });
});
