import type { BmcErrorKind } from '../../bmc-error.ts';
import type { BmcSettings } from '../settings.ts';
import type { Purpose } from './line.ts';

/** A row of failures of one login at one BMC, without a success in between. */
export interface Trouble {
  readonly kind: BmcErrorKind;
  /** What the last failure was about. */
  readonly cause: string;
  readonly failures: number;
  /** Wall clock, in milliseconds: of the first and the last failure. */
  readonly sinceMs: number;
  readonly lastMs: number;
  /** How long the BMC itself asked to wait. */
  readonly retryAfterSeconds: number;
}

/** Kinds that end with the call: the BMC answered, and would answer the same again. */
export function isAnswer(kind: BmcErrorKind): boolean {
  return kind === 'rejected' || kind === 'unsupported';
}

/** The circuit breaker: when a BMC in trouble may be tried again, wall clock in milliseconds. Pure. */
export function nextTryMs(trouble: Trouble, purpose: Purpose, settings: BmcSettings): number {
  const seconds = Math.max(delaySeconds(trouble, purpose, settings), trouble.retryAfterSeconds);
  return trouble.lastMs + seconds * 1000;
}

/** True when the BMC is left alone, rather than just tried again. */
export function isLeftAlone({ kind, failures }: Trouble, settings: BmcSettings): boolean {
  return kind === 'unauthorized' || failures >= settings.breakerThreshold;
}

function delaySeconds({ kind, failures }: Trouble, purpose: Purpose, settings: BmcSettings): number {
  // Every further attempt brings the account closer to being locked, whoever makes it.
  if (kind === 'unauthorized') return growing(settings.refusedSeconds, failures - 1, settings.refusedMaxSeconds);
  const { breakerThreshold, retrySeconds, breakerSeconds, breakerMaxSeconds, breakerTaskMaxSeconds } = settings;
  if (failures < breakerThreshold) return growing(retrySeconds, failures - 1, breakerMaxSeconds);
  const most = purpose === 'task' ? Math.min(breakerTaskMaxSeconds, breakerMaxSeconds) : breakerMaxSeconds;
  return growing(breakerSeconds, failures - breakerThreshold, most);
}

function growing(seconds: number, doublings: number, most: number): number {
  return Math.min(most, seconds * 2 ** Math.min(doublings, 30));
}
