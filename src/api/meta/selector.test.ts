import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { LabelSelector } from './label-selector.ts';
import { matchesLabels, selectorText } from './selector.ts';

const labels = { type: 'worker', rack: 'a' };
const expression = (key: string, operator: string, ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, values }],
});

describe('a label selector', () => {
  for (const [selector, expected, text] of [
    [{}, true, '(everything)'],
    [{ matchLabels: { type: 'worker' } }, true, 'type=worker'],
    [{ matchLabels: { type: 'worker', rack: 'b' } }, false, 'type=worker,rack=b'],
    [{ matchLabels: { constructor: 'x' } }, false, 'constructor=x'],
    [expression('rack', 'In', 'a', 'b'), true, 'rack in (a, b)'],
    [expression('row', 'In', 'a'), false, 'row in (a)'],
    [expression('rack', 'NotIn', 'a'), false, 'rack notin (a)'],
    [expression('row', 'NotIn', 'a'), true, 'row notin (a)'],
    [expression('rack', 'Exists'), true, 'rack'],
    [expression('toString', 'Exists'), false, 'toString'],
    [expression('rack', 'DoesNotExist'), false, '!rack'],
    [expression('row', 'DoesNotExist'), true, '!row'],
    [expression('rack', 'in', 'a'), false, 'rack in (a)'],
  ] as const satisfies [LabelSelector, boolean, string][]) {
    it(`${text} ${expected ? 'chooses' : 'does not choose'} a worker in rack a`, () => {
      assert.equal(matchesLabels(selector, labels), expected);
      assert.equal(selectorText(selector), text);
    });
  }

  it('with anything in it does not choose what has no labels', () => {
    assert.equal(matchesLabels({ matchLabels: { a: '' } }), false);
    assert.equal(matchesLabels({}), true);
  });
});
