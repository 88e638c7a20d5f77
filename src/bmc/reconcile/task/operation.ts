import type { BmcCapability, BmcSession, CallOptions } from '../../port.ts';
import type { Attempt } from './attempt.ts';

/** What there is to decide from: what the BMC tells now, and what was sent to it before. */
export interface Facts<Reading> {
  readonly reading: Reading;
  readonly attempt: Attempt | undefined;
  /** Since the attempt. */
  readonly sinceSeconds: number;
}

/**
 * - `done`, `fail`: the end.
 * - `send`: nothing was sent, or it may be sent again.
 * - `taken`: what is read proves that what was sent arrived; that is worth keeping.
 * - `wait`: look again.
 */
export type Verdict =
  | { readonly type: 'done' | 'fail'; readonly message: string }
  | { readonly type: 'send' | 'taken' | 'wait' };

/** One kind of action on a BMC: how to do it, how to see whether it is done, and what follows from what is seen. */
export interface Operation<Reading = unknown> {
  /** Completes "asked to …". */
  readonly what: string;
  readonly needs: BmcCapability;
  /** True when the BMC's word has to be kept because sending again would do harm, or would do it twice. */
  readonly onceOnly: boolean;
  /** True when what may have been sent is given time to show before it is sent again. */
  readonly lags: boolean;
  read(session: BmcSession, call: CallOptions): Promise<Reading>;
  send(session: BmcSession, call: CallOptions): Promise<void>;
  /** What is read, as half a sentence: `its power reads off`. */
  describe(reading: Reading): string;
  /** What is kept of the reading before something is sent. */
  remember(reading: Reading): string;
  decide(facts: Facts<Reading>): Verdict;
}
