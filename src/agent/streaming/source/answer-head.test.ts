import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseAnswerHead } from './answer-head.ts';

const head = (...lines: string[]) => parseAnswerHead(lines.join('\r\n'));

describe('parseAnswerHead', () => {
  it('reads status, headers in any case, and the length of the body', () => {
    const read = head('HTTP/1.1 206 Partial Content', 'CONTENT-length:  42 ', 'ETag: "a: b"', 'Vary: a', 'Vary: b');
    assert.equal(read?.status, 206);
    assert.equal(read.bodyBytes, 42);
    assert.equal(read.headers.get('etag'), '"a: b"');
    assert.equal(read.headers.get('vary'), 'a');
    assert.equal(head('HTTP/1.0 404')?.status, 404);
  });

  it('knows no length of a body that is chunked, encoded, or says none that is a number', () => {
    for (const line of ['Transfer-Encoding: chunked', 'Content-Encoding: gzip', 'X: y']) {
      const lines = line === 'X: y' ? [line] : [line, 'Content-Length: 5'];
      assert.equal(head('HTTP/1.1 200 OK', ...lines)?.bodyBytes, undefined, line);
    }
    for (const length of ['', '-1', '0x10', '1e3', '5, 5', '9'.repeat(16)]) {
      assert.equal(head('HTTP/1.1 200 OK', `Content-Length: ${length}`)?.bodyBytes, undefined, length);
    }
  });

  const refused: Record<string, string[]> = {
    'another version': ['HTTP/2 200 OK'],
    'an interim answer': ['HTTP/1.1 100 Continue'],
    'a status that is none': ['HTTP/1.1 2000 OK'],
    'two lengths': ['HTTP/1.1 200 OK', 'Content-Length: 5', 'content-length: 6'],
    'a folded header': ['HTTP/1.1 200 OK', 'X: a', ' b'],
    'a blank before the colon': ['HTTP/1.1 200 OK', 'Content-Length : 5'],
    'a control character': ['HTTP/1.1 200 OK', 'X: a\nContent-Length: 5'],
  };
  for (const [name, lines] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.equal(head(...lines), undefined));
  }

  it('never throws, and believes no length but a number', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary-ascii' })), (lines) => {
        const { bodyBytes = 0 } = head('HTTP/1.1 200 OK', ...lines) ?? {};
        assert.ok(Number.isSafeInteger(bodyBytes) && bodyBytes >= 0);
      }),
    );
  });
});
