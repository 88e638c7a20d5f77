import { runeAt } from '../value/runes.ts';
import { isTimestamp, resolvePlain } from './resolve.ts';

export type Style = 'plain' | 'single' | 'double' | 'literal';

/** What a text allows. */
interface Analysis {
  readonly isMultiline: boolean;
  readonly plainAllowed: boolean;
  readonly singleAllowed: boolean;
  readonly blockAllowed: boolean;
}

/** Characters that can be shown as they are. */
export function isPrintable(code: number): boolean {
  if (code < 0x80) return code === 0x0a || (code >= 0x20 && code <= 0x7e);
  return code === 0x85 || (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff);
}

export function isBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

const startsLikeSyntax = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \t]|$))/;
const containsSyntax = /.:(?:[ \t]|$)|[\0 \t\r\n\x85]#/s;

function analyze(text: string): Analysis {
  let special = false;
  let breaks = false;
  let spaceAfterBreak = false;
  let spaceBeforeBreak = false;
  let previous = 0;
  for (let at = 0; at < text.length; ) {
    const { code, size } = runeAt(text, at);
    special ||= !isPrintable(code);
    if (code === 0x20 && isBreak(previous)) spaceAfterBreak = true;
    if (isBreak(code)) {
      breaks = true;
      spaceBeforeBreak ||= previous === 0x20;
    }
    previous = code;
    at += size;
  }
  const endsInSpace = text.endsWith(' ');
  const isRagged =
    /^[ \n\r]|[ \n\r]$/.test(text) || isBreak(previous) || (text !== '' && isBreak(runeAt(text, 0).code));
  const hasSyntax = startsLikeSyntax.test(text) || containsSyntax.test(text);
  const isClean = !spaceBeforeBreak && !special;
  return {
    isMultiline: breaks,
    plainAllowed: isClean && !isRagged && !breaks && !spaceAfterBreak && !hasSyntax,
    singleAllowed: isClean && !spaceAfterBreak,
    blockAllowed: isClean && text !== '' && !endsInSpace,
  };
}

const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** How yaml.v2 writes a string: plain where it stays a string, quoted elsewhere, as a block when it has lines. */
export function stringStyle(text: string, isKey: boolean): Style {
  const analysis = analyze(text);
  const staysString = typeof resolvePlain(text) === 'string' && !isTimestamp(text) && !base60.test(text);
  let style: Style = text.includes('\n') ? 'literal' : staysString ? 'plain' : 'double';
  if (isKey && analysis.isMultiline) style = 'double';
  if (style === 'plain' && !analysis.plainAllowed) style = 'single';
  if (style === 'single' && !analysis.singleAllowed) style = 'double';
  return style === 'literal' && !analysis.blockAllowed ? 'double' : style;
}

/** True when a text can be a key in front of a colon; others need a line of their own with a question mark. */
export function isSimpleKey(text: string): boolean {
  return text.length <= 128 && !analyze(text).isMultiline;
}
