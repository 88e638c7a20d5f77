import { fn, type GoFunction } from '../../value/function.ts';
import { string } from '../../value/params.ts';
import { encodeRune, encodeRunes, mapRunes, runesOf } from '../../value/runes.ts';
import {
  isDigit,
  isLetter,
  isLower,
  isSpace,
  isTitle,
  isUpper,
  toLower,
  toTitle,
  toUpper,
} from '../../value/unicode.ts';
import { toPascalCase } from './pascal-case.ts';
import { joinWords } from './word-case.ts';

/** Runes are counted as work: Unicode tables are slow. */
function textFn(body: (text: string) => string): GoFunction {
  return fn([string], (call, text) => {
    call.meter.step(text.length >> 3);
    call.meter.grow(3 * text.length);
    return body(text);
  });
}

/** Whether a rune ends a word for `title`. */
function separates(code: number): boolean {
  return code !== 0x5f && !isLetter(code) && !isDigit(code) && (code < 0x80 || isSpace(code));
}

function title(text: string): string {
  let previous = 0x20;
  return mapRunes(text, (code) => {
    const begins = separates(previous);
    previous = code;
    return begins ? toTitle(code) : code;
  });
}

/** The first letter of every word in lower case. */
function untitle(text: string): string {
  let begins = true;
  return mapRunes(text, (code) => {
    if (isSpace(code)) {
      begins = true;
      return code;
    }
    const first = begins;
    begins = false;
    return first ? toLower(code) : code;
  });
}

function swapCase(text: string): string {
  let afterSpace = true;
  const swapped = runesOf(text).map((code) => {
    if (isUpper(code) || isTitle(code)) {
      afterSpace = false;
      return toLower(code);
    }
    if (isLower(code)) {
      const first = afterSpace;
      afterSpace = false;
      return first ? toTitle(code) : toUpper(code);
    }
    afterSpace = isSpace(code);
    return code;
  });
  return encodeRunes(swapped);
}

/** The first byte of every word; bytes beyond ASCII come out as the characters of that number, as in the original. */
function initials(text: string): string {
  let gap = true;
  let letters = '';
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) gap = true;
    else if (gap) {
      letters += encodeRune(code);
      gap = false;
    }
  }
  return letters;
}

export const textCases = {
  upper: textFn((text) => mapRunes(text, toUpper)),
  lower: textFn((text) => mapRunes(text, toLower)),
  title: textFn(title),
  untitle: textFn(untitle),
  swapcase: textFn(swapCase),
  initials: textFn(initials),
  camelcase: textFn(toPascalCase),
  snakecase: textFn((text) => joinWords(text, 0x5f)),
  kebabcase: textFn((text) => joinWords(text, 0x2d)),
};
