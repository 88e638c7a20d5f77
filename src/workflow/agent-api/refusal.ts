/**
 * The gRPC statuses we answer with. Agents take `NotFound` and `FailedPrecondition` as "no work for now" when they ask, and
 * as "never report this again" when they report, as they do `InvalidArgument`; after all others they come again.
 */
export type RefusalCode =
  | 'InvalidArgument'
  | 'NotFound'
  | 'FailedPrecondition'
  | 'ResourceExhausted'
  | 'Unavailable'
  | 'Internal';

/** Why a call gets no better answer. */
export interface Refusal {
  readonly code: RefusalCode;
  /** For people; never holds values of an environment. */
  readonly reason: string;
}
