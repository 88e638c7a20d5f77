const newline = 0x0a;

/** Objects are at most 1.5 MiB in etcd and grow a little as JSON; more than this on one line is no watch event. */
const defaultMaxLineBytes = 16 * 1024 * 1024;

/** A line longer than the limit. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
}

/**
 * Cuts a byte stream into lines, yielding all that a chunk completes at once. A last line without its newline is
 * dropped: the stream broke off inside it.
 * @throws LineTooLong
 */
export async function* lineBatches(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes = defaultMaxLineBytes,
): AsyncGenerator<string[]> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const lastNewline = chunk.lastIndexOf(newline);
    if (lastNewline < 0) {
      restBytes += chunk.length;
      if (restBytes > maxLineBytes) throw new LineTooLong(`a line exceeds ${maxLineBytes} bytes`);
      rest.push(chunk);
      continue;
    }
    const end = chunk.subarray(0, lastNewline);
    const complete = (
      rest.length === 0 ? Buffer.from(end.buffer, end.byteOffset, end.length) : Buffer.concat([...rest, end])
    )
      // One conversion for all lines is much faster than one for each.
      .toString('utf8');
    rest = lastNewline + 1 < chunk.length ? [chunk.subarray(lastNewline + 1)] : [];
    restBytes = chunk.length - lastNewline - 1;
    const lines = complete.split('\n').filter((line) => line !== '');
    if (lines.length > 0) yield lines;
  }
}
