import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import type { Runnable } from './runnable.ts';
import { RunnableGroup } from './runnable-group.ts';

/** A runnable that a test makes ready, ends and breaks. */
class Puppet implements Runnable {
  readonly name: string;
  reason: string | undefined;
  makeReady: () => void = () => {};
  end: () => void = () => {};
  fail: (error: unknown) => void = () => {};
  starts = 0;
  stopped = false;
  readonly #endsOnStop: boolean;

  constructor(name: string, endsOnStop = true) {
    this.name = name;
    this.#endsOnStop = endsOnStop;
  }

  run(signal: AbortSignal, ready: () => void): Promise<void> {
    this.starts += 1;
    this.makeReady = ready;
    return new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
      signal.addEventListener('abort', () => {
        this.stopped = true;
        if (this.#endsOnStop) resolve();
      });
    });
  }

  waitingFor(): string | undefined {
    return this.reason;
  }
}

describe('RunnableGroup', () => {
  let clock: FakeClock;
  let failures: unknown[];
  let group: RunnableGroup;

  beforeEach(() => {
    clock = new FakeClock();
    failures = [];
    group = new RunnableGroup('servers', {
      clock,
      onFailure: (error, runnable) => failures.push(`${runnable}: ${(error as Error).message}`),
    });
  });

  /** Starts the group with `members` and tells whether the start is over. */
  async function started(...members: Runnable[]): Promise<() => boolean> {
    for (const member of members) group.add(member);
    let over = false;
    void group.start().then(() => {
      over = true;
    });
    await clock.advance(0);
    return () => over;
  }

  it('has started when every member is ready, and says meanwhile what is missing, why and since when', async () => {
    const a = new Puppet('a');
    const b = new Puppet('b');
    const isOver = await started(a, b);
    a.makeReady();
    b.reason = 'the port is busy';
    await clock.advance(3000);
    assert.equal(isOver(), false);
    assert.deepEqual(group.waitingFor(), [
      { what: 'b', reason: 'the port is busy', since: new Date(clock.now() - 3000) },
    ]);
    b.makeReady();
    await clock.advance(0);
    assert.equal(isOver(), true);
    assert.deepEqual(group.waitingFor(), []);
    assert.equal(group.ready, true);
  });

  it('starts a member that joins late at once, and waits for it when the others still start', async () => {
    const a = new Puppet('a');
    const isOver = await started(a);
    const late = new Puppet('late');
    group.add(late);
    assert.equal(late.starts, 1);
    a.makeReady();
    await clock.advance(0);
    assert.equal(isOver(), false);
    late.makeReady();
    await clock.advance(0);
    assert.equal(isOver(), true);
  });

  it('refuses two members of one name', () => {
    group.add(new Puppet('a'));
    assert.throws(() => group.add(new Puppet('a')), /a "a" in servers already/);
  });

  it('tells all to stop at once and names those that do not end in time', async () => {
    const polite = new Puppet('polite');
    const stuck = new Puppet('stuck', false);
    await started(polite, stuck);
    const left = group.stop(5);
    await clock.advance(0);
    assert.deepEqual([polite.stopped, stuck.stopped], [true, true]);
    await clock.advance(5000);
    assert.deepEqual(await left, ['stuck']);
    assert.equal(clock.pending, 0);
  });

  it('stops without waiting when all end, leaving no timer behind', async () => {
    await started(new Puppet('a'));
    assert.deepEqual(await group.stop(5), []);
    await clock.advance(0);
    assert.equal(clock.pending, 0);
  });

  it('stops when it never started', async () => {
    group.add(new Puppet('a'));
    assert.deepEqual(await group.stop(5), []);
  });

  for (const [name, act, expected] of [
    ['fails', (puppet: Puppet) => puppet.fail(new Error('boom')), ['a: boom']],
    ['ends before it is ready', (puppet: Puppet) => puppet.end(), ['a: a ended before it was ready']],
    [
      'ends when it is done',
      (puppet: Puppet) => {
        puppet.makeReady();
        puppet.end();
      },
      [],
    ],
  ] as const) {
    it(`tells of a member that ${name}: ${expected.length} failures`, async () => {
      const puppet = new Puppet('a');
      await started(puppet);
      act(puppet);
      await clock.advance(0);
      assert.deepEqual(failures, expected);
    });
  }

  it('does not take the reason of the stop for a failure, but does take anything else', async () => {
    const passesOn: Runnable = {
      name: 'passes on',
      run: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    };
    const breaks: Runnable = {
      name: 'breaks',
      run: (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('half written')))),
    };
    await started(passesOn, breaks);
    assert.deepEqual(await group.stop(5), []);
    assert.deepEqual(failures, ['breaks: half written']);
  });
});
