import { GoError } from '../value/error.ts';
import { daysIn, type Instant, instantOf, utc, type Zone } from './instant.ts';
import { isFraction, type LayoutPiece, layoutPieces } from './layout.ts';
import { quoteAscii as quote } from './quote.ts';
import { ElementReader, Malformed, OutOfRange, type TimeFields } from './read-element.ts';

/** Reads a time by a layout, Go's `time.Parse`. Throws in its words. */
export function parseTime(layout: string, value: string): Instant {
  return new TimeParser(layout, value).parse();
}

class TimeParser {
  readonly #layout: string;
  readonly #value: string;
  readonly #reader: ElementReader;

  constructor(layout: string, value: string) {
    this.#layout = layout;
    this.#value = value;
    this.#reader = new ElementReader(value);
  }

  parse(): Instant {
    const pieces = layoutPieces(this.#layout);
    pieces.forEach((piece, i) => {
      this.#piece(piece, pieces[i + 1]);
    });
    return this.#instant(this.#reader.fields);
  }

  #piece({ prefix, element }: LayoutPiece, next: LayoutPiece | undefined): void {
    const reader = this.#reader;
    if (!reader.skip(prefix)) throw this.#error(prefix, reader.rest);
    if (element === undefined) {
      if (reader.rest !== '') throw this.#complaint(`extra text: ${quote(reader.rest)}`);
      return;
    }
    const held = reader.rest;
    const fractionFollows = next?.element !== undefined && isFraction(next.element);
    try {
      reader.read(element, fractionFollows);
    } catch (error) {
      if (error instanceof Malformed) throw this.#error(element, held);
      if (error instanceof OutOfRange) throw this.#complaint(`${error.message} out of range`);
      throw error;
    }
  }

  #error(element: string, rest: string): GoError {
    const [value, layout] = [quote(this.#value), quote(this.#layout)];
    return new GoError(`parsing time ${value} as ${layout}: cannot parse ${quote(rest)} as ${quote(element)}`);
  }

  #complaint(what: string): GoError {
    return new GoError(`parsing time ${quote(this.#value)}: ${what}`);
  }

  #instant(fields: TimeFields): Instant {
    const { year, second, nanosecond, minute } = fields;
    const hour =
      fields.half === 'pm' && fields.hour < 12
        ? fields.hour + 12
        : fields.half === 'am' && fields.hour === 12
          ? 0
          : fields.hour;
    const { month, day } = fields.yearDay === undefined ? fields : this.#fromYearDay(fields, fields.yearDay);
    const date = { year, month: month ?? 1, day: day ?? 1, hour, minute, second, nanosecond };
    if (date.day < 1 || date.day > daysIn(year, date.month)) throw this.#complaint('day out of range');
    // A zone that is known by its name only says how to show the time, not when it was.
    const zone = zoneOf(fields);
    const isNamed = fields.offset === undefined;
    return { ...instantOf(date, isNamed ? utc : zone), zone };
  }

  #fromYearDay({ year, month, day }: TimeFields, yearDay: number): { month: number; day: number } {
    const days = daysIn(year, 2) === 29 ? 366 : 365;
    if (yearDay < 1 || yearDay > days) throw this.#complaint('day-of-year out of range');
    let left = yearDay;
    let found = 1;
    for (; left > daysIn(year, found); found++) left -= daysIn(year, found);
    if (month !== undefined && month !== found) throw this.#complaint('day-of-year does not match month');
    if (day !== undefined && day !== left) throw this.#complaint('day-of-year does not match day');
    return { month: found, day: left };
  }
}

function zoneOf({ isUtc, offset, zoneName }: TimeFields): Zone {
  if (isUtc) return utc;
  if (offset !== undefined)
    return offset === 0 && (zoneName === '' || zoneName === 'UTC') ? utc : { name: zoneName, offset };
  if (zoneName === '') return utc;
  // A zone that is only known by its name counts as no offset, except for GMT+3 and its like.
  const hours = zoneName.startsWith('GMT') && zoneName.length > 3 ? Number(zoneName.slice(3)) : 0;
  return { name: zoneName, offset: hours * 3600 };
}
