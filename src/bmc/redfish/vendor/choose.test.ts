import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { vendorOf, vendors } from './choose.ts';

describe('whose BMC it is', () => {
  const table: [string[], string[], string][] = [
    [['Dell'], ['Dell Inc.'], 'dell'],
    [[], ['Dell Inc.'], 'dell'],
    [['Hp'], ['HP'], 'hpe'],
    [['Hpe'], ['Reseller'], 'hpe'],
    [[], ['Hewlett Packard Enterprise'], 'hpe'],
    [['Supermicro'], [], 'supermicro'],
    [[], ['Super Micro Computer'], 'supermicro'],
    [['Lenovo'], [], 'lenovo'],
    [['Ami'], ['ASRockRack'], 'ami'],
    [[], ['GIGABYTE'], 'ami'],
    [['OpenBmc'], [], 'openbmc'],
    [['Public'], ['capt'], 'generic'],
    [['constructor'], [], 'generic'],
    [[], [], 'generic'],
  ];
  for (const [oemKeys, manufacturers, name] of table) {
    it(`is ${name} for Oem ${oemKeys.join() || '(none)'} and ${manufacturers.join() || 'no name'}`, () => {
      assert.equal(vendorOf({ oemKeys, manufacturers }).name, name);
    });
  }

  it('has a name of its own for each', () => {
    assert.equal(new Set(vendors.map(({ name }) => name)).size, vendors.length);
  });
});
