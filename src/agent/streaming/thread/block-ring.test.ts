import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { BlockRing } from './block-ring.ts';

function push(ring: BlockRing, value: number, length: number): void {
  ring.room().fill(value, 0, length);
  ring.push(length);
}

describe('BlockRing', () => {
  it('gives blocks out in order and in place, to whoever has its memory', () => {
    const ring = new BlockRing();
    const blocks = new BlockRing(ring.memory).blocks();
    const seen: [number, number][] = [];
    for (let value = 1; value < 100; value++) {
      push(ring, value, value * 10);
      const { value: block } = blocks.next();
      assert.ok(block !== undefined);
      assert.ok(block.every((byte) => byte === value));
      seen.push([value, block.length]);
    }
    assert.deepEqual(seen[98], [99, 990]);
    ring.end();
    assert.equal(blocks.next().done, true);
  });

  it('ends only when everything was taken', () => {
    const ring = new BlockRing();
    for (const value of [1, 2, 3]) push(ring, value, 5);
    ring.end();
    assert.deepEqual(
      [...ring.blocks()].map(([first]) => first),
      [1, 2, 3],
    );
    assert.throws(() => {
      for (let blocks = 0; blocks < 100; blocks++) push(ring, 1, 1);
    }, /nothing is taken any more/);
  });

  it('is broken for both sides at once, and stays so', () => {
    const ring = new BlockRing();
    push(ring, 1, 5);
    ring.break();
    ring.end();
    assert.throws(() => ring.room(), /stopped/);
    assert.throws(() => ring.blocks().next(), /stopped/);
  });

  it('lets no side wait for ever that waits when it breaks', async () => {
    const ring = new BlockRing();
    const { Worker } = await import('node:worker_threads');
    const script = `
      import { workerData, parentPort } from 'node:worker_threads';
      const { BlockRing } = await import(workerData.module);
      parentPort.postMessage('waiting');
      try { [...new BlockRing(workerData.memory).blocks()]; parentPort.postMessage('ended'); }
      catch (error) { parentPort.postMessage(error.message); }`;
    const module = new URL('./block-ring.ts', import.meta.url).href;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), {
      workerData: { module, memory: ring.memory },
      execArgv: [],
    });
    const said: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message) => {
        said.push(message);
        if (message === 'waiting') ring.break();
        else resolve();
      });
    });
    await worker.terminate();
    assert.deepEqual(said, ['waiting', 'writing was stopped']);
  });
});
