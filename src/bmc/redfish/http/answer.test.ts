import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Answer } from './answer.ts';

const answer = (body: string | Buffer, headers: Record<string, string> = {}) =>
  new Answer({ status: 200, headers, body: Buffer.from(body) }, 100_000);

describe('an answer', () => {
  it('is a JSON object, nothing, or garbled', () => {
    assert.deepEqual(answer('{"a":1}').json, { a: 1 });
    assert.equal(answer('{"a":1}').isGarbled, false);
    assert.equal(answer('').isGarbled, false);
    assert.equal(answer(' \n').isGarbled, false);
    for (const text of ['[1]', '"a"', 'null', '7', '{"a":', '<html>', '\u0000']) {
      assert.equal(answer(text).isGarbled, true, text);
      assert.deepEqual(answer(text).json, {}, text);
    }
    assert.deepEqual(answer('\ufeff{"a":1}').json, { a: 1 });
  });

  it('may be compressed, but not without end', () => {
    const gzip = { 'content-encoding': 'gzip' };
    assert.deepEqual(answer(gzipSync('{"a":1}'), gzip).json, { a: 1 });
    assert.equal(answer(gzipSync(`{"a":"${'x'.repeat(1_000_000)}"}`), gzip).isGarbled, true);
    assert.equal(answer('not packed', gzip).isGarbled, true);
  });

  it('has its entity tag in the header or in the body', () => {
    assert.equal(answer('{"@odata.etag":"\\"b\\""}', { etag: '"h"' }).etag, '"h"');
    assert.equal(answer('{"@odata.etag":"\\"b\\""}').etag, '"b"');
  });

  it('can be made of any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void answer(Buffer.from(bytes)).json));
  });
});
