import { GoType } from '../value/type.ts';
import { GoObject, type Methods } from '../value/value.ts';
import { formatTime } from './format.ts';
import type { Instant } from './instant.ts';
import { dayNames, monthNames } from './layout.ts';

/** Go's `time.Time`. */
export const timeType = new GoType('struct', 'time.Time');

const methods: Methods<Instant> = {
  text: (instant) => formatTime(instant, '2006-01-02 15:04:05.999999999 -0700 MST'),
  json: (instant) => `"${formatTime(instant, '2006-01-02T15:04:05.999999999Z07:00')}"`,
  equal: (a, b) => a.nanoseconds === b.nanoseconds && a.zone.name === b.zone.name && a.zone.offset === b.zone.offset,
};

export function timeValue(instant: Instant): GoObject<Instant> {
  return new GoObject(timeType, instant, methods);
}

export function isTime(value: unknown): value is GoObject<Instant> {
  return value instanceof GoObject && value.type === timeType;
}

export const monthType = new GoType('int', 'time.Month', { text: (value) => monthNames[Number(value) - 1] ?? '' });
export const weekdayType = new GoType('int', 'time.Weekday', { text: (value) => dayNames[Number(value)] ?? '' });
