/** What can go wrong with one HTTP request on its way to the API server and back. */
export type Fault =
  /** The connection breaks before the request reaches the server. */
  | { kind: 'refuse' }
  /** The connection breaks after the server answered, once `afterBytes` of the body got through. */
  | { kind: 'reset'; afterBytes: number }
  /** Nothing more arrives after `afterBytes`, and nobody says so. */
  | { kind: 'half-open'; afterBytes: number }
  /** Somebody in between answers instead of the server. */
  | { kind: 'status'; code: number; retryAfterSeconds?: number }
  /** The body ends in good order, but in the middle of a line. */
  | { kind: 'truncate'; afterBytes: number }
  /** Bytes of the body turn into others. */
  | { kind: 'garble'; afterBytes: number }
  /** The answer waits before it goes on. */
  | { kind: 'stall'; seconds: number }
  /** The body trickles. */
  | { kind: 'slow'; bytesPerSecond: number }
  /** A watch says that its resourceVersion is gone. */
  | { kind: 'expired-event'; afterBytes: number };

/** What a fault is chosen by. */
export interface FaultContext {
  method: string;
  path: string;
  isWatch: boolean;
}

/** Chooses the fault of a request, `undefined` for none. */
export type FaultPlan = (request: FaultContext) => Fault | undefined;

export const noFaults: FaultPlan = () => undefined;
