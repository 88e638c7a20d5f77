import { type Calendar, calendarOf, type Instant, type Zone } from './instant.ts';
import { dayNames, isFraction, isOffset, layoutPieces, monthNames } from './layout.ts';

/** An instant by a layout, Go's `Time.Format`. */
export function formatTime(instant: Instant, layout: string): string {
  const calendar = calendarOf(instant);
  return layoutPieces(layout)
    .map(
      ({ prefix, element }) => prefix + (element === undefined ? '' : formatElement(element, calendar, instant.zone)),
    )
    .join('');
}

function pad(value: number, width: number): string {
  return value < 0 ? `-${String(-value).padStart(width, '0')}` : String(value).padStart(width, '0');
}

const plain: Readonly<Record<string, (calendar: Calendar) => string>> = {
  January: ({ month }) => monthNames[month - 1] ?? '',
  Jan: ({ month }) => (monthNames[month - 1] ?? '').slice(0, 3),
  '1': ({ month }) => String(month),
  '01': ({ month }) => pad(month, 2),
  Monday: ({ weekday }) => dayNames[weekday] ?? '',
  Mon: ({ weekday }) => (dayNames[weekday] ?? '').slice(0, 3),
  '2': ({ day }) => String(day),
  _2: ({ day }) => String(day).padStart(2),
  '02': ({ day }) => pad(day, 2),
  __2: ({ yearDay }) => String(yearDay).padStart(3),
  '002': ({ yearDay }) => pad(yearDay, 3),
  '15': ({ hour }) => pad(hour, 2),
  '3': ({ hour }) => String(hour % 12 || 12),
  '03': ({ hour }) => pad(hour % 12 || 12, 2),
  '4': ({ minute }) => String(minute),
  '04': ({ minute }) => pad(minute, 2),
  '5': ({ second }) => String(second),
  '05': ({ second }) => pad(second, 2),
  '2006': ({ year }) => pad(year, 4),
  '06': ({ year }) => pad(Math.abs(year) % 100, 2),
  PM: ({ hour }) => (hour >= 12 ? 'PM' : 'AM'),
  pm: ({ hour }) => (hour >= 12 ? 'pm' : 'am'),
};

function formatElement(element: string, calendar: Calendar, zone: Zone): string {
  const simple = Object.hasOwn(plain, element) ? plain[element] : undefined;
  if (simple !== undefined) return simple(calendar);
  if (isFraction(element)) return formatFraction(element, calendar.nanosecond);
  if (isOffset(element)) return formatOffset(element, zone.offset);
  return zone.name === '' ? formatOffset('-0700', zone.offset) : zone.name;
}

function formatFraction(element: string, nanosecond: number): string {
  const digits = pad(nanosecond, 9)
    .slice(0, element.length - 1)
    .padEnd(element.length - 1, '0');
  if (element.charAt(1) === '0') return element.charAt(0) + digits;
  const shown = digits.replace(/0+$/, '');
  return shown === '' ? '' : element.charAt(0) + shown;
}

function formatOffset(element: string, offset: number): string {
  if (offset === 0 && element.startsWith('Z')) return 'Z';
  const minutes = Math.trunc(offset / 60);
  const size = Math.abs(minutes);
  const parts = [pad(Math.trunc(size / 60), 2)];
  const length = element.replaceAll(':', '').length;
  if (length > 3) parts.push(pad(size % 60, 2));
  if (length > 5) parts.push(pad(Math.abs(offset) % 60, 2));
  return (minutes < 0 ? '-' : '+') + parts.join(element.includes(':') ? ':' : '');
}
