import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Lease } from '../../api/coordination/lease.ts';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { type Clock, sleep, systemClock } from '../../api/time/clock.ts';
import type { Client } from '../client/client.ts';
import { Deadline } from '../client/deadline.ts';
import { isReason, KubeError } from '../client/errors.ts';
import { leadershipChanged, runtimeWarning } from '../telemetry/channels.ts';
import { orAborted } from './abort.ts';
import { checkElectionTimes, type ElectionTimes, electionTimes, jitterFactor } from './election-times.ts';
import { instantOf } from './instant.ts';
import { Leadership } from './leadership.ts';
import { decideLease, type LeaseDecision } from './lease-decision.ts';
import { acquired, type LeaseClaim, released, renewed } from './lease-record.ts';
import type { Runnable } from './runnable.ts';

export interface LeaderElectionOptions extends Partial<ElectionTimes> {
  /** Of the lease: what has the same is the same application. */
  namespace: string;
  name: string;
  /** Must be unique among processes, restarts included. Default: host name and a random part. */
  identity?: string;
  /** Puts an error into words for `waitingFor`. Default: its message. */
  explain?: (error: unknown) => string;
  clock?: Clock;
  /** Uniform in [0, 1). */
  random?: () => number;
}

/** How often the release is tried again when the lease changes under it. */
const releaseAttempts = 3;

/**
 * Competes for a lease and keeps it, as client-go does: others are judged by how long their lease has not changed here,
 * never by their clocks, and every write is guarded by the resourceVersion. Runs once: a lost lease is an error and the
 * end, because what the new leader does may not agree with what is half done here.
 */
export class LeaderElection implements Runnable {
  readonly name = 'leader election';
  readonly leadership: Leadership;
  readonly #client: Client;
  readonly #claim: LeaseClaim;
  readonly #times: ElectionTimes;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #explain: (error: unknown) => string;
  /** The lease as last read or written. */
  #lease: Lease | undefined;
  #observed = { state: '', atMs: 0 };
  /** It was acquired: from here on it can only be kept or lost. */
  #acquired = false;
  /** A write that may have put us into the lease: it is worth a release. */
  #mayHold = false;
  #releases = true;
  /** Why the last renewal failed. */
  #failure: unknown;
  #waitingFor = 'the first answer of the API server';

  /** @throws CaptError LEADER_ELECTION_TIMES */
  constructor(client: Client, options: LeaderElectionOptions) {
    const { namespace, name, identity = `${hostname()}_${randomUUID()}`, clock = systemClock } = options;
    this.#times = checkElectionTimes({ ...electionTimes, ...onlyTimes(options) });
    this.#client = client.with({ requestTimeoutSeconds: this.#attemptSeconds });
    this.#claim = { namespace, name, identity, leaseDurationSeconds: this.#times.leaseDurationSeconds };
    this.#clock = clock;
    this.#random = options.random ?? Math.random;
    this.#explain = options.explain ?? messageOf;
    this.leadership = new Leadership({
      lease: `${namespace}/${name}`,
      validSeconds: this.#times.renewDeadlineSeconds,
      clock,
    });
  }

  get identity(): string {
    return this.#claim.identity;
  }

  waitingFor(): string {
    return `lease ${this.leadership.lease}: ${this.#waitingFor}`;
  }

  /** From now on the lease is left to expire when this stops: somebody still works under it. */
  keepUntilExpiry(): void {
    this.#releases = false;
  }

  /**
   * Competes until it leads, then calls `ready` and renews until `signal` aborts; then releases the lease.
   * @throws CaptError LEADERSHIP_LOST
   */
  async run(signal: AbortSignal, ready: () => void): Promise<void> {
    const reason = await this.#acquire(signal);
    if (reason !== undefined) {
      this.#acquired = true;
      this.#tell(true, reason);
      ready();
      await this.#hold(signal);
    }
    await this.#release();
  }

  /** @returns why it could be taken; `undefined` when `signal` aborted before */
  async #acquire(signal: AbortSignal): Promise<string | undefined> {
    while (!signal.aborted) {
      using deadline = new Deadline(signal, this.#attemptSeconds, this.#clock);
      try {
        const { action, reason } = await orAborted(this.#round(deadline.signal), deadline.signal);
        this.#waitingFor = reason;
        if (action !== 'wait' && this.leadership.leading) return reason;
      } catch (error) {
        if (signal.aborted) break;
        const raced = isReason(error, 'Conflict', 'AlreadyExists');
        this.#waitingFor = raced ? 'another candidate was faster' : this.#explain(error);
      }
      await sleep(this.#clock, this.#times.retryPeriodSeconds * 1000 * (1 + jitterFactor * this.#random()), signal);
    }
    return undefined;
  }

  async #hold(signal: AbortSignal): Promise<void> {
    let roundAtMs = this.#clock.monotonic();
    for (;;) {
      const pauseMs = roundAtMs + this.#times.retryPeriodSeconds * 1000 - this.#clock.monotonic();
      await sleep(this.#clock, Math.min(pauseMs, this.#leftMs()), signal);
      if (signal.aborted) return;
      roundAtMs = this.#clock.monotonic();
      await this.#keep(signal);
    }
  }

  /** One renewal. A failure is none before the deadline. */
  async #keep(signal: AbortSignal): Promise<void> {
    const leftMs = this.#leftMs();
    if (leftMs <= 0) this.#lost(this.#overdue());
    using deadline = new Deadline(signal, Math.min(leftMs / 1000, this.#attemptSeconds), this.#clock);
    try {
      // A credentials plugin that hangs does not listen to signals.
      const decision = await orAborted(this.#renew(deadline.signal), deadline.signal);
      if (decision.action === 'lost') this.#lost(decision.reason);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CaptError) throw error;
      this.#failure = error;
      if (this.#leftMs() <= 0) this.#lost(this.#overdue());
      runtimeWarning.publish({ what: `renewing lease ${this.leadership.lease}`, error });
    }
  }

  async #renew(signal: AbortSignal): Promise<LeaseDecision> {
    if (this.#lease !== undefined && this.#decide().action === 'renew') {
      try {
        await this.#write(renewed(this.#lease, this.#clock.now()), signal);
        return { action: 'renew', reason: 'we hold it' };
      } catch (error) {
        // Somebody touched the lease: what it says now has to be looked at.
        if (!isReason(error, 'Conflict', 'NotFound')) throw error;
      }
    }
    return await this.#round(signal);
  }

  /** Read, decide, act. */
  async #round(signal: AbortSignal): Promise<LeaseDecision> {
    this.#see(await this.#client.find(Lease, this.#claim, { signal }));
    const decision = this.#decide();
    if (decision.action === 'acquire') {
      await this.#write(acquired(this.#lease, this.#claim, this.#clock.now()), signal);
    } else if (decision.action === 'renew' && this.#lease !== undefined) {
      await this.#write(renewed(this.#lease, this.#clock.now()), signal);
    }
    return decision;
  }

  #decide(): LeaseDecision {
    return decideLease({
      lease: this.#lease,
      identity: this.identity,
      nowMs: this.#clock.monotonic(),
      observedMs: this.#observed.atMs,
      renewedMs: this.#acquired ? this.leadership.renewedAt?.monotonicMs : undefined,
      leaseDurationSeconds: this.#times.leaseDurationSeconds,
      renewDeadlineSeconds: this.#times.renewDeadlineSeconds,
    });
  }

  async #write(lease: Lease, signal: AbortSignal): Promise<void> {
    const sent = instantOf(this.#clock);
    const before = this.#mayHold;
    this.#mayHold = true;
    try {
      const verb = lease.metadata.resourceVersion === undefined ? 'create' : 'update';
      this.#see(await this.#client[verb](Lease, lease, { signal }));
    } catch (error) {
      // A refusal did nothing; anything else may have been done all the same.
      if (error instanceof KubeError) this.#mayHold = before;
      throw error;
    }
    this.#failure = undefined;
    this.leadership.renewed(sent);
  }

  #see(lease: Lease | undefined): void {
    this.#lease = lease;
    const state = JSON.stringify(lease?.spec ?? null);
    if (state !== this.#observed.state) this.#observed = { state, atMs: this.#clock.monotonic() };
  }

  /** Two attempts must fit into the deadline, or a single lost packet would cost the lease. */
  get #attemptSeconds(): number {
    return this.#times.renewDeadlineSeconds / 2;
  }

  /** How long until the lease counts as lost. Monotonic time only: a wall clock that is set loses no lease. */
  #leftMs(): number {
    const renewedMs = this.leadership.renewedAt?.monotonicMs ?? Number.NEGATIVE_INFINITY;
    return Math.max(0, renewedMs + this.#times.renewDeadlineSeconds * 1000 - this.#clock.monotonic());
  }

  #overdue(): string {
    const why = this.#failure === undefined ? '' : `: ${messageOf(this.#failure)}`;
    return `it could not be renewed for ${this.#times.renewDeadlineSeconds} s${why}`;
  }

  #lost(reason: string): never {
    this.leadership.ended(reason);
    this.#tell(false, reason);
    throw new CaptError('LEADERSHIP_LOST', { lease: this.leadership.lease, reason });
  }

  async #release(): Promise<void> {
    const led = this.leadership.renewedAt !== undefined;
    this.leadership.ended('this process stops');
    if (led) this.#tell(false, 'this process stops');
    if (!this.#mayHold || !this.#releases) return;
    for (let attempt = 1; ; attempt++) {
      try {
        const lease = await this.#client.find(Lease, this.#claim);
        if (lease?.spec?.holderIdentity === this.identity) {
          await this.#client.update(Lease, released(lease, this.#clock.now()));
        }
        return;
      } catch (error) {
        // A renewal on its way when the stop came may land between our read and our write.
        if (isReason(error, 'Conflict') && attempt < releaseAttempts) continue;
        runtimeWarning.publish({ what: `releasing lease ${this.leadership.lease}`, error });
        return;
      }
    }
  }

  #tell(leading: boolean, reason: string): void {
    leadershipChanged.publish({ lease: this.leadership.lease, identity: this.identity, leading, reason });
  }
}

function onlyTimes(options: LeaderElectionOptions): Partial<ElectionTimes> {
  const { leaseDurationSeconds, renewDeadlineSeconds, retryPeriodSeconds } = options;
  return {
    ...(leaseDurationSeconds === undefined ? {} : { leaseDurationSeconds }),
    ...(renewDeadlineSeconds === undefined ? {} : { renewDeadlineSeconds }),
    ...(retryPeriodSeconds === undefined ? {} : { retryPeriodSeconds }),
  };
}
