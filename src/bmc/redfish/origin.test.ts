import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { originOf } from './origin.ts';

describe('the origin of a BMC', () => {
  const table: [string, string | undefined][] = [
    ['10.0.0.7', 'https://10.0.0.7:8443'],
    ['bmc-7.example', 'https://bmc-7.example:8443'],
    ['node_7', 'https://node_7:8443'],
    ['fe80::1', 'https://[fe80::1]:8443'],
    ['[2001:db8::1]', 'https://[2001:db8::1]:8443'],
    ['fe80::1%eth0', undefined],
    ['bmc/../x', undefined],
    ['user@bmc', undefined],
    ['bmc:80', undefined],
    ['https://bmc', undefined],
    ['bmc#x', undefined],
    ['', undefined],
  ];
  for (const [host, origin] of table) {
    it(`is ${origin ?? 'none'} for ${JSON.stringify(host)}`, () => assert.equal(originOf('https', host, 8443), origin));
  }
});
