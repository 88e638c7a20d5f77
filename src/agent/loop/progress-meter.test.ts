import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { Backoff } from './backoff.ts';
import { durationText } from './duration.ts';
import { ProgressMeter, progressText } from './progress-meter.ts';

describe('progress', () => {
  it('is told at most once a second, with rate and time left, and always at the end', async () => {
    const clock = new FakeClock();
    const meter = new ProgressMeter(clock);
    const reports = [];
    for (let tenths = 0; tenths <= 40; tenths++) {
      const report = meter.take({ bytes: tenths * 1_000_000, totalBytes: 40_000_000, what: 'writing' });
      if (report !== undefined) reports.push([tenths, report.bytesPerSecond, report.secondsLeft]);
      await clock.advance(100);
    }
    assert.deepEqual(reports, [
      [0, undefined, undefined],
      [10, 10_000_000, 3],
      [20, 10_000_000, 2],
      [30, 10_000_000, 1],
      [40, 10_000_000, 0],
    ]);
  });

  it('begins its rate anew with another thing, or when the same one begins again', async () => {
    const clock = new FakeClock();
    const meter = new ProgressMeter(clock);
    meter.take({ bytes: 1000, what: 'writing' });
    await clock.advance(1000);
    assert.equal(meter.take({ bytes: 5, what: 'reading' })?.bytesPerSecond, undefined);
    await clock.advance(1000);
    assert.equal(meter.take({ bytes: 15, what: 'reading' })?.bytesPerSecond, 10);
    await clock.advance(1000);
    assert.equal(meter.take({ bytes: 0, what: 'reading' })?.bytesPerSecond, undefined);
  });

  it('follows a link that becomes slow within its window', async () => {
    const clock = new FakeClock();
    const meter = new ProgressMeter(clock);
    let bytes = 0;
    let rate: number | undefined;
    for (let second = 0; second < 60; second++) {
      bytes += second < 40 ? 1000 : 10;
      rate = meter.take({ bytes })?.bytesPerSecond;
      await clock.advance(1000);
    }
    assert.equal(rate, 10);
  });

  it('is one short line', () => {
    const report = {
      what: 'writing /dev/sda',
      bytes: 1.2e9,
      totalBytes: 3.4e9,
      bytesPerSecond: 120e6,
      secondsLeft: 19,
    };
    assert.equal(progressText(report), 'writing /dev/sda: 1.2 GB of 3.4 GB (35 %), 120 MB/s, 19 s left');
    assert.equal(progressText({ bytes: 999 }), '999 B');
    assert.equal(progressText({ bytes: 0, totalBytes: 0 }), '0 B of 0 B');
    assert.equal(progressText({ bytes: 99_900, totalBytes: 999_999 }), '100 kB of 1 MB (9 %)');
  });
});

describe('waits of the agent', () => {
  it('grow by half up to the longest, each half shorter to half longer, and begin anew', () => {
    const clock = new FakeClock();
    const waits = (random: number) => {
      const backoff = new Backoff({ clock, random: () => random });
      return Array.from({ length: 8 }, () => Math.round(backoff.next()));
    };
    assert.deepEqual(waits(0.5), [500, 750, 1125, 1688, 2531, 3797, 5000, 5000]);
    assert.deepEqual(waits(0).at(-1), 2500);
    assert.deepEqual(waits(1).at(-1), 7500);
    const backoff = new Backoff({ clock, random: () => 0.5, maxMs: 50 });
    assert.equal(backoff.next(), 50);
    backoff.reset();
    assert.equal(backoff.next(), 50);
  });
});

describe('durations', () => {
  const durations: [number, string][] = [
    [0, '0s'],
    [-5, '0s'],
    [0.35, '350us'],
    [350.01, '350ms10us'],
    [62_000, '1m2s'],
    [3_600_000, '1h'],
    [3_601_000, '1h1s'],
    [3_661_001, '1h1m'],
  ];
  for (const [ms, text] of durations) it(`writes ${ms} ms as ${text}`, () => assert.equal(durationText(ms), text));
});
