import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { canonicalIp } from './ip-address.ts';

describe('canonicalIp', () => {
  for (const [text, canonical] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ] as const) {
    it(`knows ${text} as ${canonical}`, () => assert.equal(canonicalIp(text), canonical));
  }

  for (const wrong of ['', '192.0.2', '192.0.2.256', 'host.example', '192.0.2.1/24', '2001:db8:::1']) {
    it(`refuses ${JSON.stringify(wrong)}`, () => assert.equal(canonicalIp(wrong), undefined));
  }
});
