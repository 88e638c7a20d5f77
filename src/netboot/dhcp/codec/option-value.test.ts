import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseIpv4 } from './ipv4.ts';
import {
  addressesOption,
  classlessRoutesOption,
  domainNamesOption,
  readArchitectures,
  readSubOptions,
  readUint32,
  readUserClasses,
  subOptionsOption,
  uint32Option,
} from './option-value.ts';

const hex = (option: { data: Buffer } | undefined) => option?.data.toString('hex');
const address = (text: string) => parseIpv4(text) ?? assert.fail(text);

describe('values of options', () => {
  it('write addresses and numbers', () => {
    assert.equal(hex(addressesOption(6, [address('192.0.2.1'), address('198.51.100.255')])), 'c0000201c63364ff');
    assert.equal(hex(uint32Option(51, 0xffffffff)), 'ffffffff');
    assert.equal(readUint32(Buffer.from('c0000201', 'hex')), 0xc0000201);
    for (const wrong of [undefined, Buffer.alloc(3), Buffer.alloc(5)]) assert.equal(readUint32(wrong), undefined);
  });

  for (const [network, prefixLength, encoded] of [
    ['0.0.0.0', 0, '00c0000201'],
    ['10.0.0.0', 8, '080ac0000201'],
    ['10.229.0.128', 25, '190ae50080c0000201'],
    ['10.198.122.47', 32, '200ac67a2fc0000201'],
    // Bits beyond the prefix are not part of the network.
    ['10.17.99.99', 12, '0c0a10c0000201'],
  ] as const) {
    it(`write the route to ${network}/${prefixLength} as RFC 3442 has it`, () => {
      const route = { network: address(network), prefixLength, router: address('192.0.2.1') };
      assert.equal(hex(classlessRoutesOption(121, [route])), encoded);
    });
  }

  it('write domain names as labels', () => {
    assert.equal(hex(domainNamesOption(119, ['a.example.', 'b'])), '0161076578616d706c6500016200');
    for (const wrong of ['', '.', 'a..b', `${'x'.repeat(64)}.example`, `${'abcdefg.'.repeat(32)}x`]) {
      assert.equal(domainNamesOption(119, [wrong]), undefined, wrong);
    }
  });

  it('read user classes bare and as RFC 3004 has them', () => {
    assert.ok(readUserClasses(Buffer.from('iPXE')).includes('iPXE'));
    assert.ok(readUserClasses(Buffer.from('\x04iPXE')).includes('iPXE'));
    assert.ok(readUserClasses(Buffer.from('\x03abc\x0aTinkerbell')).includes('Tinkerbell'));
    assert.ok(!readUserClasses(Buffer.from('\x05iPXE')).includes('iPXE'));
    assert.ok(!readUserClasses(Buffer.from('xiPXE')).includes('iPXE'));
    assert.deepEqual(readUserClasses(undefined), []);
    assert.deepEqual(readUserClasses(Buffer.alloc(0)), []);
  });

  it('read architectures, half a one not', () => {
    assert.deepEqual(readArchitectures(Buffer.of(0, 7, 0, 9, 1)), [7, 9]);
    assert.deepEqual(readArchitectures(undefined), []);
  });

  it('write sub-options and read them again, up to the first that is broken', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record(
            { code: fc.nat(255), data: fc.uint8Array({ maxLength: 60 }).map((d) => Buffer.from(d)) },
            { noNullPrototype: true },
          ),
          {
            maxLength: 4,
          },
        ),
        (subOptions) => {
          const { data } = subOptionsOption(82, subOptions);
          assert.deepEqual(readSubOptions(data), subOptions);
          assert.deepEqual(readSubOptions(Buffer.concat([data, Buffer.of(1, 9)])), subOptions);
        },
      ),
    );
    assert.deepEqual(readSubOptions(undefined), []);
  });
});
