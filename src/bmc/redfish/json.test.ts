import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { at, flagAt, listAt, numberAt, objectOf, objectsAt, textAt, textsAt } from './json.ts';

describe('readers of uncertain JSON', () => {
  const document = {
    name: ' box ',
    blank: '  ',
    count: 3,
    quoted: '16',
    on: true,
    one: 'CD',
    many: ['CD', 7, '', null, 'DVD'],
    inner: { deep: { '@odata.id': '/x' } },
    mixed: [{ a: 1 }, 'b', null, [], { c: 2 }],
    nil: null,
  };

  it('find what is there in the type it should have', () => {
    assert.equal(textAt(document, 'name'), 'box');
    assert.equal(numberAt(document, 'count'), 3);
    assert.equal(numberAt(document, 'quoted'), 16);
    assert.equal(flagAt(document, 'on'), true);
    assert.equal(textAt(document, 'inner', 'deep', '@odata.id'), '/x');
    assert.deepEqual(textsAt(document, 'many'), ['CD', 'DVD']);
    assert.deepEqual(textsAt(document, 'one'), ['CD']);
    assert.deepEqual(objectsAt(document, 'mixed'), [{ a: 1 }, { c: 2 }]);
    assert.deepEqual(listAt(document, 'nil'), []);
  });

  it('take whatever does not fit as absent', () => {
    assert.equal(textAt(document, 'count'), undefined);
    assert.equal(textAt(document, 'blank'), undefined);
    assert.equal(numberAt(document, 'name'), undefined);
    assert.equal(flagAt(document, 'one'), undefined);
    assert.equal(at(document, 'name', 'length'), undefined);
    assert.equal(at(document, 'many', '0'), undefined);
  });

  it('see nothing in what an object inherits', () => {
    for (const key of ['constructor', '__proto__', 'toString']) assert.equal(at({}, key), undefined);
    assert.deepEqual(at(JSON.parse('{"__proto__": {"a": 1}}'), '__proto__', 'a'), 1);
  });

  it('never throw, whatever they are given', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.array(fc.string()), (value, keys) => {
        for (const read of [at, textAt, numberAt, flagAt, listAt, textsAt, objectsAt]) read(value, ...keys);
        objectOf(value);
      }),
    );
  });
});
