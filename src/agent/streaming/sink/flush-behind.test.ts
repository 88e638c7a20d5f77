import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { FlushBehind } from './flush-behind.ts';

describe('FlushBehind', () => {
  /** A disk whose flushes end when the test says so. */
  function slowDisk() {
    const under: PromiseWithResolvers<void>[] = [];
    const log: string[] = [];
    const flush = new FlushBehind({
      path: '/dev/slow',
      everyBytes: 100,
      open: async (path) => {
        log.push(`open ${path}`);
        return {
          datasync: () => {
            log.push('flush');
            const ends = Promise.withResolvers<void>();
            under.push(ends);
            return ends.promise;
          },
          close: async () => void log.push('close'),
        };
      },
    });
    return { flush, log, under };
  }

  it('flushes when much has gathered, and never twice at once', async () => {
    const { flush, log, under } = slowDisk();
    flush.notice(99);
    await setImmediate();
    assert.deepEqual(log, []);
    flush.notice(100);
    await setImmediate();
    flush.notice(500);
    await setImmediate();
    assert.deepEqual(log, ['open /dev/slow', 'flush']);
    under[0]?.resolve();
    await setImmediate();
    flush.notice(199);
    await setImmediate();
    assert.equal(under.length, 1);
    flush.notice(501);
    await setImmediate();
    assert.deepEqual(log, ['open /dev/slow', 'flush', 'flush']);
  });

  it('has let go of the disk when it has ended', async () => {
    const { flush, log, under } = slowDisk();
    flush.notice(100);
    await setImmediate();
    let hasEnded = false;
    const ended = flush.end().then(() => {
      hasEnded = true;
    });
    await setImmediate();
    assert.equal(hasEnded, false);
    under[0]?.resolve();
    await ended;
    flush.notice(1000);
    await setImmediate();
    assert.deepEqual(log, ['open /dev/slow', 'flush', 'close']);
    await flush.end();
  });

  it('leaves failures to the sync at the end, and does not try again', async () => {
    const { flush, log, under } = slowDisk();
    flush.notice(100);
    await setImmediate();
    under[0]?.reject(new Error('medium error'));
    await setImmediate();
    flush.notice(1000);
    await flush.end();
    assert.deepEqual(log, ['open /dev/slow', 'flush', 'close']);
  });

  it('does without, where the disk cannot be opened a second time', async () => {
    const flush = new FlushBehind({ path: '/dev/gone', everyBytes: 1, open: () => Promise.reject(new Error('gone')) });
    flush.notice(10);
    await flush.end();
  });
});
