import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Malformed, Reader } from '../codec/reader.ts';
import { describeFru } from './description.ts';
import { encodeField, readField } from './field.ts';
import { areaLength, decodeArea, decodeHeader, encodeFru, headerLength } from './layout.ts';

const field = (...bytes: number[]) => readField(new Reader(Buffer.from(bytes), 'test'));

describe('FRU inventories', () => {
  it('hold text in four encodings', () => {
    assert.equal(field(0x83, 0x29, 0xdc, 0xa6), 'IPMI', 'six bits, the example of the definition (§13.3)');
    assert.equal(field(0x42, 0x12, 0xab), '12 -');
    assert.equal(field(0x02, 0xde, 0xad), 'dead');
    assert.equal(field(0xc4, 0x44, 0x65, 0x6c, 0x6c), 'Dell');
    assert.equal(field(0xc4, 0x44, 0x20, 0x20, 0x00), 'D', 'fill is no text');
    assert.equal(field(0xc0), '');
    assert.equal(field(0xc1), undefined, 'the end of the list');
    assert.throws(() => field(0xc4, 0x44), Malformed);
    assert.throws(() => encodeField('x'.repeat(64)), Malformed);
  });

  it('come back as they went', () => {
    const text = fc
      .array(fc.constantFrom(...'ABCxyz019 -'), { maxLength: 40 })
      .map((characters) => characters.join('').trim());
    const fields = fc.array(text, { maxLength: 8 });
    fc.assert(
      fc.property(fc.record({ chassis: fields, board: fields, product: fields }), (areas) => {
        const fru = encodeFru(areas);
        const offsets = decodeHeader(fru);
        for (const name of ['chassis', 'board', 'product'] as const) {
          const area = fru.subarray(offsets[name]);
          assert.deepEqual(decodeArea(name, area.subarray(0, areaLength(area))), areas[name]);
        }
      }),
    );
  });

  it('are refused when damaged', () => {
    const fru = encodeFru({ product: ['maker', 'model'] });
    for (let at = 0; at < fru.length; at++) {
      const damaged = Buffer.from(fru);
      damaged.writeUInt8((damaged[at] ?? 0) ^ 0xff, at);
      assert.throws(() => {
        decodeHeader(damaged);
        decodeArea('product', damaged.subarray(headerLength));
      }, Malformed);
    }
    assert.throws(() => decodeArea('board', Buffer.alloc(0)), Malformed);
    // Sums are right, but the list has no end.
    assert.throws(() => decodeArea('product', Buffer.from([1, 1, 0, 0xff, 0, 0, 0, 0xff])), Malformed);
  });

  it('describe the machine by the best they have', () => {
    assert.deepEqual(
      describeFru({
        chassis: ['P1', 'CHASSIS'],
        board: ['Board Maker', 'Board', 'BOARD'],
        product: ['Maker', 'Model', '', '', 'SERIAL'],
      }),
      { manufacturer: 'Maker', model: 'Model', serialNumber: 'SERIAL' },
    );
    assert.deepEqual(
      describeFru({
        chassis: ['', 'CHASSIS'],
        board: ['Board Maker', 'Board'],
        product: ['', 'To be filled by O.E.M.'],
      }),
      { manufacturer: 'Board Maker', model: 'Board', serialNumber: 'CHASSIS' },
    );
    assert.deepEqual(describeFru({ product: ['None', 'N/A', '', '', '000000'] }), {});
  });
});
