import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Clock } from '../../api/time/clock.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { Client } from '../client/client.ts';
import { leadershipChanged } from '../telemetry/channels.ts';
import type { ElectionTimes } from './election-times.ts';
import { FakeLeases, type FakeLink } from './fake-leases.ts';
import { LeaderElection } from './leader-election.ts';

/** The clock of one process, which can be stopped like a process by SIGSTOP: time goes on, its timers do not fire. */
class ProcessClock implements Clock {
  readonly #clock: Clock;
  readonly #due: (() => void)[] = [];
  #paused = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.#clock.after(delayMs, () => (this.#paused ? this.#due.push(callback) : callback()));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const callback of this.#due.splice(0)) callback();
  }
}

/** One process that competes. */
class Candidate {
  link: FakeLink = 'up';
  readonly clock: ProcessClock;
  readonly election: LeaderElection;
  readonly #stop = new AbortController();
  #run: Promise<void> = Promise.resolve();
  ready = false;
  outcome: unknown = 'running';

  constructor(server: FakeLeases, clock: FakeClock, identity: string) {
    this.clock = new ProcessClock(clock);
    const client = new Client(
      server.connect(() => this.link),
      { clock: this.clock },
    );
    this.election = new LeaderElection(client, {
      namespace: 'capt-system',
      name: 'capt',
      identity,
      clock: this.clock,
      random: () => 0,
    });
  }

  get leading(): boolean {
    return this.election.leadership.leading;
  }

  start(): this {
    this.#run = this.election
      .run(this.#stop.signal, () => {
        this.ready = true;
      })
      .then(
        () => {
          this.outcome = 'stopped';
        },
        (error: unknown) => {
          this.outcome = (error as Error).message;
        },
      );
    return this;
  }

  stop(): Promise<void> {
    this.#stop.abort();
    return this.#run;
  }
}

describe('LeaderElection', () => {
  let clock: FakeClock;
  let server: FakeLeases;
  let candidates: Candidate[];

  beforeEach(() => {
    clock = new FakeClock();
    server = new FakeLeases();
    candidates = [];
  });

  afterEach(async () => {
    for (const candidate of candidates) {
      candidate.clock.resume();
      void candidate.stop();
    }
    await clock.advance(60_000);
    assert.equal(clock.pending, 0, 'a timer was left behind');
  });

  async function candidate(identity: string): Promise<Candidate> {
    const added = new Candidate(server, clock, identity).start();
    candidates.push(added);
    await clock.advance(0);
    return added;
  }

  /** Lets time pass in small steps, in none of which two may lead. */
  async function pass(seconds: number): Promise<void> {
    for (let step = 0; step < seconds * 4; step++) {
      await clock.advance(250);
      const leaders = candidates.filter(({ leading }) => leading).map(({ election }) => election.identity);
      assert.ok(leaders.length <= 1, `${leaders.join(' and ')} lead at the same time`);
    }
  }

  it('lets one lead, and tells the other for whom it waits', async () => {
    const a = await candidate('a');
    const b = await candidate('b');
    await pass(60);
    assert.deepEqual([a.leading, a.ready, b.leading, b.ready], [true, true, false, false]);
    assert.equal(b.election.waitingFor(), 'lease capt-system/capt: a holds it');
    assert.equal(server.lease?.spec?.holderIdentity, 'a');
    assert.equal(server.lease?.spec?.leaseTransitions, 0);
  });

  it('hands over at once when the leader stops in good order', async () => {
    const a = await candidate('a');
    const b = await candidate('b');
    await pass(10);
    await a.stop();
    assert.equal(a.outcome, 'stopped');
    assert.equal(server.lease?.spec?.holderIdentity, undefined);
    await pass(2.5);
    assert.equal(b.leading, true);
    assert.equal(server.lease?.spec?.leaseTransitions, 1);
  });

  for (const link of ['down', 'hanging'] as const) {
    it(`loses the lease when its link is ${link} for the renew deadline, and only then another leads`, async () => {
      const a = await candidate('a');
      const b = await candidate('b');
      await pass(10);
      a.link = link;
      // The last renewal was at 10 s at the latest.
      await pass(10);
      assert.equal(a.leading, false);
      assert.match(
        String(a.outcome),
        /^leadership lost: it could not be renewed for 10 s: .*\(lease capt-system\/capt\)$/,
      );
      assert.equal(b.leading, false);
      await pass(9);
      assert.equal(b.leading, true);
    });
  }

  it('keeps the lease through a failure shorter than the deadline', async () => {
    const a = await candidate('a');
    await candidate('b');
    await pass(4);
    a.link = 'down';
    await pass(7);
    a.link = 'up';
    await pass(30);
    assert.deepEqual([a.leading, a.outcome, server.lease?.spec?.leaseTransitions], [true, 'running', 0]);
  });

  it('keeps the lease when single requests hang', async () => {
    const a = await candidate('a');
    for (let i = 0; i < 5; i++) {
      a.link = 'hanging';
      await pass(3);
      a.link = 'up';
      await pass(6);
    }
    assert.deepEqual([a.leading, a.outcome], [true, 'running']);
  });

  it('must not act when it wakes up after a pause, and ends', async () => {
    const a = await candidate('a');
    const b = await candidate('b');
    await pass(5);
    a.election.leadership.assert();
    a.clock.pause();
    await pass(30);
    assert.equal(b.leading, true);
    assert.throws(a.election.leadership.assert, { code: 'NOT_LEADING' });
    a.clock.resume();
    assert.throws(a.election.leadership.assert, { code: 'NOT_LEADING' });
    await pass(1);
    assert.match(String(a.outcome), /^leadership lost/);
    assert.equal(server.lease?.spec?.holderIdentity, 'b');
  });

  it('ends when somebody else took the lease', async () => {
    const a = await candidate('a');
    server.edit((lease) => {
      lease.spec = { ...lease.spec, holderIdentity: 'thief' };
    });
    await pass(3);
    assert.equal(a.outcome, 'leadership lost: thief took it (lease capt-system/capt)');
    assert.equal(server.lease?.spec?.holderIdentity, 'thief');
  });

  it('goes on, and keeps the labels, when somebody labels the lease', async () => {
    const a = await candidate('a');
    server.edit((lease) => {
      lease.metadata.labels = { team: 'metal' };
    });
    await pass(15);
    assert.deepEqual([a.leading, a.outcome], [true, 'running']);
    assert.deepEqual(server.lease?.metadata.labels, { team: 'metal' });
  });

  it('writes the lease anew when somebody deleted it', async () => {
    const a = await candidate('a');
    server.lease = undefined;
    await pass(15);
    assert.deepEqual([a.leading, server.lease], [true, server.lease]);
    assert.equal((server.lease as FakeLeases['lease'])?.spec?.holderIdentity, 'a');
  });

  it('does not lead on an acquisition whose answer never came, but finds it and leads then', async () => {
    const a = new Candidate(server, clock, 'a');
    candidates.push(a);
    a.link = 'answers lost';
    a.start();
    await pass(1);
    assert.deepEqual([server.lease?.spec?.holderIdentity, a.leading], ['a', false]);
    a.link = 'up';
    await pass(3);
    assert.equal(a.leading, true);
    assert.equal(server.lease?.spec?.leaseTransitions, 0);
  });

  it('releases on stop what it may have acquired without knowing', async () => {
    const a = new Candidate(server, clock, 'a');
    candidates.push(a);
    a.link = 'answers lost';
    a.start();
    await clock.advance(500);
    a.link = 'up';
    await a.stop();
    assert.equal(server.lease?.spec?.holderIdentity, undefined);
  });

  it('releases on stop although a renewal hangs', async () => {
    const a = await candidate('a');
    a.link = 'hanging';
    await pass(3);
    a.link = 'up';
    await a.stop();
    assert.equal(a.outcome, 'stopped');
    assert.equal(server.lease?.spec?.holderIdentity, undefined);
  });

  it('does not release on stop when something still works under the lease', async () => {
    const a = await candidate('a');
    a.election.keepUntilExpiry();
    await a.stop();
    assert.equal(server.lease?.spec?.holderIdentity, 'a');
    assert.equal(a.leading, false);
  });

  it('stops while it waits, and leaves the lease of the other alone', async () => {
    await candidate('a');
    const b = await candidate('b');
    await b.stop();
    assert.deepEqual([b.outcome, b.ready, server.lease?.spec?.holderIdentity], ['stopped', false, 'a']);
  });

  it('waits for an API server that does not answer, and says so', async () => {
    const a = new Candidate(server, clock, 'a');
    candidates.push(a);
    a.link = 'down';
    a.start();
    await pass(30);
    assert.match(a.election.waitingFor(), /^lease capt-system\/capt: .*ECONNREFUSED/);
    a.link = 'up';
    await pass(3);
    assert.equal(a.leading, true);
  });

  it('tells of leadership won and lost', async () => {
    const told: string[] = [];
    const stop = leadershipChanged.subscribe(({ identity, leading, reason }) =>
      told.push(`${identity} ${leading ? 'leads' : 'does not lead'}: ${reason}`),
    );
    try {
      const a = await candidate('a');
      await a.stop();
    } finally {
      stop();
    }
    assert.deepEqual(told, ['a leads: there is none yet', 'a does not lead: this process stops']);
  });

  it('gives every process an identity of its own', () => {
    const client = new Client(server.connect());
    const one = new LeaderElection(client, { namespace: 'capt-system', name: 'capt' });
    const two = new LeaderElection(client, { namespace: 'capt-system', name: 'capt' });
    assert.notEqual(one.identity, two.identity);
  });

  const wrongTimes: [string, Partial<ElectionTimes>, RegExp][] = [
    ['a fraction of a second', { leaseDurationSeconds: 1.5 }, /whole number/],
    ['no duration', { leaseDurationSeconds: 0 }, /whole number/],
    ['a deadline as long as the lease', { renewDeadlineSeconds: 15 }, /not below the lease duration/],
    ['no time for a retry', { renewDeadlineSeconds: 4 }, /no time for retries/],
    ['no retry period', { retryPeriodSeconds: 0 }, /retry period/],
    ['something that is no number', { retryPeriodSeconds: Number.NaN }, /retry period/],
  ];
  for (const [name, times, message] of wrongTimes) {
    it(`refuses times with ${name}`, () => {
      const client = new Client(server.connect());
      assert.throws(() => new LeaderElection(client, { namespace: 'capt-system', name: 'capt', ...times }), {
        code: 'LEADER_ELECTION_TIMES',
        message,
      });
    });
  }
});
