import { fn, type GoFunction } from '../value/function.ts';
import { int, int64 } from '../value/make.ts';
import { instance, int as intParam, string } from '../value/params.ts';
import { GoInteger, type Operand } from '../value/value.ts';
import { durationType, durationValue } from './duration.ts';
import { formatTime } from './format.ts';
import { isTime, monthType, timeType, timeValue, weekdayType } from './go-time.ts';
import { type Calendar, calendarOf, type Instant, instantOf, utc, zeroInstant } from './instant.ts';

const time = instance(timeType, isTime);
const duration = instance(durationType, (value): value is GoInteger => value instanceof GoInteger);

const getter = (body: (instant: Instant) => Operand): GoFunction => fn([time], (_call, self) => body(self.native));
const part = (name: keyof Calendar) => getter((instant) => int(calendarOf(instant)[name]));
const compare = (body: (a: bigint, b: bigint) => Operand): GoFunction =>
  fn([time, time], (_call, self, other) => body(self.native.nanoseconds, other.native.nanoseconds));
const since = (unit: bigint) =>
  getter(({ nanoseconds }) => int64(nanoseconds / unit - (nanoseconds % unit < 0n ? 1n : 0n)));

/** The methods of `time.Time` that make sense in a template. The receiver is the first parameter. */
export const timeMethods: ReadonlyMap<string, GoFunction> = new Map(
  Object.entries({
    Format: fn([time, string], (_call, self, layout) => formatTime(self.native, layout)),
    String: getter((instant) => formatTime(instant, '2006-01-02 15:04:05.999999999 -0700 MST')),
    Year: part('year'),
    Day: part('day'),
    Hour: part('hour'),
    Minute: part('minute'),
    Second: part('second'),
    Nanosecond: part('nanosecond'),
    YearDay: part('yearDay'),
    Month: getter((instant) => new GoInteger(BigInt(calendarOf(instant).month), monthType)),
    Weekday: getter((instant) => new GoInteger(BigInt(calendarOf(instant).weekday), weekdayType)),
    Unix: since(1_000_000_000n),
    UnixMilli: since(1_000_000n),
    UnixMicro: since(1000n),
    UnixNano: since(1n),
    UTC: getter((instant) => timeValue({ ...instant, zone: utc })),
    Local: getter((instant) => timeValue({ ...instant, zone: utc })),
    IsZero: getter(({ nanoseconds }) => nanoseconds === zeroInstant.nanoseconds),
    Before: compare((a, b) => a < b),
    After: compare((a, b) => a > b),
    Equal: compare((a, b) => a === b),
    Compare: compare((a, b) => int(a < b ? -1 : a > b ? 1 : 0)),
    Sub: compare((a, b) => durationValue(a - b)),
    Add: fn([time, duration], (_call, self, by) =>
      timeValue({ ...self.native, nanoseconds: self.native.nanoseconds + by.value }),
    ),
    AddDate: fn([time, intParam, intParam, intParam], (_call, { native }, years, months, days) => {
      const calendar = calendarOf(native);
      const moved = { year: calendar.year + years, month: calendar.month + months, day: calendar.day + days };
      return timeValue(instantOf({ ...calendar, ...moved }, native.zone));
    }),
  }),
);
