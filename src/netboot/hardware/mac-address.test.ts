import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { canonicalMac } from './mac-address.ts';

describe('canonicalMac', () => {
  for (const spelling of [
    '02:00:5e:ab:cd:0f',
    '02:00:5E:AB:CD:0F',
    '02-00-5E-ab-cd-0f',
    '0200.5eab.cd0f',
    '02005EABCD0F',
  ]) {
    it(`takes ${spelling}`, () => assert.equal(canonicalMac(spelling), '02:00:5e:ab:cd:0f'));
  }

  for (const wrong of [
    '',
    '02:00:5e:ab:cd',
    '02:00:5e:ab:cd:0f:11',
    '02:00:5e:ab:cd:0g',
    '02:00-5e:ab:cd:0f',
    ' 02:00:5e:ab:cd:0f',
    '02:00:5e:ab:cd:0f\n',
    '2:0:5e:ab:cd:f',
  ]) {
    it(`refuses ${JSON.stringify(wrong)}`, () => assert.equal(canonicalMac(wrong), undefined));
  }
});
