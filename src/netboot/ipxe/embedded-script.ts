/**
 * Programs that were built for it have room for more script lines: two comment lines of 131 bytes together, which are
 * overwritten before they are served.
 */
const slot = Buffer.from(
  '#a8b7e61f1075c37a793f2f92cee89f7bba00c4a8d7842ce3d40b5889032d8881\n' +
    '#ddd16a4fc4926ecefdfb6941e33c44ed3647133638f5e84021ea44d3152e7f97',
  'latin1',
);

export const embeddedScriptSlotBytes = slot.length;

/**
 * @returns a copy with `patch` in the place for it, filled up with blanks; the program itself when it has no such place
 * @throws RangeError when `patch` is longer than the place
 */
export function patchEmbeddedScript(program: Buffer, patch: string): Buffer {
  const bytes = Buffer.from(patch);
  if (bytes.length > slot.length) throw new RangeError(`${bytes.length} bytes are more than ${slot.length}`);
  const at = program.indexOf(slot);
  if (at < 0) return program;
  const patched = Buffer.from(program);
  patched.fill(' ', at, at + slot.length);
  bytes.copy(patched, at);
  return patched;
}
