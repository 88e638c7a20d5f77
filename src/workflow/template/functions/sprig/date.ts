import { formatDuration, hour, minute, parseDuration, second } from '../../time/duration.ts';
import { isTime, timeType, timeValue } from '../../time/go-time.ts';
import { utc, zeroInstant } from '../../time/instant.ts';
import { parseTime } from '../../time/parse.ts';
import { any, type Call, fn } from '../../value/function.ts';
import { instance, string } from '../../value/params.ts';
import { type Any, GoInteger } from '../../value/value.ts';
import { atoi } from './integer-math.ts';
import { lenient } from './json.ts';

const time = instance(timeType, isTime);

const now = (call: Call) => BigInt(Math.trunc(call.now())) * 1_000_000n;

function isInteger(value: Any, ...kinds: readonly string[]): value is GoInteger {
  return value instanceof GoInteger && value.type.text === undefined && kinds.includes(value.type.kind);
}

/** How long ago a time was, in whole seconds. Of anything that is no time: no time at all. */
function ago(call: Call, value: Any): string {
  const then = isTime(value)
    ? value.native.nanoseconds
    : isInteger(value, 'int', 'int64')
      ? value.value * second
      : now(call);
  const passed = now(call) - then;
  const half = passed < 0n ? -second / 2n : second / 2n;
  return formatDuration(((passed + half) / second) * second);
}

function seconds(value: Any): bigint {
  if (typeof value === 'string') return atoi(value);
  return isInteger(value, 'int64') ? value.value : 0n;
}

const largeUnits: readonly (readonly [bigint, string])[] = [
  [hour * 24n * 365n, 'y'],
  [hour * 24n * 30n, 'mo'],
  [hour * 24n, 'd'],
  [hour, 'h'],
  [minute, 'm'],
  [second, 's'],
];

function rounded(call: Call, value: Any): string {
  let duration = 0n;
  if (typeof value === 'string') duration = lenient(() => parseDuration(value), 0n);
  else if (isInteger(value, 'int64')) duration = value.value;
  else if (isTime(value)) duration = now(call) - value.native.nanoseconds;
  const size = duration < 0n ? -duration : duration;
  const unit = largeUnits.find(([length]) => size > length);
  return unit === undefined ? '0s' : `${size / unit[0]}${unit[1]}`;
}

const modify = fn([string, time], (_call, by, value) =>
  timeValue({ ...value.native, nanoseconds: value.native.nanoseconds + parseDuration(by) }),
);

/** Dates that do not depend on when a render happens, and three that measure from now. The local zone is UTC. */
export const dates = {
  toDate: fn([string, string], (_call, layout, text) =>
    timeValue(lenient(() => parseTime(layout, text), { ...zeroInstant, zone: utc })),
  ),
  mustToDate: fn([string, string], (_call, layout, text) => timeValue(parseTime(layout, text))),
  unixEpoch: fn([time], (_call, { native: { nanoseconds } }) =>
    String(nanoseconds / second - (nanoseconds % second < 0n ? 1n : 0n)),
  ),
  must_date_modify: modify,
  mustDateModify: modify,
  ago: fn([any], ago),
  duration: fn([any], (_call, value) => formatDuration(BigInt.asIntN(64, seconds(value) * second))),
  durationRound: fn([any], rounded),
};
