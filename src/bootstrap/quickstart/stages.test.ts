import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { Stages } from './stages.ts';

describe('stages', () => {
  let nowMs: number;
  let seen: string[];
  let stages: Stages<'a' | 'b'>;
  const spec = (id: 'a' | 'b') => ({ id, title: id.toUpperCase(), why: 'because' });

  beforeEach(() => {
    nowMs = 1_000;
    seen = [];
    const clock = { monotonic: () => nowMs };
    stages = new Stages([spec('a'), spec('b')], clock, () => {
      seen.push(stages.views.map(({ status, detail = '' }) => `${status} ${detail}`.trim()).join(', '));
    });
  });

  it('tell every change, and when it was', async () => {
    const result = await stages.run('a', async (tell) => {
      nowMs += 500;
      tell('half\n way\u001b[31m');
      return 7;
    });
    assert.equal(result, 7);
    assert.deepEqual(seen, ['running, waiting', 'running half way [31m, waiting', 'done half way [31m, waiting']);
    const [a] = stages.views;
    assert.deepEqual([a?.startedMs, a?.endedMs, stages.elapsedMs], [0, 500, 500]);
  });

  it('may overlap, and fail one by one', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const a = stages.run('a', () => promise);
    await stages.run('b', async () => {});
    reject(new Error('no'));
    await assert.rejects(a, /^Error: no$/);
    assert.deepEqual(
      stages.views.map(({ status }) => status),
      ['failed', 'done'],
    );
  });
});
