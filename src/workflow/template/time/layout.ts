/** One piece of a layout: text to be taken as it is, and the element after it; none at the end. */
export interface LayoutPiece {
  readonly prefix: string;
  readonly element: string | undefined;
}

/** The reference time in all spellings that Go knows, longer ones first where one begins like another. */
const elements = new RegExp(
  [
    'January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST',
    '0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm',
    '[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07',
    '[.,](?:0+|9+)(?![0-9])',
  ].join('|'),
  'g',
);

/** Cuts a layout into its pieces. */
export function layoutPieces(layout: string): LayoutPiece[] {
  const pieces: LayoutPiece[] = [];
  let from = 0;
  for (const match of layout.matchAll(elements)) {
    pieces.push({ prefix: layout.slice(from, match.index), element: match[0] });
    from = match.index + match[0].length;
  }
  return [...pieces, { prefix: layout.slice(from), element: undefined }];
}

/** True for elements that give an offset from Greenwich. */
export function isOffset(element: string): boolean {
  return /^[-Z]07/.test(element);
}

export function isFraction(element: string): boolean {
  return element.startsWith('.') || element.startsWith(',');
}

export const monthNames = 'January February March April May June July August September October November December'.split(
  ' ',
);
export const dayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
