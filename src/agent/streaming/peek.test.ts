import assert from 'node:assert/strict';
import { it } from 'mocha';
import { peek } from './peek.ts';

/** A source that uses one piece of memory for all its chunks, as ours do. */
async function* chunksOf(...texts: string[]): AsyncGenerator<Uint8Array, void> {
  const memory = Buffer.alloc(16);
  for (const text of texts) yield memory.subarray(0, memory.write(text));
}

for (const { name, chunks, length, head } of [
  { name: 'ends within a chunk', chunks: ['abc', 'defgh', 'ij'], length: 5, head: 'abcde' },
  { name: 'ends with a chunk', chunks: ['abc', '', 'de', 'fg'], length: 5, head: 'abcde' },
  { name: 'is in the first chunk', chunks: ['abcdefgh', 'ij'], length: 2, head: 'ab' },
  { name: 'is longer than the stream', chunks: ['abc', 'd'], length: 5, head: 'abcd' },
  { name: 'is of nothing', chunks: [], length: 5, head: '' },
]) {
  it(`the head of a stream ${name}, and nothing of the stream is lost`, async () => {
    const peeked = await peek(chunksOf(...chunks), length);
    assert.equal(Buffer.from(peeked.head).toString(), head);
    let whole = '';
    for await (const chunk of peeked.whole()) {
      assert.notEqual(chunk.length, 0);
      whole += Buffer.from(chunk).toString();
    }
    assert.equal(whole, chunks.join(''));
  });
}
