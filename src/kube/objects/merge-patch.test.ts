import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { equalJson, isJsonObject } from './json.ts';
import { applyMergePatch, mergePatch } from './merge-patch.ts';

/** JSON objects with awkward names in them, `null` members among others. */
const key = fc.oneof(
  fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', ''),
  fc.string({ maxLength: 3 }),
);
const jsonObject = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, 1, '', 'text'),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
})).object;

describe('mergePatch', () => {
  it('is the way from before to after', () => {
    fc.assert(
      fc.property(jsonObject, jsonObject, (before, after) => {
        const patch = mergePatch(before, after);
        const reached = patch === undefined ? before : applyMergePatch(before, wire(patch));
        assert.ok(equalJson(withoutNulls(reached), withoutNulls(after)), JSON.stringify({ patch, reached }));
      }),
      { numRuns: 500 },
    );
  });

  it('is undefined exactly when nothing changed', () => {
    fc.assert(
      fc.property(jsonObject, jsonObject, (before, after) => {
        assert.equal(mergePatch(before, structuredClone(before)), undefined);
        const same = equalJson(withoutNulls(before), withoutNulls(after));
        assert.equal(mergePatch(before, after) === undefined, same);
      }),
    );
  });

  it('changes neither side, and no prototype', () => {
    fc.assert(
      fc.property(jsonObject, jsonObject, (before, after) => {
        const copies = structuredClone([before, after]);
        applyMergePatch(before, mergePatch(before, after) ?? {});
        assert.ok(equalJson([before, after], copies));
        assert.deepEqual(Object.keys(Object.prototype), []);
      }),
    );
  });

  const table: [string, object, object, object | undefined][] = [
    ['adds', {}, { a: 1 }, { a: 1 }],
    ['removes by null', { a: 1, b: 2 }, { b: 2 }, { a: null }],
    ['takes undefined for absent', { a: 1 }, { a: undefined }, { a: null }],
    ['takes null for absent', { a: 1 }, { a: null }, { a: null }],
    ['does not remove what is not there', {}, { a: null, b: undefined }, undefined],
    ['touches only what changed', { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, { a: { c: 3 } }],
    ['replaces lists as a whole', { a: [1, 2] }, { a: [1, 2, 3] }, { a: [1, 2, 3] }],
    ['keeps an empty object that is new', {}, { a: {} }, { a: {} }],
    ['empties an object', { a: { b: 1 } }, { a: {} }, { a: { b: null } }],
    ['turns a list into an object', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['does not mind the order', { a: 1, b: 2 }, { b: 2, a: 1 }, undefined],
  ];
  for (const [name, before, after, patch] of table) {
    it(name, () => assert.deepEqual(mergePatch(before, after), patch));
  }

  it('treats __proto__ as a name like any other', () => {
    const after = JSON.parse('{"labels": {"__proto__": {"polluted": "yes"}}}');
    const patch = mergePatch({ labels: {} }, after);
    assert.equal(JSON.stringify(patch), '{"labels":{"__proto__":{"polluted":"yes"}}}');
    assert.equal(JSON.stringify(applyMergePatch({}, patch)), '{"labels":{"__proto__":{"polluted":"yes"}}}');
    assert.equal(({} as { polluted?: string }).polluted, undefined);
  });
});

describe('applyMergePatch', () => {
  /** The examples of RFC 7386, appendix A. */
  const examples: [unknown, unknown, unknown][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of examples) {
    it(`${JSON.stringify(target)} + ${JSON.stringify(patch)}`, () => {
      assert.deepEqual(applyMergePatch(target, patch), result);
    });
  }
});

function wire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Members that are `null` count as absent; in lists `null` is a value. */
function withoutNulls(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(members.map(([name, inner]) => [name, withoutNulls(inner)]));
}
