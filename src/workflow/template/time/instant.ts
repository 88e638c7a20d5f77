/** A time zone as it matters to one instant. */
export interface Zone {
  readonly name: string;
  /** Seconds east of Greenwich. */
  readonly offset: number;
}

/** Here it is also the local zone: a render must not depend on the machine it runs on. */
export const utc: Zone = { name: 'UTC', offset: 0 };

/** A point in time, in nanoseconds since 1970, and the zone it is shown in. */
export interface Instant {
  readonly nanoseconds: bigint;
  readonly zone: Zone;
}

/** Date and time of day of an instant in its zone. */
export interface Calendar {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly yearDay: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

const dayMilliseconds = 86_400_000;

/** A date of the Gregorian calendar, whatever its year, in milliseconds since 1970. */
function dateMilliseconds(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

export function calendarOf({ nanoseconds, zone }: Instant): Calendar {
  const local = nanoseconds + BigInt(zone.offset) * 1_000_000_000n;
  const seconds = floorDivide(local, 1_000_000_000n);
  const date = new Date(Number(seconds) * 1000);
  const year = date.getUTCFullYear();
  const midnight = dateMilliseconds(year, date.getUTCMonth() + 1, date.getUTCDate());
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    yearDay: Math.round((midnight - dateMilliseconds(year, 1, 1)) / dayMilliseconds) + 1,
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nanosecond: Number(local - seconds * 1_000_000_000n),
  };
}

type Parts = Pick<Calendar, 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'nanosecond'>;

/** The instant of a date and time of day in a zone; days and months beyond their range carry over. */
export function instantOf({ year, month, day, hour, minute, second, nanosecond }: Parts, zone: Zone): Instant {
  const midnight = BigInt(dateMilliseconds(year, month, day)) / 1000n;
  const seconds = midnight + BigInt(hour * 3600 + minute * 60 + second - zone.offset);
  return { nanoseconds: seconds * 1_000_000_000n + BigInt(nanosecond), zone };
}

/** Go's zero time, the first second of the year 1. */
export const zeroInstant: Instant = instantOf(
  { year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0, nanosecond: 0 },
  utc,
);

/** How many days a month has. */
export function daysIn(year: number, month: number): number {
  return Math.round((dateMilliseconds(year, month + 1, 1) - dateMilliseconds(year, month, 1)) / dayMilliseconds);
}
