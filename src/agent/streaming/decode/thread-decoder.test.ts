import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { describe, it } from 'mocha';
import { ThreadDecoder } from './thread-decoder.ts';

describe('ThreadDecoder', () => {
  async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
    yield bytes;
  }

  it('gives what fits into its ring without anybody emptying it', async () => {
    const data = Buffer.alloc(600_000, 'some data, ');
    const decoder = new ThreadDecoder('gz', 'http://images/x');
    await decoder.decompress(once(gzipSync(data)));
    const blocks = [...decoder.output.blocks()].map((block) => Buffer.from(block));
    assert.equal(Buffer.compare(Buffer.concat(blocks), data), 0);
    await decoder.stop();
  });

  it('can be stopped while it has no room, in the middle of a few bytes that become very many', async () => {
    const decoder = new ThreadDecoder('gz', 'http://images/x');
    const decompressed = decoder.decompress(once(gzipSync(Buffer.alloc(64 << 20))));
    await Promise.all([assert.rejects(decompressed, /ended/), decoder.stop()]);
  });

  it('tells what is wrong with the data without waiting for more of it', async () => {
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      yield Buffer.alloc(1 << 20, 'this is not compressed');
      await new Promise(() => {});
    }
    const decoder = new ThreadDecoder('zst', 'http://images/x');
    await assert.rejects(decoder.decompress(endless()), { code: 'IMAGE_CORRUPT' });
    await decoder.stop();
  });
});
