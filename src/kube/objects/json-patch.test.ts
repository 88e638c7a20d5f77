import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { JsonPatchOperation } from '../client/options.ts';
import { equalJson, isJsonObject, type JsonObject } from './json.ts';
import { jsonPatch } from './json-patch.ts';

const key = fc.oneof(fc.constantFrom('a', 'a/b', '~', '~1', '', '__proto__'), fc.string({ maxLength: 2 }));
const document = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, 0, 'text'),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
})).object;

describe('jsonPatch', () => {
  it('is the way from before to after', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        const operations = JSON.parse(JSON.stringify(jsonPatch(before, after))) as JsonPatchOperation[];
        assert.ok(equalJson(applied(before, operations), after), JSON.stringify(operations));
      }),
      { numRuns: 500 },
    );
  });

  const table: [string, object, object, JsonPatchOperation[]][] = [
    ['is empty for equals', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ['adds a member', { a: 1 }, { a: 1, b: { c: 2 } }, [{ op: 'add', path: '/b', value: { c: 2 } }]],
    ['sets null, which is a value', { a: 1 }, { a: null }, [{ op: 'replace', path: '/a', value: null }]],
    ['takes undefined for absent', { a: 1 }, { a: undefined }, [{ op: 'remove', path: '/a' }]],
    ['escapes names', { 'a/b~': 1 }, {}, [{ op: 'remove', path: '/a~1b~0' }]],
    ['goes into lists', { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, [{ op: 'replace', path: '/a/0/b', value: 2 }]],
    [
      'shortens lists from the end',
      { a: [1, 2, 3] },
      { a: [1] },
      [
        { op: 'remove', path: '/a/2' },
        { op: 'remove', path: '/a/1' },
      ],
    ],
    ['lengthens lists', { a: [1] }, { a: [1, 2] }, [{ op: 'add', path: '/a/-', value: 2 }]],
  ];
  for (const [name, before, after, operations] of table) {
    it(name, () => assert.deepEqual(jsonPatch(before, after), operations));
  }

  it('takes linear time for long lists', () => {
    const before = { a: Array.from({ length: 50_000 }, (_, index) => ({ index })) };
    const started = performance.now();
    jsonPatch(before, { a: [{ index: -1 }, ...before.a] });
    assert.ok(performance.now() - started < 2_000);
  });
});

/** A plain RFC 6902 interpreter for the three operations used. */
function applied(document: unknown, operations: JsonPatchOperation[]): unknown {
  let result = structuredClone(document);
  for (const operation of operations) {
    const segments = operation.path
      .split('/')
      .slice(1)
      .map((text) => text.replaceAll('~1', '/').replaceAll('~0', '~'));
    result = step(result, segments, operation);
  }
  return result;
}

function step(target: unknown, [segment, ...rest]: string[], operation: JsonPatchOperation): unknown {
  if (segment === undefined) return 'value' in operation ? operation.value : undefined;
  if (Array.isArray(target)) {
    if (segment === '-') return [...target, step(undefined, rest, operation)];
    const index = Number(segment);
    const value = step(target[index], rest, operation);
    return rest.length === 0 && operation.op === 'remove' ? target.toSpliced(index, 1) : target.with(index, value);
  }
  assert.ok(isJsonObject(target), `no object at ${operation.path}`);
  const members = new Map(Object.entries(target));
  if (rest.length === 0 && operation.op !== 'add') assert.ok(members.has(segment), `nothing at ${operation.path}`);
  if (rest.length === 0 && operation.op === 'remove') members.delete(segment);
  else members.set(segment, step(members.get(segment), rest, operation));
  return Object.fromEntries(members);
}
