import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { finishedAnnotation, finishedMark, finishedText, statusRestored } from './finished-mark.ts';
import { jittered } from './jitter.ts';
import { attemptAnnotation, attemptOf } from './task/attempt.ts';

describe('the mark of an end', () => {
  const read = (text: string) => finishedMark({ annotations: { [finishedAnnotation]: text } });

  it('can be read again', () => {
    for (const mark of [{ type: 'Completed' }, { type: 'Failed' }, { type: 'Failed', message: 'a: b\nc' }] as const) {
      assert.deepEqual(read(finishedText(mark)), mark);
    }
    assert.equal(finishedMark({}), undefined);
  });

  it('means the end even where nobody knows what it says', () => {
    for (const text of ['', 'SUCCESS', 'Failed:', '__proto__']) assert.deepEqual(read(text), { type: 'Failed' });
  });

  it('gives a status back', () => {
    const before = { conditions: [{ type: 'Running', status: 'True' }] };
    const { conditions } = statusRestored(before, { type: 'Failed', message: 'why' });
    assert.deepEqual(conditions, [
      { type: 'Running', status: 'False' },
      { type: 'Failed', status: 'True', message: 'why' },
    ]);
    const [completed] = statusRestored(undefined, { type: 'Completed' }).conditions ?? [];
    assert.match(completed?.message ?? '', /not done again/);
  });
});

describe('the mark of an attempt', () => {
  const read = (text?: string) =>
    attemptOf({ metadata: { annotations: text === undefined ? {} : { [attemptAnnotation]: text } } } as never);

  it('means that something was sent even where it cannot be read', () => {
    for (const text of ['', '[]', 'null', '{"count":"x","at":"never","before":7,"taken":"yes"}']) {
      assert.deepEqual(read(text), { count: 1, at: '1970-01-01T00:00:00.000Z', before: 'unknown' });
    }
    assert.equal(read(), undefined);
  });

  it('can be read again', () => {
    const attempt = { count: 2, at: '2026-01-01T00:00:00.000Z', before: 'on', taken: true } as const;
    assert.deepEqual(read(JSON.stringify(attempt)), attempt);
  });
});

describe('jitter', () => {
  it('spreads work by a tenth either way, the same for the same key', () => {
    const spread = Array.from({ length: 1000 }, (_, i) => jittered(1800, `ns/machine-${i}`));
    assert.ok(spread.every((seconds) => seconds >= 1620 && seconds <= 1980));
    assert.ok(new Set(spread.map((seconds) => Math.round(seconds / 36))).size > 8);
    assert.equal(jittered(1800, 'ns/a'), jittered(1800, 'ns/a'));
  });
});
