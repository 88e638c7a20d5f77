import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type DhcpOption, findOption, optionCode } from './option.ts';
import { type DhcpPacket, decodePacket, encodePacket, maxPacketBytes } from './packet.ts';

/** Objects as ours are, for deepEqual. */
const plain = { noNullPrototype: true } as const;
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u8 = fc.integer({ min: 0, max: 255 });
const u16 = fc.integer({ min: 0, max: 0xffff });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((data) => Buffer.from(data));
const text = (maxLength: number) => fc.uint8Array({ maxLength, min: 1 }).map((data) => Buffer.from(data));
const options: fc.Arbitrary<DhcpOption[]> = fc.uniqueArray(
  fc.record(
    {
      code: fc.integer({ min: 1, max: 254 }).filter((code) => code !== optionCode.overload),
      data: bytes(600),
    },
    plain,
  ),
  { maxLength: 5, selector: ({ code }) => code },
);
const packets: fc.Arbitrary<DhcpPacket> = fc.record(
  {
    op: u8,
    htype: u8,
    hops: u8,
    xid: u32,
    secs: u16,
    flags: u16,
    ciaddr: u32,
    yiaddr: u32,
    siaddr: u32,
    giaddr: u32,
    chaddr: bytes(16),
    sname: text(64),
    file: text(128),
    options,
  },
  plain,
);

describe('decodePacket and encodePacket', () => {
  it('bring every packet there and back, options longer than 255 bytes and unknown ones too', () => {
    fc.assert(
      fc.property(packets, (packet) => {
        const encoded = encodePacket(packet);
        assert.ok(encoded.length >= 300);
        assert.deepEqual(decodePacket(encoded), { packet });
      }),
    );
  });

  it('do not crash on any bytes, nor on a good packet with a bad byte or a cut', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), (data) => void decodePacket(Buffer.from(data))));
    fc.assert(
      fc.property(packets, fc.nat(), u8, fc.nat(), (packet, where, value, cut) => {
        const broken = Buffer.from(encodePacket(packet));
        broken[where % broken.length] = value;
        decodePacket(broken);
        decodePacket(broken.subarray(0, cut % broken.length));
      }),
    );
  });

  it('write the header where RFC 2131 has it', () => {
    const encoded = encodePacket(discover({ options: [{ code: 53, data: Buffer.of(1) }] }));
    assert.equal(
      encoded.subarray(0, 34).toString('hex'),
      '010106030102030400058000c0000201c0000202c0000203c000020402005e005301',
    );
    assert.equal(encoded.toString('latin1', 44, 48), 'boot');
    assert.equal(encoded.toString('latin1', 108, 112), 'file');
    assert.equal(encoded.subarray(236, 246).toString('hex'), '63825363350101ff0000');
  });

  it('read options in the fields file and sname, in this order, and join what is spread over them (RFC 3396)', () => {
    const encoded = encodePacket(discover({ options: [opt(52, 3), opt(12, 0x61, 0x62)] }));
    encoded.fill(0, 44, 236);
    Buffer.from([12, 1, 0x64, 200, 1, 9, 255]).copy(encoded, 44);
    Buffer.from([0, 12, 1, 0x63, 255]).copy(encoded, 108);
    const packet = decoded(encoded);
    assert.equal(findOption(packet.options, 12)?.toString(), 'abcd');
    assert.deepEqual(findOption(packet.options, 200), Buffer.of(9));
    assert.equal(findOption(packet.options, 52), undefined);
    assert.deepEqual([packet.sname.length, packet.file.length], [0, 0]);
  });

  it('read a packet without an End option, and one with pads between options', () => {
    const encoded = encodePacket(discover({ options: [] })).subarray(0, 240);
    const packet = decoded(Buffer.concat([encoded, Buffer.of(0, 0, 53, 1, 3, 0, 54, 0, 0)]));
    assert.deepEqual(packet.options, [opt(53, 3), opt(54)]);
  });

  const good = encodePacket(discover({ options: [opt(53, 1)] }));
  const corpus: Record<string, [Buffer, RegExp]> = {
    nothing: [Buffer.alloc(0), /0 bytes are too few/],
    'three bytes': [Buffer.of(1, 1, 6), /3 bytes are too few/],
    'BOOTP without a cookie': [Buffer.concat([good.subarray(0, 236), Buffer.alloc(64)]), /magic cookie/],
    'a header cut': [good.subarray(0, 239), /too few/],
    'hardware address of 17 bytes': [patched(2, 17), /hardware address of 17 bytes/],
    'an option beyond the end': [
      Buffer.concat([good.subarray(0, 240), Buffer.of(60, 200, 1)]),
      /option 60 goes beyond/,
    ],
    'an option without a length': [Buffer.concat([good.subarray(0, 240), Buffer.of(60)]), /option 60 goes beyond/],
    'overload of nothing': [withOptions(52, 1, 0, 255), /option 52/],
    'overload 255': [withOptions(52, 1, 255, 255), /option 52/],
    'overload of two bytes': [withOptions(52, 2, 1, 1, 255), /option 52/],
    'overload with a broken file field': [overloaded(107 + 128, 60), /option 60 goes beyond/],
    'very long': [Buffer.concat([good, Buffer.alloc(maxPacketBytes)]), /too many/],
  };
  for (const [name, [packet, problem]] of Object.entries(corpus)) {
    it(`refuse ${name}`, () => {
      const result = decodePacket(packet);
      assert.ok('problem' in result);
      assert.match(result.problem, problem);
    });
  }

  it('say when a field is too long for its place', () => {
    assert.throws(() => encodePacket(discover({ file: Buffer.alloc(129, 1) })), /file 129 bytes/);
  });

  function patched(at: number, value: number): Buffer {
    const copy = Buffer.from(good);
    copy[at] = value;
    return copy;
  }

  function withOptions(...options: number[]): Buffer {
    return Buffer.concat([good.subarray(0, 240), Buffer.from(options)]);
  }

  function overloaded(at: number, value: number): Buffer {
    const copy = withOptions(52, 1, 1, 255);
    copy.fill(0, 108, 236);
    copy[at] = value;
    return copy;
  }
});

function decoded(data: Buffer): DhcpPacket {
  const result = decodePacket(data);
  assert.ok('packet' in result, JSON.stringify(result));
  return result.packet;
}

function opt(code: number, ...data: number[]): DhcpOption {
  return { code, data: Buffer.from(data) };
}

function discover(fields: Partial<DhcpPacket>): DhcpPacket {
  return {
    op: 1,
    htype: 1,
    hops: 3,
    xid: 0x01020304,
    secs: 5,
    flags: 0x8000,
    ciaddr: 0xc0000201,
    yiaddr: 0xc0000202,
    siaddr: 0xc0000203,
    giaddr: 0xc0000204,
    chaddr: Buffer.from('02005e005301', 'hex'),
    sname: Buffer.from('boot'),
    file: Buffer.from('file'),
    options: [],
    ...fields,
  };
}
