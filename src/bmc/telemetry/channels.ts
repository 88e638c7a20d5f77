import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { BmcErrorKind } from '../bmc-error.ts';

/** One call to a BMC ended. */
export interface BmcCall {
  /** Host of the BMC. */
  readonly bmc: string;
  readonly provider: string;
  /** `open a session`, `power state`, `power on`, … */
  readonly call: string;
  readonly seconds: number;
  readonly outcome: 'ok' | 'stopped' | BmcErrorKind;
  /** What went wrong; free of passwords. */
  readonly message?: string;
}

/** No way to a BMC led to an answer; it is tried again at `nextTry` (RFC 3339). */
export interface BmcTrouble {
  readonly bmc: string;
  readonly kind: BmcErrorKind;
  readonly message: string;
  readonly failures: number;
  readonly nextTry: string;
}

/** Names of the diagnostics channels on which the above are published. */
export const bmcCallChannel = 'capt.bmc.call';
export const bmcTroubleChannel = 'capt.bmc.trouble';

const calls = channel(bmcCallChannel);
const troubles = channel(bmcTroubleChannel);

export function publishCall(call: BmcCall): void {
  if (calls.hasSubscribers) calls.publish(call);
}

export function publishTrouble(trouble: BmcTrouble): void {
  if (troubles.hasSubscribers) troubles.publish(trouble);
}

/** @returns the way to stop listening */
export function onCall(listener: (call: BmcCall) => void): () => void {
  return listen(bmcCallChannel, listener);
}

/** @returns the way to stop listening */
export function onTrouble(listener: (trouble: BmcTrouble) => void): () => void {
  return listen(bmcTroubleChannel, listener);
}

function listen<T>(name: string, listener: (message: T) => void): () => void {
  const onMessage = (message: unknown) => listener(message as T);
  subscribe(name, onMessage);
  return () => unsubscribe(name, onMessage);
}
