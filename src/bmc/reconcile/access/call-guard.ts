import { messageOf } from '../../../api/errors/capt-error.ts';
import type { Clock } from '../../../api/time/clock.ts';
import { Deadline } from '../../../kube/client/deadline.ts';
import { BmcError } from '../../bmc-error.ts';
import type { BmcCredentials, CallOptions } from '../../port.ts';
import { type BmcCall, publishCall } from '../../telemetry/channels.ts';
import { redact } from './redact.ts';

/**
 * Stands between us and a driver: every call ends in time, even in a driver that does not hear an abort, and whatever
 * is thrown comes out as a BmcError without a password in it.
 */
export class CallGuard {
  readonly #clock: Clock;
  readonly #credentials: BmcCredentials;
  readonly #peer: Pick<BmcCall, 'bmc' | 'provider'>;

  constructor(clock: Clock, credentials: BmcCredentials, peer: Pick<BmcCall, 'bmc' | 'provider'>) {
    this.#clock = clock;
    this.#credentials = credentials;
    this.#peer = peer;
  }

  /**
   * @param late told of a result that came after all when nobody waited any more
   * @throws BmcError; the reason of `signal` when that aborts
   */
  async run<T>(
    what: string,
    seconds: number,
    signal: AbortSignal,
    call: (options: CallOptions) => Promise<T>,
    late: (result: T) => unknown = () => undefined,
  ): Promise<T> {
    using deadline = new Deadline(signal, seconds, this.#clock);
    let over = false;
    const working = (async () => call({ signal: deadline.signal }))();
    working.then((result) => over && late(result)).catch(() => undefined);
    const startedMs = this.#clock.monotonic();
    const tell = (outcome: BmcCall['outcome'], message?: string) => {
      const took = (this.#clock.monotonic() - startedMs) / 1000;
      publishCall({ ...this.#peer, call: what, seconds: took, outcome, ...(message ? { message } : {}) });
    };
    try {
      const result = await Promise.race([working, abortOf(deadline.signal)]);
      tell('ok');
      return result;
    } catch (error) {
      over = true;
      if (signal.aborted) {
        tell('stopped');
        throw signal.reason;
      }
      const failure = deadline.signal.aborted
        ? new BmcError('unreachable', `no answer to "${what}" within ${round(seconds)} s`)
        : this.#clean(error);
      tell(failure.kind, failure.message);
      throw failure;
    }
  }

  /** A new error without a cause: nobody knows what is in the old one. */
  #clean(error: unknown): BmcError {
    const message = redact(messageOf(error), this.#credentials);
    if (!(error instanceof BmcError)) return new BmcError('protocol', message);
    const { kind, retryAfterSeconds } = error;
    return new BmcError(kind, message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
