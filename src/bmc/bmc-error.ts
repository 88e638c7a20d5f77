/**
 * Why a call to a BMC failed, in the few kinds that make a difference to what happens next.
 *
 * - `unreachable`: no answer in time, connection refused or lost. Try again later; nobody knows whether it acted.
 * - `unauthorized`: wrong user name or password, or no privilege. Trying again locks the account on some BMCs.
 * - `unsupported`: this BMC, or this protocol, cannot do that. Never try again.
 * - `busy`: the BMC asks to wait.
 * - `rejected`: the BMC understood and refused.
 * - `protocol`: the answer makes no sense.
 */
export type BmcErrorKind = 'unreachable' | 'unauthorized' | 'unsupported' | 'busy' | 'rejected' | 'protocol';

/** A failed call to a BMC. Its text names the BMC and the action, never a password. */
export class BmcError extends Error {
  override readonly name = 'BmcError';
  readonly kind: BmcErrorKind;
  /** How long the BMC asks to wait. */
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: BmcErrorKind, message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
