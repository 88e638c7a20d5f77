import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { negotiate } from './negotiate.ts';
import { toNetascii } from './netascii.ts';
import { decodePacket, encodeError, encodeOptionsAck, type ReadRequest } from './packet.ts';

const limits = { maxBlockSizeBytes: 1468, maxWindowBlocks: 64 };

/** A request in bytes: `read('ipxe.efi', 'octet', 'blksize', '1468')`. */
function read(...texts: string[]): Buffer {
  return Buffer.concat([Buffer.from([0, 1]), Buffer.from(texts.map((text) => `${text}\0`).join(''), 'latin1')]);
}

function request(...options: string[]): ReadRequest {
  const packet = decodePacket(read('file', 'octet', ...options));
  assert.ok(packet?.type === 'read');
  return packet;
}

function confirmed(sizeBytes: number, ...options: string[]): string {
  return negotiate(request(...options), limits, sizeBytes)
    .confirmed.map(({ name, value }) => `${name}=${value}`)
    .join(' ');
}

describe('decodePacket', () => {
  it('reads requests with and without options', () => {
    assert.deepEqual(decodePacket(read('a/b.efi', 'OCTET')), {
      type: 'read',
      file: 'a/b.efi',
      mode: 'octet',
      options: [],
    });
    assert.deepEqual(request('blksize', '1468', 'tsize', '0').options, [
      { name: 'blksize', value: '1468' },
      { name: 'tsize', value: '0' },
    ]);
  });

  it('takes requests of ROMs that pad, and leaves out half an option', () => {
    assert.deepEqual(request('', '', '').options, []);
    assert.deepEqual(request('tsize').options, []);
    const cut = read('file', 'octet', 'blksize', '1468').subarray(0, -2);
    const packet = decodePacket(cut);
    assert.ok(packet?.type === 'read');
    assert.deepEqual(packet.options, []);
  });

  const malformed: [string, Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from([0])],
    ['an opcode alone', Buffer.from([0, 1])],
    ['no name', read('', 'octet')],
    ['no mode', read('file')],
    ['a name without end', Buffer.from('\0\x01file')],
    ['a mode without end', Buffer.from('\0\x01file\0octet')],
    ['a name of 2000 bytes', read('x'.repeat(2000), 'octet')],
    ['DATA', Buffer.from([0, 3, 0, 1, 1, 2, 3])],
    ['an OACK', encodeOptionsAck([{ name: 'tsize', value: '1' }])],
    ['opcode 9', Buffer.from([0, 9, 0, 0])],
    ['an ACK cut short', Buffer.from([0, 4, 0])],
  ];
  for (const [name, datagram] of malformed) {
    it(`drops ${name}`, () => assert.equal(decodePacket(datagram), undefined));
  }

  it('reads ACKs, also longer ones, and errors, also without an end', () => {
    assert.deepEqual(decodePacket(Buffer.from([0, 4, 0xff, 0xfe, 0, 0])), { type: 'ack', block: 0xfffe });
    assert.deepEqual(decodePacket(encodeError(8, 'no')), { type: 'error', code: 8, message: 'no' });
    assert.deepEqual(decodePacket(Buffer.from('\0\x05\0\x03abc')), { type: 'error', code: 3, message: 'abc' });
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.integer({ min: 0, max: 6 }), (bytes, opcode) => {
        const packet = decodePacket(Buffer.from([0, opcode, ...bytes]));
        if (packet?.type !== 'read') return;
        assert.ok(packet.file.length > 0 && packet.file.length <= 1024 && packet.options.length <= 16);
      }),
    );
  });
});

describe('negotiate', () => {
  const cases: [string, string[], string][] = [
    ['nothing asked', [], ''],
    ['a block size', ['blksize', '1024'], 'blksize=1024'],
    ['a block size beyond ours', ['blksize', '65464'], 'blksize=1468'],
    ['a block size of 8', ['blksize', '8'], 'blksize=8'],
    ['a block size of 7', ['blksize', '7'], ''],
    ['names in any case, which come back as they were', ['BlkSize', '600', 'TSIZE', '0'], 'BlkSize=600 TSIZE=4000'],
    ['the size asked with a number that is not 0', ['tsize', '5'], 'tsize=4000'],
    ['a window', ['windowsize', '16'], 'windowsize=16'],
    ['a window beyond ours', ['windowsize', '65535'], 'windowsize=64'],
    ['a window of 0', ['windowsize', '0'], ''],
    ['a timeout', ['timeout', '255'], 'timeout=255'],
    ['a timeout out of range', ['timeout', '256', 'tsize', '0'], 'tsize=4000'],
    ['what is no number', ['blksize', '0x400', 'timeout', '1.5', 'tsize', '', 'windowsize', '-1'], ''],
    ['an option twice', ['blksize', '600', 'BLKSIZE', '700'], 'blksize=600'],
    ['unknown options, and names of object properties', ['rollover', '0', '__proto__', '1', 'constructor', '1'], ''],
  ];
  for (const [name, options, expected] of cases) {
    it(`answers ${name}`, () => assert.equal(confirmed(4000, ...options), expected));
  }

  it('leaves the size of an empty file out, which curl takes for nonsense', () => {
    assert.equal(confirmed(0, 'tsize', '0', 'blksize', '600'), 'blksize=600');
  });

  it('keeps to the limits whatever is asked', () => {
    const name = fc.constantFrom('blksize', 'windowsize', 'timeout', 'tsize', 'other');
    const value = fc.oneof(fc.nat().map(String), fc.string());
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (pairs) => {
        const asked = pairs.flat().map((text) => text.replaceAll('\0', ' '));
        const agreement = negotiate(request(...asked), limits, 4000);
        assert.ok(agreement.blockSizeBytes >= 8 && agreement.blockSizeBytes <= 1468);
        assert.ok(agreement.windowBlocks >= 1 && agreement.windowBlocks <= 64);
        const { timeoutSeconds = 1 } = agreement;
        assert.ok(timeoutSeconds >= 1 && timeoutSeconds <= 255);
      }),
    );
  });
});

describe('toNetascii', () => {
  it('ends lines with CR LF and follows a lone CR with a zero byte', () => {
    assert.equal(toNetascii(Buffer.from('a\nb\rc\r\n')).toString(), 'a\r\nb\r\0c\r\0\r\n');
    const plain = Buffer.from('plain');
    assert.equal(toNetascii(plain), plain);
  });
});
