import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseJson } from './parse.ts';

describe('JSON of variables', () => {
  const faults: Record<string, [string, string]> = {
    nothing: ['', 'line 1, column 1: unexpected end of JSON input'],
    'a bare word': ['{\n  "a": secret}', "line 2, column 8: invalid character 's' looking for beginning of value"],
    'an end too early': ['{"a": [1,\n', 'line 2, column 1: unexpected end of JSON input'],
    'a comma too many': ['[1,]', "line 1, column 4: invalid character ']' looking for beginning of value"],
    'a second value': ['{}\n{}', "line 2, column 1: invalid character '{' after top-level value"],
    'single quotes': [
      "{'a': 1}",
      "line 1, column 2: invalid character '\\'' looking for beginning of object key string",
    ],
    'a newline in a string': ['["ü\n"]', "line 1, column 5: invalid character '\\n' in string literal"],
  };
  for (const [title, [text, message]] of Object.entries(faults)) {
    it(`says where ${title} is`, () => {
      assert.throws(() => parseJson(text), { name: 'SyntaxError', message });
    });
  }

  it('takes and refuses the same texts as JSON.parse, and points into the text', () => {
    const text = fc.oneof(
      fc.json(),
      fc.array(fc.constantFrom(...'{}[],:"\\u0e-+.1 \ntrue'), { maxLength: 12 }).map((chars) => chars.join('')),
    );
    fc.assert(
      fc.property(text, (json) => {
        let expected: unknown;
        try {
          expected = JSON.parse(json);
        } catch {
          assert.throws(() => parseJson(json), /^SyntaxError: line [0-9]+, column [0-9]+: ./);
          return;
        }
        assert.deepEqual(parseJson(json), expected);
      }),
      { numRuns: 500 },
    );
  });
});
