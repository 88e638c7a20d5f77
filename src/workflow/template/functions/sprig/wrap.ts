import type { Call } from '../../value/function.ts';

/** Breaks a line at spaces. Words longer than a line stay whole, or are cut. Widths are in bytes. */
export function wrapText(call: Call, text: string, wanted: number, newline: string, cutWords: boolean): string {
  const width = Math.max(wanted, 1);
  let wrapped = '';
  let at = 0;
  while (text.length - at > width) {
    call.meter.step();
    if (text.charAt(at) === ' ') {
      at++;
      continue;
    }
    const { end, next } = lineEnd(text, at, width, cutWords);
    wrapped += text.slice(at, end);
    at = next;
    if (end === text.length) break;
    call.meter.grow(newline.length);
    wrapped += newline;
  }
  return wrapped + text.slice(at);
}

/** Where the line that begins at an offset ends, and where the next one begins. */
function lineEnd(text: string, at: number, width: number, cutWords: boolean): { end: number; next: number } {
  const space = text.lastIndexOf(' ', at + width);
  if (space >= at) return { end: space, next: space + 1 };
  if (cutWords) return { end: at + width, next: at + width };
  const later = text.indexOf(' ', at + width);
  return later < 0 ? { end: text.length, next: text.length } : { end: later, next: later + 1 };
}
