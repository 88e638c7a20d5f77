import { dayNames, isFraction, isOffset, monthNames } from './layout.ts';

/** The value is not what the layout says. */
export class Malformed extends Error {}

/** The value has the right form but no such time exists; the message says what is out of range. */
export class OutOfRange extends Error {}

/** What has been read of a time. */
export interface TimeFields {
  year: number;
  month: number | undefined;
  day: number | undefined;
  yearDay: number | undefined;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  half: 'am' | 'pm' | undefined;
  isUtc: boolean;
  offset: number | undefined;
  zoneName: string;
}

/** Reads a time element by element. */
export class ElementReader {
  readonly fields: TimeFields = {
    year: 0,
    month: undefined,
    day: undefined,
    yearDay: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    half: undefined,
    isUtc: false,
    offset: undefined,
    zoneName: '',
  };
  rest: string;

  constructor(value: string) {
    this.rest = value;
  }

  /** Passes over text of the layout; spaces stand for any number of spaces. False when something else is there. */
  skip(prefix: string): boolean {
    let left = prefix;
    while (left !== '') {
      if (left.startsWith(' ')) {
        if (this.rest !== '' && !this.rest.startsWith(' ')) return false;
        left = left.replace(/^ +/, '');
        this.rest = this.rest.replace(/^ +/, '');
      } else {
        if (this.rest.charAt(0) !== left.charAt(0) || this.rest === '') return false;
        left = left.slice(1);
        this.rest = this.rest.slice(1);
      }
    }
    return true;
  }

  read(element: string, fractionFollows: boolean): void {
    if (isOffset(element)) this.#offset(element);
    else if (isFraction(element)) this.#fraction(element);
    else this.#plain(element, fractionFollows);
  }

  #plain(element: string, fractionFollows: boolean): void {
    switch (element) {
      case '2006':
      case '06':
        this.#year(element.length === 4 ? 4 : 2);
        break;
      case 'Jan':
      case 'January':
        this.fields.month = this.#name(monthNames, element.length === 3) + 1;
        break;
      case 'Mon':
      case 'Monday':
        this.#name(dayNames, element.length === 3);
        break;
      case 'PM':
      case 'pm':
        this.#half(element === 'PM');
        break;
      case 'MST':
        this.#zone();
        break;
      case '__2':
      case '002':
        this.#yearDay(element === '002');
        break;
      default:
        this.#number(element, fractionFollows);
    }
  }

  #take(pattern: RegExp): string {
    const [found] = pattern.exec(this.rest) ?? [];
    if (found === undefined) throw new Malformed();
    this.rest = this.rest.slice(found.length);
    return found;
  }

  #year(digits: 2 | 4): void {
    const text = this.#take(digits === 4 ? /^[0-9].{3}/s : /^.{2}/s);
    if (!(digits === 4 ? /^[0-9]{4}$/ : /^[+-]?[0-9]+$/).test(text)) throw new Malformed();
    const year = Number(text);
    this.fields.year = digits === 4 ? year : year >= 69 ? 1900 + year : 2000 + year;
  }

  #name(names: readonly string[], isShort: boolean): number {
    const index = names.findIndex((name) => {
      const wanted = isShort ? name.slice(0, 3) : name;
      return this.rest.slice(0, wanted.length).toLowerCase() === wanted.toLowerCase();
    });
    if (index < 0) throw new Malformed();
    this.rest = this.rest.slice(isShort ? 3 : (names[index] ?? '').length);
    return index;
  }

  #half(isUpper: boolean): void {
    const text = this.#take(/^.{2}/s);
    if (text !== (isUpper ? text.toUpperCase() : text.toLowerCase())) throw new Malformed();
    const half = text.toLowerCase();
    if (half !== 'am' && half !== 'pm') throw new Malformed();
    this.fields.half = half;
  }

  #yearDay(isFixed: boolean): void {
    if (!isFixed) this.rest = this.rest.replace(/^ {1,2}/, '');
    this.fields.yearDay = Number(this.#take(isFixed ? /^[0-9]{3}/ : /^[0-9]{1,3}/));
  }

  #number(element: string, fractionFollows: boolean): void {
    if (element === '_2') this.rest = this.rest.replace(/^ /, '');
    const value = Number(this.#take(element.startsWith('0') ? /^[0-9]{2}/ : /^[0-9]{1,2}/));
    switch (element.replace(/^[0_]/, '')) {
      case '1':
        this.fields.month = inRange(value, 1, 12, 'month');
        return;
      case '2':
        this.fields.day = value;
        return;
      case '15':
        this.fields.hour = inRange(value, 0, 23, 'hour');
        return;
      case '3':
        this.fields.hour = inRange(value, 0, 12, 'hour');
        return;
      case '4':
        this.fields.minute = inRange(value, 0, 59, 'minute');
        return;
      default:
        this.fields.second = inRange(value, 0, 59, 'second');
        // A fraction is welcome even when the layout has none.
        if (!fractionFollows && /^[.,][0-9]/.test(this.rest)) this.#nanoseconds(this.#take(/^[.,][0-9]+/));
    }
  }

  #fraction(element: string): void {
    if (element.charAt(1) === '9') {
      if (/^[.,][0-9]/.test(this.rest)) this.#nanoseconds(this.#take(/^[.,][0-9]+/));
      return;
    }
    const text = this.#take(new RegExp(`^.{${element.length}}`, 's'));
    if (!/^[.,][0-9]+$/.test(text)) throw new Malformed();
    this.#nanoseconds(text);
  }

  #nanoseconds(text: string): void {
    this.fields.nanosecond = Number(text.slice(1, 10).padEnd(9, '0'));
  }

  #offset(element: string): void {
    if (element.startsWith('Z') && this.rest.startsWith('Z')) {
      this.rest = this.rest.slice(1);
      this.fields.isUtc = true;
      return;
    }
    const text = this.#take(new RegExp(`^.{${element.length}}`, 's'));
    const pattern = new RegExp(`^(.)${element.slice(1).replace(/[0-9]{2}/g, '(.{2})')}$`, 's');
    const [, sign = '', ...parts] = pattern.exec(text) ?? [];
    if (sign === '') throw new Malformed();
    const wrong = parts.findIndex((part) => !/^[0-9]{2}$/.test(part));
    const read = wrong < 0 ? parts : parts.slice(0, wrong);
    const [hours = 0, minutes = 0, seconds = 0] = read.map(Number);
    // What is out of range is found before what is no number, and before a wrong sign; the last such part is named.
    inRange(seconds, 0, 60, 'time zone offset second');
    inRange(minutes, 0, 60, 'time zone offset minute');
    inRange(hours, 0, 24, 'time zone offset hour');
    if (!/^[+-]$/.test(sign) || wrong >= 0) throw new Malformed();
    const offset = (hours * 60 + minutes) * 60 + seconds;
    this.fields.offset = sign === '-' ? -offset : offset;
  }

  /** An abbreviation of three to five capitals, GMT with an offset, or an offset in place of a name. */
  #zone(): void {
    if (this.rest.startsWith('UTC')) {
      this.rest = this.rest.slice(3);
      this.fields.isUtc = true;
      return;
    }
    const offset = '[+-](?:2[0-3]|[01]?[0-9])(?![0-9])';
    const names = `ChST|MeST|GMT(?:${offset})?|${offset}|[A-Z]{4}T(?![A-Z])|(?:[A-Z]{3}T|WITA)(?![A-Z])|[A-Z]{3}(?![A-Z])`;
    this.fields.zoneName = this.#take(new RegExp(`^(?:${names})`));
  }
}

function inRange(value: number, low: number, high: number, what: string): number {
  if (value < low || value > high) throw new OutOfRange(what);
  return value;
}
