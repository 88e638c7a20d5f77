import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { substitute } from './substitute.ts';

describe('the variables of a manifest', () => {
  for (const [text, expected] of [
    ['a ${SET} b', 'a value b'],
    ['${SET:=other}', 'value'],
    ['${ABSENT:=other}', 'other'],
    ['${ABSENT:-other}', 'other'],
    ['${ SET }', 'value'],
    ['${EMPTY:=other}', 'other'],
    ['${EMPTY=other}', ''],
    ['${ABSENT:=}', ''],
    ['$${SET} and $SET', '${SET} and $SET'],
    ['A=${SET},B=${ABSENT:=false}', 'A=value,B=false'],
  ] as const) {
    it(`turns ${text} into ${expected === '' ? 'nothing' : expected}`, () => {
      assert.equal(substitute(text, { SET: 'value', EMPTY: '' }), expected);
    });
  }

  it('names all that have no value at once', () => {
    assert.throws(() => substitute('${ONE} ${TWO:=2} ${THREE}', {}), /ONE, THREE$/);
  });
});
