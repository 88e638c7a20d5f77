import type { CallOptions } from '../../port.ts';

/** How requests prove who they come from. */
export interface Authentication {
  headers(): Readonly<Record<string, string>>;
  /**
   * After a 401: logs in anew, if that can help. `false` means that it cannot: the credentials are wrong, and trying
   * them again locks the account on some BMCs.
   */
  renew(call: CallOptions): Promise<boolean>;
  /** Logs out. Never fails. */
  close(call: CallOptions): Promise<void>;
}
