import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { broadcastOf, formatIpv4, isNetmask, parseIpv4 } from './ipv4.ts';

describe('IPv4 addresses as numbers', () => {
  it('read and write every address', () => {
    fc.assert(fc.property(fc.ipV4(), (text) => assert.equal(formatIpv4(parseIpv4(text) ?? -1), text)));
    assert.equal(parseIpv4('255.255.255.255'), 0xffffffff);
  });

  for (const wrong of ['', '192.0.2', '192.0.2.256', '192.0.2.1.', '::1', '192.0.2.1/24', ' 192.0.2.1', '0x7f.1']) {
    it(`refuse ${JSON.stringify(wrong)}`, () => assert.equal(parseIpv4(wrong), undefined));
  }

  it('know netmasks', () => {
    for (const mask of ['255.255.255.0', '255.255.255.255', '128.0.0.0', '255.254.0.0']) {
      assert.ok(isNetmask(parseIpv4(mask) ?? 0), mask);
    }
    for (const none of ['255.0.255.0', '0.0.0.255', '255.255.255.1', '254.255.0.0']) {
      assert.ok(!isNetmask(parseIpv4(none) ?? 0), none);
    }
  });

  it('know the broadcast address of a network', () => {
    const [address = 0, mask = 0] = ['192.0.2.130', '255.255.255.128'].map(parseIpv4);
    assert.equal(formatIpv4(broadcastOf(address, mask)), '192.0.2.255');
  });
});
