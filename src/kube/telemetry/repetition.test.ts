import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { Repetition } from './repetition.ts';

describe('Repetition', () => {
  it('tells what is new at once, and the same again only after a while, with how often it was held back', async () => {
    const clock = new FakeClock();
    const repetition = new Repetition(clock, 60);
    assert.equal(repetition.tell('a', 'x'), 0);
    assert.equal(repetition.tell('a', 'x'), undefined);
    assert.equal(repetition.tell('a', 'y'), 0);
    assert.equal(repetition.tell('a', 'y'), undefined);
    await clock.advance(60_000);
    assert.equal(repetition.tell('a', 'y'), 1);
    assert.equal(repetition.forget('a'), true);
    assert.equal(repetition.forget('a'), false);
  });

  it('remembers no more than a thousand keys, those told last', () => {
    const repetition = new Repetition(new FakeClock(), 60);
    for (let key = 0; key < 1000; key += 1) repetition.tell(String(key), 'x');
    assert.equal(repetition.tell('1000', 'x'), 0);
    assert.equal(repetition.tell('1', 'x'), undefined);
    assert.equal(repetition.tell('0', 'x'), 0);
  });
});
