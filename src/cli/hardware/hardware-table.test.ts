import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { renderViews } from './hardware-table.ts';

const now = new Date('2026-01-02T00:00:00Z');
const views = [
  {
    namespace: 'a',
    name: 'node-1',
    owner: 'default/m',
    power: 'on',
    state: 'Claimed',
    created: '2026-01-01T00:00:00Z',
  },
  { namespace: 'long-name', name: 'n', state: 'Available', reason: 'line one\nline\u001b[31m two' },
] as const;

describe('the table of Hardware', () => {
  it('is laid out as kubectl does it, without what a terminal would act on', () => {
    assert.deepEqual(renderViews(views, now, false), [
      'NAME     OWNER       POWER    STATE       AGE         REASON',
      'node-1   default/m   on       Claimed     1d          <none>',
      'n        <none>      <none>   Available   <unknown>   line one line [31m two',
    ]);
  });

  it('has the namespace in front when there are several', () => {
    assert.deepEqual(
      renderViews(views, now, true).map((line) => line.slice(0, 21)),
      ['NAMESPACE   NAME     ', 'a           node-1   ', 'long-name   n        '],
    );
  });
});
