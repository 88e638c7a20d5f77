import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../../api/time/fake-clock.ts';
import { defaultBmcSettings } from '../settings.ts';
import { Line } from './line.ts';
import { Pace } from './pace.ts';
import { redact } from './redact.ts';
import { nextTryMs, type Trouble } from './trouble.ts';

const { signal } = new AbortController();

describe('the line in front of a BMC', () => {
  it('serves one at a time, tasks before polls, otherwise in order', async () => {
    const line = new Line();
    const served: string[] = [];
    const first = await line.enter('poll', signal);
    const come = async (name: string, purpose: 'task' | 'poll') => {
      using _turn = await line.enter(purpose, signal);
      served.push(name);
      await Promise.resolve();
    };
    const all = [come('poll 1', 'poll'), come('poll 2', 'poll'), come('task 1', 'task'), come('task 2', 'task')];
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await Promise.all(all);
    assert.deepEqual(served, ['task 1', 'task 2', 'poll 1', 'poll 2']);
    assert.equal(line.idle, true);
  });

  it('lets those go who do not want to wait any more', async () => {
    const line = new Line();
    const first = await line.enter('task', signal);
    const impatient = new AbortController();
    const waiting = line.enter('task', impatient.signal);
    impatient.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
    first[Symbol.dispose]();
    assert.equal(line.idle, true);
  });
});

describe('the pace at which a BMC is asked', () => {
  it('allows a burst, and then so many a minute', async () => {
    const clock = new FakeClock();
    const pace = new Pace(clock, { ...defaultBmcSettings, sessionsPerMinute: 30, sessionBurst: 2 });
    assert.deepEqual([pace.takeMs(), pace.takeMs(), pace.takeMs(), pace.takeMs()], [0, 0, 2000, 4000]);
    assert.equal(pace.full, false);
    await clock.advance(8000);
    assert.equal(pace.full, true);
  });
});

describe('when a BMC in trouble is tried again', () => {
  const settings = defaultBmcSettings;
  const seconds = (purpose: 'task' | 'poll', given: Partial<Trouble>) =>
    nextTryMs(
      { kind: 'unreachable', cause: '', failures: 1, sinceMs: 0, lastMs: 0, retryAfterSeconds: 0, ...given },
      purpose,
      settings,
    ) / 1000;

  it('is soon at first, then rarer, and never too rare for a task', () => {
    const failures = [1, 2, 3, 4, 5, 9, 1000];
    assert.deepEqual(
      failures.map((n) => seconds('poll', { failures: n })),
      [2, 4, 30, 60, 120, 1800, 1800],
    );
    assert.deepEqual(
      failures.map((n) => seconds('task', { failures: n })),
      [2, 4, 30, 60, 60, 60, 60],
    );
  });

  it('is rarely with a login that it refuses: BMCs lock accounts', () => {
    const failures = [1, 2, 5, 50];
    assert.deepEqual(
      failures.map((n) => seconds('task', { kind: 'unauthorized', failures: n })),
      [300, 600, 3600, 3600],
    );
  });

  it('is not before the BMC wants it', () => {
    assert.equal(seconds('task', { kind: 'busy', retryAfterSeconds: 45 }), 45);
  });
});

describe('a text with a password in it', () => {
  const password = 'pa"ss wörd';
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  for (const form of [
    password,
    encodeURIComponent(password),
    JSON.stringify({ password }),
    `Basic ${base64(`admin:${password}`)}`,
    base64(password),
    Buffer.from(password).toString('hex'),
  ]) {
    it(`loses it: ${form}`, () => {
      const clean = redact(`before ${form} after`, { username: 'admin', password });
      assert.match(clean, /^before .*… *.*after$/);
      assert.ok(!clean.includes(form), clean);
    });
  }
});
